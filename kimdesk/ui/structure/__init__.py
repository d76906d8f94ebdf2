"""Strukturmeldungen: what stands in the way of many, on its way up the ladder.

The page is imported by its module: the case file only needs `kimdesk.ui.structure.request`.
"""
