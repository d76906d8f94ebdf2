"""Starts the command line: ``python -m kimdesk`` and the `kimdesk` script."""

from __future__ import annotations

from kimdesk.cli import main

if __name__ == "__main__":
    main()
