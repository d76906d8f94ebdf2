"""Handouts: fonts, text layout (bidi, shaping), one module per document -> PDF bytes.

`catalogue` and `languages` are cheap to import; the documents themselves bring ReportLab and are imported when the
first one is printed.
"""
