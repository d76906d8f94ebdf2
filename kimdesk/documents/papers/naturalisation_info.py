"""Naturalisation information in plain language. Facts from §§ 9, 10, 12a, 34 and 35a StAG as of 29.04.2026."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from kimdesk.documents.catalogue import NATURALISATION_INFO, DocumentKind
from kimdesk.documents.marks import H_, Words
from kimdesk.documents.papers.residence_info import contact_panel, law_notice
from kimdesk.documents.sheet import LocalText, Sheet

_TITLE = H_("Deutsche Staatsangehörigkeit: So geht Einbürgerung")
_LEAD = H_(
    "Mit der Einbürgerung werden Sie deutsche Staatsbürgerin oder deutscher Staatsbürger, mit allen Rechten und "
    "Pflichten."
)
_AUTHORITY_DECIDES = H_("Über Ihren Antrag entscheidet die Einbürgerungsbehörde.")
_CONDITIONS = H_("Das brauchen Sie in der Regel (§ 10 StAG)")
_LIST = (
    H_("Sie leben seit 5 Jahren rechtmäßig in Deutschland."),
    H_("Ihre Identität und Ihre Staatsangehörigkeit sind geklärt."),
    H_(
        "Sie haben ein unbefristetes Aufenthaltsrecht, eine Blaue Karte EU oder eine Aufenthaltserlaubnis, mit der "
        "Einbürgerung möglich ist. Welche das sind, sagen wir Ihnen."
    ),
    H_("Sie sichern den Lebensunterhalt für sich und Ihre Familie ohne Leistungen nach dem SGB II oder SGB XII."),
    H_("Sie sprechen Deutsch auf dem Niveau B1."),
    H_("Sie kennen Recht, Gesellschaft und Leben in Deutschland, zum Beispiel durch den Einbürgerungstest."),
    H_("Sie bekennen sich zur freiheitlichen demokratischen Grundordnung."),
    H_(
        "Sie bekennen sich zur besonderen Verantwortung Deutschlands für die Verbrechen des Nationalsozialismus, zum "
        "Schutz jüdischen Lebens, zum friedlichen Zusammenleben der Völker und zum Verbot des Angriffskrieges."
    ),
    H_(
        "Sie sind nicht wegen einer Straftat verurteilt. Kleine Strafen zählen meistens nicht. Strafen für "
        "rassistische "
        "oder antisemitische Taten zählen immer."
    ),
)
_GOOD = H_("Gut zu wissen")
_GOOD_LIST = (
    H_("Ihre bisherige Staatsangehörigkeit müssen Sie nach deutschem Recht nicht aufgeben."),
    H_("Ehepartner und minderjährige Kinder können mit eingebürgert werden, auch wenn sie kürzer hier leben."),
    H_(
        "Sind Sie mit einer deutschen Person verheiratet? Dann reichen oft 3 Jahre Aufenthalt und 2 Jahre Ehe (§ 9 "
        "StAG)."
    ),
    H_("Den Antrag können Sie ab 16 Jahren selbst stellen."),
    H_("Ausnahmen gibt es zum Beispiel bei langer Arbeit in Vollzeit, Krankheit, Behinderung oder hohem Alter."),
    H_(
        "Geben Sie alles richtig und vollständig an, auch Strafen und Verfahren im Ausland. Absichtlich falsche "
        "Angaben "
        "schließen eine Einbürgerung für 10 Jahre aus (§ 35a StAG)."
    ),
)
_STEPS = H_("Ihre Schritte")
_STEP_LIST = (
    H_("Sprechen Sie mit uns: Wir gehen die Liste mit Ihnen durch."),
    H_(
        "Sammeln Sie die Nachweise: Pass, Urkunden, Aufenthaltstitel, Lohnabrechnungen, Sprachzertifikat, "
        "Einbürgerungstest."
    ),
    H_("Stellen Sie den Antrag bei der Einbürgerungsbehörde. Das Verfahren kann lange dauern und kostet Gebühren."),
)


@dataclass(frozen=True)
class NaturalisationInfo:
    """General information; it names no person. `about` is the office's own paragraph by language."""

    KIND: ClassVar[DocumentKind] = NATURALISATION_INFO
    contact: str = ""
    about: LocalText = field(default_factory=dict)

    @property
    def heading(self) -> Words:
        return _TITLE

    def write(self, sheet: Sheet) -> None:
        sheet.title(_TITLE)
        sheet.lead(_LEAD)
        law_notice(sheet, _AUTHORITY_DECIDES)
        sheet.heading(_CONDITIONS)
        sheet.bullets(*_LIST)
        sheet.heading(_GOOD)
        sheet.bullets(*_GOOD_LIST)
        sheet.heading(_STEPS)
        sheet.steps(*_STEP_LIST)
        sheet.entered(self.about)
        contact_panel(sheet, self.contact)
