"""Alembic's scripts. They are run from inside the program on the encrypted connection (`kimdesk.storage.schema`)."""
