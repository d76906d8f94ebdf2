"""What the rules of case work refuse, each in one sentence that says what to do."""

from __future__ import annotations

from kimdesk.foundation.errors import N_, KnownError


class RuleBroken(KnownError):
    """A rule of case work does not allow this step yet. `field_name` names the form field to look at."""

    def __init__(self, message: str, *, field_name: str = "", **parameters: object) -> None:
        self.field_name = field_name
        super().__init__(message, **parameters)


class CaseNotFound(KnownError):
    """The case is not in this vault."""

    default_message = N_("Dieser Fall ist in diesem Tresor nicht vorhanden. Bitte wählen Sie ihn in der Liste neu aus.")


class CaseClosed(KnownError):
    """A closed case takes no changes."""

    default_message = N_("Der Fall ist abgeschlossen. Bitte nehmen Sie ihn wieder auf, bevor Sie etwas ändern.")
