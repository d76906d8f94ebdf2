from collections.abc import Callable, Sequence
from typing import IO

from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfdoc import PDFDocument

class Canvas:
    _doc: PDFDocument
    _code: list[str]
    def __init__(
        self,
        filename: IO[bytes],
        pagesize: tuple[float, float] = ...,
        *,
        pageCompression: int | None = None,  # noqa: N803
        invariant: int | None = None,
        pdfVersion: tuple[int, int] | None = None,  # noqa: N803
        lang: str | None = None,
        initialFontName: str | None = None,  # noqa: N803
    ) -> None: ...
    def setTitle(self, title: str) -> None: ...  # noqa: N802
    def setAuthor(self, author: str) -> None: ...  # noqa: N802
    def setSubject(self, subject: str) -> None: ...  # noqa: N802
    def setCreator(self, creator: str) -> None: ...  # noqa: N802
    def setProducer(self, producer: str) -> None: ...  # noqa: N802
    def setKeywords(self, keywords: str) -> None: ...  # noqa: N802
    def setDateFormatter(self, formatter: Callable[..., str]) -> None: ...  # noqa: N802
    def setViewerPreference(self, pref: str, value: str) -> None: ...  # noqa: N802
    def setFillColorRGB(self, r: float, g: float, b: float) -> None: ...  # noqa: N802
    def setStrokeColorRGB(self, r: float, g: float, b: float) -> None: ...  # noqa: N802
    def setLineWidth(self, width: float) -> None: ...  # noqa: N802
    def line(self, x1: float, y1: float, x2: float, y2: float) -> None: ...
    def rect(self, x: float, y: float, width: float, height: float, stroke: int = 1, fill: int = 0) -> None: ...
    def circle(self, x_cen: float, y_cen: float, r: float, stroke: int = 1, fill: int = 0) -> None: ...
    def drawImage(  # noqa: N802
        self,
        image: ImageReader,
        x: float,
        y: float,
        width: float | None = None,
        height: float | None = None,
        mask: str | Sequence[int] | None = None,
    ) -> tuple[float, float]: ...
    def linkURL(  # noqa: N802
        self, url: str, rect: tuple[float, float, float, float], relative: int = 0, thickness: float = 0
    ) -> None: ...
    def bookmarkPage(  # noqa: N802
        self,
        key: str,
        fit: str = "Fit",
        left: float | None = None,
        top: float | None = None,
        bottom: float | None = None,
        right: float | None = None,
        zoom: float | None = None,
    ) -> None: ...
    def addOutlineEntry(  # noqa: N802
        self, title: str, key: str, level: int = 0, closed: bool | None = None
    ) -> None: ...
    def saveState(self) -> None: ...  # noqa: N802
    def restoreState(self) -> None: ...  # noqa: N802
    def translate(self, dx: float, dy: float) -> None: ...
    def showPage(self) -> None: ...  # noqa: N802
    def save(self) -> None: ...
