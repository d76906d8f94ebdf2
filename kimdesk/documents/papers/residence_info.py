"""Residence information in plain language: from toleration to a residence permit.

Facts from §§ 12a, 25a, 25b and 104c AufenthG as of 29.04.2026; the end of new grants under § 104c from DOMAIN.md § 8.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from kimdesk.documents import style
from kimdesk.documents.catalogue import RESIDENCE_INFO, DocumentKind
from kimdesk.documents.marks import H_, Counted, Words, said
from kimdesk.documents.papers import common
from kimdesk.documents.sheet import LocalText, Sheet

LAW_AS_OF = date(2026, 4, 29)
AMENDED_ON = date(2026, 6, 12)

_TITLE = H_("Bleiben in Deutschland: Welche Wege gibt es?")
_LEAD = H_("Dieses Blatt erklärt Wege von der Duldung zu einer Aufenthaltserlaubnis.")
NO_ADVICE = H_("Das Blatt gibt einen Überblick und ersetzt keine Rechtsberatung.")
_AUTHORITY_DECIDES = H_("Über Ihren Antrag entscheidet die Ausländerbehörde.")
LAW_STATE = H_("Rechtsstand dieser Information: {date}.")
LAW_CHANGED = H_(
    "Am {date} ist eine Gesetzesänderung in Kraft getreten, die hier noch nicht enthalten ist. Bitte fragen Sie uns, "
    "was jetzt gilt."
)
# Übersetzung: Heading above a list of conditions that all have to be met.
_CONDITIONS = H_("In der Regel müssen alle diese Punkte erfüllt sein:")

_YOUNG = H_("1. Für junge Menschen (§ 25a AufenthG)")
_YOUNG_LIST = (
    H_(
        "Sie haben seit mindestens 12 Monaten eine Duldung, oder Sie haben eine Aufenthaltserlaubnis nach § 104c "
        "AufenthG."
    ),
    H_("Sie leben seit 3 Jahren ohne Unterbrechung erlaubt, geduldet oder mit Aufenthaltsgestattung in Deutschland."),
    H_(
        "Sie gehen in der Regel seit 3 Jahren erfolgreich zur Schule oder haben einen anerkannten Schul- oder "
        "Berufsabschluss."
    ),
    H_("Sie stellen den Antrag vor Ihrem 27. Geburtstag."),
    H_("Es ist zu erwarten, dass Sie sich in das Leben in Deutschland einfügen."),
    H_("Nichts spricht dafür, dass Sie die freiheitliche demokratische Grundordnung ablehnen."),
)
_YOUNG_BENEFITS = H_(
    "Sind Sie in Schule, Ausbildung oder Studium? Dann ist es kein Hindernis, wenn Sie Leistungen vom Amt bekommen."
)
_DECEPTION = H_(
    "Wer über seine Identität oder Staatsangehörigkeit täuscht, absichtlich falsche Angaben macht oder zumutbare "
    "Mitwirkung verweigert und deshalb nicht abgeschoben werden kann, bekommt diese Aufenthaltserlaubnis nicht."
)
_FAMILY = H_("Auch Eltern, Ehepartner und Kinder können unter Bedingungen eine Aufenthaltserlaubnis bekommen.")

_SETTLED = H_("2. Bei nachhaltiger Integration (§ 25b AufenthG)")
_SETTLED_LIST = (
    H_("Sie haben eine Duldung oder eine Aufenthaltserlaubnis nach § 104c AufenthG."),
    H_(
        "Sie leben seit mindestens 6 Jahren ohne Unterbrechung geduldet, gestattet oder mit Aufenthaltserlaubnis in "
        "Deutschland. Wohnen Sie mit einem minderjährigen ledigen Kind zusammen, reichen 4 Jahre."
    ),
    H_(
        "Sie verdienen Ihren Lebensunterhalt überwiegend durch Arbeit, oder es ist zu erwarten, dass Sie ihn sichern "
        "werden."
    ),
    H_("Sie sprechen Deutsch mindestens auf dem Niveau A2."),
    H_(
        "Sie bekennen sich zur freiheitlichen demokratischen Grundordnung und kennen die Grundzüge von Recht, "
        "Gesellschaft und Leben in Deutschland."
    ),
    H_("Sie weisen nach, dass Ihre schulpflichtigen Kinder zur Schule gehen."),
)
_SETTLED_EXCEPTIONS = H_("Bei Krankheit, Behinderung oder hohem Alter gibt es Ausnahmen bei Arbeit und Sprache.")
_SETTLED_DURATION = H_("Die Aufenthaltserlaubnis gilt höchstens 2 Jahre. Sie kann verlängert werden.")

_CHANCE = H_("3. Sie haben eine Chancen-Aufenthaltserlaubnis (§ 104c AufenthG)?")
_CHANCE_LIST = (
    H_("Sie gilt bis zu dem Datum, das darauf steht. Neue werden nicht mehr erteilt."),
    H_("Danach ist nur eine Aufenthaltserlaubnis nach § 25a oder § 25b AufenthG möglich."),
    H_("Stellen Sie den Antrag, bevor Ihre Erlaubnis abläuft."),
)
_COME_EARLY = H_("Kommen Sie spätestens {time} vor dem Ablauf zu uns.")

_NOW = H_("Das können Sie jetzt tun")
_NOW_LIST = (
    H_("Klären Sie Ihre Identität: Pass, Personalausweis, Geburtsurkunde, Heiratsurkunde."),
    H_("Sammeln Sie Nachweise: Schule, Ausbildung, Arbeit, Sprache, Ehrenamt."),
    H_("Lassen Sie sich beraten, bevor Sie einen Antrag stellen."),
    H_(
        "Sie wollen umziehen? Fragen Sie vorher, ob Sie in einem bestimmten Ort oder Land wohnen müssen (§ 12a "
        "AufenthG)."
    ),
)


@dataclass(frozen=True)
class ResidenceInfo:
    """General information; it names no person. `about` is the office's own paragraph by language."""

    KIND: ClassVar[DocumentKind] = RESIDENCE_INFO
    contact: str = ""
    about: LocalText = field(default_factory=dict)
    months_before_expiry: int = 6

    @property
    def heading(self) -> Words:
        return _TITLE

    def write(self, sheet: Sheet) -> None:
        sheet.title(_TITLE)
        sheet.lead(_LEAD)
        law_notice(sheet, _AUTHORITY_DECIDES)
        sheet.heading(_YOUNG)
        sheet.text(_CONDITIONS)
        sheet.bullets(*_YOUNG_LIST)
        sheet.text(_YOUNG_BENEFITS)
        sheet.heading(_SETTLED)
        sheet.text(_CONDITIONS)
        sheet.bullets(*_SETTLED_LIST)
        sheet.text(_SETTLED_EXCEPTIONS)
        sheet.text(_SETTLED_DURATION)
        sheet.text(_FAMILY)
        sheet.text(_DECEPTION)
        sheet.heading(_CHANCE)
        sheet.bullets(*_CHANCE_LIST, said(_COME_EARLY, time=Counted(common.MONTHS, self.months_before_expiry)))
        sheet.heading(_NOW)
        sheet.bullets(*_NOW_LIST)
        sheet.entered(self.about)
        contact_panel(sheet, self.contact)


def law_notice(sheet: Sheet, who_decides: Words) -> None:
    """Write what the information is not, who decides, and of which day the law is."""
    with sheet.panel(colour=style.AMBER, fill=style.AMBER_SOFT):
        sheet.text(NO_ADVICE)
        sheet.text(who_decides, bold=True)
        sheet.text(said(LAW_STATE, date=LAW_AS_OF))
        sheet.text(said(LAW_CHANGED, date=AMENDED_ON), after=0)


def contact_panel(sheet: Sheet, contact: str) -> None:
    """Write who to ask."""
    if contact.strip():
        sheet.gap(6)
        with sheet.panel():
            sheet.text(common.CONTACT, bold=True, size=style.LABEL, colour=style.TEAL, after=1)
            sheet.typed(contact, 12)
