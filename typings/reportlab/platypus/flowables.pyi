from reportlab.pdfgen.canvas import Canvas

class Flowable:
    canv: Canvas
    width: float
    height: float
    def __init__(self) -> None: ...
    def wrap(self, aW: float, aH: float) -> tuple[float, float]: ...  # noqa: N803
    def split(self, aW: float, aH: float) -> list[Flowable]: ...  # noqa: N803
    def draw(self) -> None: ...
    def drawOn(self, canvas: Canvas, x: float, y: float, _sW: float = 0) -> None: ...  # noqa: N802, N803
