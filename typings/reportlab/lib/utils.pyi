from typing import IO

class ImageReader:
    def __init__(self, fileName: IO[bytes]) -> None: ...  # noqa: N803
    def getRGBData(self) -> bytes: ...  # noqa: N802
    def getSize(self) -> tuple[int, int]: ...  # noqa: N802
