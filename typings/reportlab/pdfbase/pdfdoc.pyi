from collections.abc import Mapping
from typing import Any

class PDFObject: ...

class PDFDictionary(PDFObject):
    def __init__(self, dict: Mapping[str, Any] | None = None) -> None: ...
    def __setitem__(self, name: str, value: Any) -> None: ...

class PDFArray(PDFObject):
    def __init__(self, sequence: list[Any]) -> None: ...

class PDFObjectReference(PDFObject): ...

class PDFName(PDFObject):
    def __init__(self, data: str) -> None: ...

class PDFString(PDFObject):
    def __init__(self, s: str | bytes, escape: int = 1, enc: str = "auto") -> None: ...

class PDFStream(PDFObject):
    dictionary: PDFDictionary
    content: bytes | str
    filters: list[Any]
    def __init__(self, dictionary: PDFDictionary | None = None, content: bytes | str | None = None) -> None: ...

PDFZCompress: Any

class PDFDocument:
    delayedFonts: list[Any]  # noqa: N815
    idToObject: dict[str, Any]  # noqa: N815
    def Reference(self, obj: PDFObject, name: str | None = None) -> PDFObjectReference: ...  # noqa: N802
