from typing import Any

class PDFObject: ...

class PDFObjectReference(PDFObject):
    def format(self, document: PDFDocument) -> bytes: ...

class PDFDocument:
    delayedFonts: list[Any]  # noqa: N815
    idToObject: dict[str, Any]  # noqa: N815
    def Reference(self, obj: PDFObject, name: str | None = None) -> PDFObjectReference: ...  # noqa: N802
