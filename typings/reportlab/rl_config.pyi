useA85: int  # noqa: N816
