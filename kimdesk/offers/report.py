"""What an import did, record by record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kimdesk.offers.model import Offer


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that was left out. `record` names it in its source, `reason` is a German sentence with ``{name}``
    places that `parameters` fill."""

    record: str
    reason: str
    parameters: tuple[tuple[str, str], ...] = ()

    def sentence(self) -> str:
        """Return the reason in German with its places filled."""
        return self.reason.format_map(dict(self.parameters))


@dataclass(frozen=True, slots=True)
class ReadResult:
    """Everything a reader found in one file: offers, the names of empty records, refusals, and notices about records
    that were taken without a part of them."""

    offers: tuple[Offer, ...]
    empty: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    notices: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Counts of an import. An offer that gains or changes a translation counts as changed; `missing` ones are known
    here and no longer in the file, `removed` of them left the directory."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    empty: int = 0
    refused: tuple[Refusal, ...] = ()
    notices: tuple[Refusal, ...] = ()
    removed: int = 0
    missing: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the form scripts rely on (DESIGN.md, "Command line").

        Notices, and how many offers were not in the file, stand there only where there are any.
        """
        form: dict[str, Any] = {
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "empty": self.empty,
            "refused": [{"record": one.record, "reason": one.sentence()} for one in self.refused],
        }
        if self.notices:
            form["notices"] = [{"record": one.record, "reason": one.sentence()} for one in self.notices]
        if self.missing:
            form |= {"missing": self.missing, "removed": self.removed}
        return form
