"""The command line: what an administrator or a test needs, without a window.

Exit codes: 0 done, 1 a known error (one line on stderr), 2 wrong use of the command line.
"""

from __future__ import annotations

import sys

import click

from kimdesk.foundation.errors import KnownError
from kimdesk.foundation.preferences import load_preferences
from kimdesk.i18n import install, render_error

__all__ = ["main"]


def main() -> None:
    """Run the program and exit the process with the code of the command."""
    install(load_preferences().language)
    from kimdesk.cli.main import cli  # its help texts are translated when it is imported

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = cli.main(prog_name="kimdesk", standalone_mode=False)
    except KnownError as error:
        click.echo(render_error(error), err=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.exceptions.Abort:
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()  # the reader went away; Python's own complaint at exit would be noise
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)
