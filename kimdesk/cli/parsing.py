"""How the command line speaks: German help pages, and one sentence for wrong use instead of click's English."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import click

from kimdesk.foundation.errors import N_
from kimdesk.i18n import _

_HEADINGS = {"Options": N_("Angaben"), "Commands": N_("Befehle")}
_VALUES = {
    "DIRECTORY": N_("ORDNER"),
    "FILE": N_("DATEI"),
    "INTEGER RANGE": N_("ZAHL"),
    "TEXT": N_("TEXT"),
    "UUID": N_("KENNUNG"),
}
_VALUE = re.compile(rf" ({'|'.join(_VALUES)})$")
_REQUIRED = re.compile(r"(?<=[\[ ])required\]$")
_DEFAULT = re.compile(r"\[default: ")
_RANGE = re.compile(r"(\d+)<=x<=(\d+)")


class _Formatter(click.HelpFormatter):
    """Writes the words that click itself puts on a help page in the language of the program."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix=_("Aufruf:") + " ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(_(_HEADINGS[heading]) if heading in _HEADINGS else heading)

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(_left(left), _right(right)) for left, right in rows], col_max, col_spacing)


def _left(text: str) -> str:
    return _VALUE.sub(lambda found: f" {_(_VALUES[found[1]])}", text)


def _right(text: str) -> str:
    text = _REQUIRED.sub(lambda _found: _("nötig") + "]", text)
    text = _RANGE.sub(r"\1–\2", text)
    return _DEFAULT.sub(lambda _found: "[" + _("Vorgabe") + ": ", text)


class _Context(click.Context):
    formatter_class = _Formatter


class Command(click.Command):
    """A command with a German help page."""

    context_class = _Context

    def __init__(self, *args: Any, **keywords: Any) -> None:
        keywords.setdefault("options_metavar", _("[ANGABEN]"))
        super().__init__(*args, **keywords)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return _in_german(super().get_help_option(ctx))


class Group(click.Group):
    """A group of commands with German help pages."""

    context_class = _Context
    command_class = Command

    def __init__(self, *args: Any, **keywords: Any) -> None:
        keywords.setdefault("options_metavar", _("[ANGABEN]"))
        keywords.setdefault("subcommand_metavar", _("BEFEHL …"))
        super().__init__(*args, **keywords)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return _in_german(super().get_help_option(ctx))


def _in_german(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.help = _("Zeigt diese Hilfe.")
    return option


def usage_sentence(error: click.UsageError) -> str:
    """Return what was wrong with the call and where the help is, in one line."""
    path = "kimdesk" if error.ctx is None else error.ctx.command_path
    return _problem(error) + " " + _("„{path} --help“ erklärt den Befehl.").format(path=path)


def _problem(error: click.UsageError) -> str:
    match error:
        case click.NoSuchCommand():
            return _("Den Befehl „{name}“ gibt es nicht.").format(name=error.command_name)
        case click.NoSuchOption():
            return _("Die Angabe {name} gibt es hier nicht.").format(name=error.option_name)
        case click.MissingParameter():
            return _("Es fehlt die Angabe {name}.").format(name=_name(error.param))
        case click.BadParameter():
            return " ".join(
                part
                for part in (_("Die Angabe {name} passt nicht.").format(name=_name(error.param)), _wanted(error.param))
                if part
            )
        case click.BadOptionUsage():
            return _("Zur Angabe {name} fehlt der Wert.").format(name=error.option_name)
        case _:
            return _("Das sind zu viele Angaben.")


def _name(parameter: click.Parameter | None) -> str:
    if parameter is None:
        return ""
    return max(parameter.opts, key=len) if isinstance(parameter, click.Option) else parameter.human_readable_name


def _wanted(parameter: click.Parameter | None) -> str:
    """Return what the parameter takes."""
    match None if parameter is None else parameter.type:
        case click.IntRange(min=least, max=most):
            return _("Bitte geben Sie eine ganze Zahl von {least} bis {most} an.").format(least=least, most=most)
        case click.DateTime():
            return _("Bitte geben Sie das Datum so an: 31.12.2026.")
        case click.Choice(choices=choices):
            return _("Möglich sind: {choices}.").format(choices=", ".join(str(choice) for choice in choices))
        case click.Path(dir_okay=False):
            return _("Bitte geben Sie eine Datei an, keinen Ordner.")
        case click.Path(file_okay=False):
            return _("Bitte geben Sie einen Ordner an, keine Datei.")
        case kind if kind is click.UUID:
            return _("Bitte geben Sie die Kennung so an, wie sie mit --json gezeigt wird.")
        case _:
            return ""
