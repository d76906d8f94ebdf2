"""What can be printed. Importing this loads neither ReportLab nor a font."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kimdesk.documents.languages import HANDOUT_LANGUAGES
from kimdesk.foundation.errors import N_, KnownError


class UnknownDocument(KnownError):
    """There is no document of this name."""

    default_message = N_("Ein Dokument „{name}“ gibt es nicht. Bitte wählen Sie eines von: {known}.")


class DocumentGroup(StrEnum):
    """Where a document stands in the lists."""

    INFORMATION = "information"
    CASE = "case"
    RIGHTS = "rights"
    COORDINATION = "coordination"


GROUP_TITLES = {
    DocumentGroup.INFORMATION: N_("Information und Willkommen"),
    DocumentGroup.CASE: N_("Aus dem Fall"),
    DocumentGroup.RIGHTS: N_("Einwilligung und Datenschutz"),
    DocumentGroup.COORDINATION: N_("Für die Koordinierende Stelle"),
}

_ALL = tuple(HANDOUT_LANGUAGES)
_OFFICE_LANGUAGES = ("de", "en")


@dataclass(frozen=True)
class DocumentKind:
    """A document by its name on the command line, its German title, and the languages it is printed in."""

    name: str
    title: str
    group: DocumentGroup
    languages: tuple[str, ...] = _ALL
    legal: bool = False
    """Whether it has legal weight: always beside German, whose text governs."""
    for_offices: bool = False
    """Whether its texts are those of the user interface: no client reads it."""
    one_page_for_all: bool = False
    """Whether all languages chosen share its pages."""


_INFORMATION, _CASE, _RIGHTS, _COORDINATION = DocumentGroup

NOTE = DocumentKind("note", N_("Freie Mitteilung"), _INFORMATION)
OFFER_SHEET = DocumentKind("offer-sheet", N_("Angebotsblatt"), _INFORMATION)
FLYER = DocumentKind("flyer", N_("Flyer"), _INFORMATION)
POSTER = DocumentKind("poster", N_("Plakat"), _INFORMATION, one_page_for_all=True)
CONTACT_SHEET = DocumentKind("contact-sheet", N_("Kontaktblatt"), _INFORMATION)
RESIDENCE_INFO = DocumentKind("residence-info", N_("Information zum Bleiberecht"), _INFORMATION)
NATURALISATION_INFO = DocumentKind("naturalisation-info", N_("Information zur Einbürgerung"), _INFORMATION)
APPOINTMENT = DocumentKind("appointment", N_("Terminzettel"), _CASE)
BRING_LIST = DocumentKind("bring-list", N_("Unterlagen zum Mitbringen"), _CASE)
GOAL_AGREEMENT = DocumentKind("goal-agreement", N_("Zielvereinbarung"), _CASE, legal=True)
INTEGRATION_PLAN = DocumentKind("integration-plan", N_("Integrationsplan"), _CASE)
ROUTING_SLIP = DocumentKind("routing-slip", N_("Laufzettel"), _CASE)
REFERRAL = DocumentKind("referral", N_("Fallverweis und Übergabe"), _CASE)
CONFERENCE_INVITATION = DocumentKind("conference-invitation", N_("Einladung zur Fallkonferenz"), _CASE)
CONFERENCE_MINUTES = DocumentKind("conference-minutes", N_("Protokoll der Fallkonferenz"), _CASE)
CONSENT = DocumentKind("consent", N_("Einwilligung"), _RIGHTS, legal=True)
RELEASE = DocumentKind("release", N_("Schweigepflichtentbindung"), _RIGHTS, legal=True)
WITHDRAWAL = DocumentKind("withdrawal", N_("Widerruf"), _RIGHTS, legal=True)
PRIVACY_NOTICE = DocumentKind("privacy-notice", N_("Information zum Datenschutz (Art. 13 DSGVO)"), _RIGHTS)
ACCESS_ANSWER = DocumentKind("access-answer", N_("Auskunft (Art. 15 DSGVO)"), _RIGHTS)
INDICATOR_REPORT = DocumentKind(
    "indicator-report", N_("Kennzahlenbericht"), _COORDINATION, _OFFICE_LANGUAGES, for_offices=True
)
STRUCTURAL_ISSUE = DocumentKind(
    "structural-issue", N_("Strukturmeldung"), _COORDINATION, _OFFICE_LANGUAGES, for_offices=True
)

DOCUMENTS: dict[str, DocumentKind] = {
    kind.name: kind
    for kind in (
        OFFER_SHEET,
        NOTE,
        FLYER,
        POSTER,
        CONTACT_SHEET,
        RESIDENCE_INFO,
        NATURALISATION_INFO,
        APPOINTMENT,
        BRING_LIST,
        GOAL_AGREEMENT,
        INTEGRATION_PLAN,
        ROUTING_SLIP,
        REFERRAL,
        CONFERENCE_INVITATION,
        CONFERENCE_MINUTES,
        CONSENT,
        RELEASE,
        WITHDRAWAL,
        PRIVACY_NOTICE,
        ACCESS_ANSWER,
        INDICATOR_REPORT,
        STRUCTURAL_ISSUE,
    )
}


def document_kind(name: str) -> DocumentKind:
    """Return the document with this name. Raises `UnknownDocument`."""
    try:
        return DOCUMENTS[name]
    except KeyError:
        raise UnknownDocument(name=name, known=", ".join(DOCUMENTS)) from None
