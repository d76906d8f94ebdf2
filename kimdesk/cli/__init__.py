"""The command line: what an administrator or a test needs, without a window.

Exit codes: 0 done, 1 a known error (one line on stderr), 2 wrong use of the command line.
"""

from __future__ import annotations

import os
import sys

import click

from kimdesk.foundation.errors import KnownError
from kimdesk.foundation.log import describe_without_values, set_up_logging
from kimdesk.foundation.preferences import load_preferences
from kimdesk.i18n import _, install, render_error

__all__ = ["main"]


def main() -> None:
    """Run the program and exit the process with the code of the command."""
    install(load_preferences().language)
    # Help texts are translated when these are imported, so they come after the language is known.
    from kimdesk.cli.main import cli
    from kimdesk.cli.parsing import usage_sentence

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a windowed program on Windows has none
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    set_up_logging(None)
    try:
        code = cli.main(prog_name="kimdesk", standalone_mode=False)
        sys.stdout.flush()
    except KnownError as error:
        _fail(render_error(error), 1)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(2)
    except click.UsageError as error:
        _fail(usage_sentence(error), 2)
    except (click.exceptions.Abort, KeyboardInterrupt):
        _fail(_("Abgebrochen."), 1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python complains when it flushes at exit
        sys.exit(1)
    except Exception as error:
        # The text of an unknown error can quote what stands in the vault; type and place are enough to find it.
        click.echo(describe_without_values(error), err=True)
        _fail(
            _("Das ist ein Fehler des Programms. Bitte melden Sie ihn mit den Zeilen darüber; sie nennen keine Daten."),
            1,
        )
    sys.exit(code if isinstance(code, int) else 0)


def _fail(sentence: str, code: int) -> None:
    click.echo(" ".join(sentence.split("\n")), err=True)
    sys.exit(code)
