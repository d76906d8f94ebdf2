"""The closed word lists of working together: notifications, releases, conferences, structural issues, checklists.

Sources: DOMAIN reference §§ 3 to 5, 8 and 9. Values are stored and travel; labels are German source texts, found by
`kimdesk.domain.vocabulary.label` like those of the other lists.
"""

from __future__ import annotations

from enum import StrEnum

from kimdesk.domain.vocabulary import name_terms
from kimdesk.foundation.errors import N_


class Complexity(StrEnum):
    """The four kinds of complexity that make a case one for level 2 (concept of the Ennepe-Ruhr-Kreis)."""

    COMPETENCES = "competences"
    STRUCTURE = "structure"
    DISADVANTAGE = "disadvantage"
    CONFLICT = "conflict"


class NotificationState(StrEnum):
    """Where a notification of a case stands."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class ConsentKind(StrEnum):
    """What a person agreed to."""

    COUNSELLING = "counselling"
    RELEASE = "release"
    PHOTO_OR_PUBLICATION = "publication"


class ConsentForm(StrEnum):
    """How consent was given."""

    WRITTEN = "written"
    ELECTRONIC = "electronic"
    SPOKEN = "spoken"


class DataCategory(StrEnum):
    """Kinds of data a release names. Health and everything else of Art. 9 GDPR has to be named on its own."""

    IDENTITY = "identity"
    CONTACT = "contact"
    HOUSEHOLD = "household"
    RESIDENCE = "residence"
    CONCERN = "concern"
    SITUATION = "situation"
    HEALTH = "health"
    PLAN = "plan"
    FINANCES = "finances"


class SharedField(StrEnum):
    """What a referral or handover form may carry, chosen field by field."""

    NAME = "name"
    DATE_OF_BIRTH = "date_of_birth"
    GENDER = "gender"
    NATIONALITY = "nationality"
    LANGUAGES = "languages"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    HOUSEHOLD = "household"
    RESIDENCE_STATUS = "residence_status"
    CONCERN = "concern"
    SITUATION = "situation"
    HEALTH = "health"
    GOALS = "goals"
    MEASURES = "measures"
    HELPERS = "helpers"
    FINANCES = "finances"


class ReferralKind(StrEnum):
    """Whether a service is asked for its part, or the lead itself is handed over."""

    REFERRAL = "referral"
    HANDOVER = "handover"


class HelperRole(StrEnum):
    """What another person or service does in the case."""

    COUNSELLING = "counselling"
    CASE_MANAGEMENT = "case_management"
    AUTHORITY = "authority"
    EDUCATION = "education"
    HEALTH = "health"
    GUARDIAN = "guardian"
    VOLUNTEER = "volunteer"
    LAWYER = "lawyer"
    OTHER = "other"


class InterpreterState(StrEnum):
    """What became of a booking."""

    BOOKED = "booked"
    CAME = "came"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


class ChildProtectionStep(StrEnum):
    """The steps of the path of § 8a SGB VIII (§ 4 KKG for those bound to secrecy)."""

    SIGNS = "signs"
    EXPERT = "expert"
    TALK_WITH_PARENTS = "talk_with_parents"
    HELP_OFFERED = "help_offered"
    YOUTH_OFFICE_INFORMED = "youth_office_informed"
    CLOSED = "closed"


class ConferenceKind(StrEnum):
    """What is sat down for."""

    CASE_CONFERENCE = "case_conference"
    HELP_PLAN_MEETING = "help_plan_meeting"
    CASE_DISCUSSION = "case_discussion"


class ConferenceLevel(StrEnum):
    """Town: the case manager invites. District: the coordinating office invites and leads."""

    TOWN = "town"
    DISTRICT = "district"


class ConferenceState(StrEnum):
    """Where a conference stands."""

    PLANNED = "planned"
    INVITED = "invited"
    HELD = "held"
    CANCELLED = "cancelled"


class Attendance(StrEnum):
    """What became of an invitation."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    CAME = "came"
    EXCUSED = "excused"
    ABSENT = "absent"


class IssueKind(StrEnum):
    """What stands in the way: a gap, a rule or practice, or something that works well and should be known."""

    OFFER_GAP = "offer_gap"
    PROCEDURE = "procedure"
    RULE = "rule"
    ACCESS = "access"
    GOOD_PRACTICE = "good_practice"


class Rung(StrEnum):
    """The ladder a structural issue climbs (concept of the Ennepe-Ruhr-Kreis)."""

    COLLECTED = "collected"
    COMMUNE_GROUP = "commune_group"
    DISTRICT_GROUP = "district_group"
    STEERING_GROUP = "steering_group"
    STATE = "state"


class IssueState(StrEnum):
    """What became of a structural issue."""

    OPEN = "open"
    ACCEPTED = "accepted"
    SOLVED = "solved"
    REJECTED = "rejected"


class ChecklistKind(StrEnum):
    """The four checklists of Baustein 3."""

    SECTION_25A = "section_25a"
    SECTION_25B = "section_25b"
    SECTION_104C = "section_104c"
    NATURALISATION = "naturalisation"


class ItemState(StrEnum):
    """What is known about an item of a checklist. There is no verdict: the authority decides."""

    STATED_MET = "stated_met"
    UNCLEAR = "unclear"
    PROOF_MISSING = "proof_missing"
    STATED_NOT_MET = "stated_not_met"


name_terms(
    (Complexity.COMPETENCES, N_("Mehrere Zuständigkeiten")),
    (Complexity.STRUCTURE, N_("Strukturelle Lücken")),
    (Complexity.DISADVANTAGE, N_("Mehrfache Benachteiligung")),
    (Complexity.CONFLICT, N_("Konflikt oder Ermessen")),
    (NotificationState.RECEIVED, N_("eingegangen")),
    (NotificationState.ACCEPTED, N_("in einen Fall übernommen")),
    (NotificationState.DECLINED, N_("nicht übernommen")),
    (ConsentKind.COUNSELLING, N_("Einwilligung in die Beratung")),
    (ConsentKind.RELEASE, N_("Schweigepflichtentbindung")),
    (ConsentKind.PHOTO_OR_PUBLICATION, N_("Einwilligung in eine Veröffentlichung")),
    (ConsentForm.WRITTEN, N_("schriftlich")),
    (ConsentForm.ELECTRONIC, N_("elektronisch")),
    (ConsentForm.SPOKEN, N_("mündlich")),
    (DataCategory.IDENTITY, N_("Angaben zur Person")),
    (DataCategory.CONTACT, N_("Anschrift und Erreichbarkeit")),
    (DataCategory.HOUSEHOLD, N_("Angaben zum Haushalt")),
    (DataCategory.RESIDENCE, N_("Aufenthaltsstatus")),
    (DataCategory.CONCERN, N_("Anliegen")),
    (DataCategory.SITUATION, N_("Lebenssituation")),
    (DataCategory.HEALTH, N_("Gesundheit (Art. 9 DSGVO)")),
    (DataCategory.PLAN, N_("Ziele und Maßnahmen")),
    (DataCategory.FINANCES, N_("Einkommen und Schulden")),
    (SharedField.NAME, N_("Name")),
    (SharedField.DATE_OF_BIRTH, N_("Geburtsdatum")),
    (SharedField.GENDER, N_("Geschlecht")),
    (SharedField.NATIONALITY, N_("Staatsangehörigkeit")),
    (SharedField.LANGUAGES, N_("Sprachen")),
    (SharedField.PHONE, N_("Telefon")),
    (SharedField.EMAIL, N_("E-Mail")),
    (SharedField.ADDRESS, N_("Anschrift")),
    (SharedField.HOUSEHOLD, N_("Personen im Haushalt")),
    (SharedField.RESIDENCE_STATUS, N_("Aufenthaltsstatus")),
    (SharedField.CONCERN, N_("Anliegen")),
    (SharedField.SITUATION, N_("Ressourcen und Bedarf")),
    (SharedField.HEALTH, N_("Gesundheit und Pflege")),
    (SharedField.GOALS, N_("Ziele")),
    (SharedField.MEASURES, N_("Maßnahmen")),
    (SharedField.HELPERS, N_("Beteiligte Stellen")),
    (SharedField.FINANCES, N_("Lebensunterhalt")),
    (ReferralKind.REFERRAL, N_("Fallverweis: Die Stelle übernimmt einen Teil")),
    (ReferralKind.HANDOVER, N_("Übergabe: Die Stelle übernimmt den Fall")),
    (HelperRole.COUNSELLING, N_("Beratungsstelle")),
    (HelperRole.CASE_MANAGEMENT, N_("Eigenes Fallmanagement (z. B. Jobcenter, Jugendamt)")),
    (HelperRole.AUTHORITY, N_("Behörde")),
    (HelperRole.EDUCATION, N_("Schule, Kita oder Kursträger")),
    (HelperRole.HEALTH, N_("Praxis, Klinik oder Pflege")),
    (HelperRole.GUARDIAN, N_("Vormund oder rechtliche Betreuung")),
    (HelperRole.VOLUNTEER, N_("Ehrenamt oder Patenschaft")),
    (HelperRole.LAWYER, N_("Anwältin oder Anwalt")),
    (HelperRole.OTHER, N_("Andere Stelle")),
    (InterpreterState.BOOKED, N_("bestellt")),
    (InterpreterState.CAME, N_("gekommen")),
    (InterpreterState.NO_SHOW, N_("nicht gekommen")),
    (InterpreterState.CANCELLED, N_("abgesagt")),
    (ChildProtectionStep.SIGNS, N_("Anhaltspunkte wahrgenommen")),
    (ChildProtectionStep.EXPERT, N_("Insoweit erfahrene Fachkraft beraten lassen")),
    (ChildProtectionStep.TALK_WITH_PARENTS, N_("Mit Eltern und Kind gesprochen")),
    (ChildProtectionStep.HELP_OFFERED, N_("Auf Hilfen hingewirkt")),
    (ChildProtectionStep.YOUTH_OFFICE_INFORMED, N_("Jugendamt informiert")),
    (ChildProtectionStep.CLOSED, N_("Verfahren abgeschlossen")),
    (ConferenceKind.CASE_CONFERENCE, N_("Fallkonferenz")),
    (ConferenceKind.HELP_PLAN_MEETING, N_("Hilfeplangespräch")),
    (ConferenceKind.CASE_DISCUSSION, N_("Fallbesprechung mit der Ausländer- oder Einbürgerungsbehörde")),
    (ConferenceLevel.TOWN, N_("in der Kommune: Fallmanagement lädt ein")),
    (ConferenceLevel.DISTRICT, N_("im Kreis: Koordinierende Stelle lädt ein und leitet")),
    (ConferenceState.PLANNED, N_("geplant")),
    (ConferenceState.INVITED, N_("eingeladen")),
    (ConferenceState.HELD, N_("durchgeführt")),
    (ConferenceState.CANCELLED, N_("abgesagt")),
    (Attendance.INVITED, N_("eingeladen")),
    (Attendance.ACCEPTED, N_("zugesagt")),
    (Attendance.CAME, N_("war da")),
    (Attendance.EXCUSED, N_("entschuldigt")),
    (Attendance.ABSENT, N_("nicht erschienen")),
    (IssueKind.OFFER_GAP, N_("Angebotslücke")),
    (IssueKind.PROCEDURE, N_("Verfahren oder Zusammenarbeit")),
    (IssueKind.RULE, N_("Rechtliche Regelung oder ihre Auslegung")),
    (IssueKind.ACCESS, N_("Zugang (Sprache, Termine, Erreichbarkeit)")),
    (IssueKind.GOOD_PRACTICE, N_("Gute Praxis")),
    (Rung.COLLECTED, N_("Gesammelt im Fallmanagement")),
    (Rung.COMMUNE_GROUP, N_("Projektgruppe der Kommune")),
    (Rung.DISTRICT_GROUP, N_("Projektgruppe des Kreises")),
    (Rung.STEERING_GROUP, N_("Lenkungsgruppe")),
    (Rung.STATE, N_("Land")),
    (IssueState.OPEN, N_("offen")),
    (IssueState.ACCEPTED, N_("angenommen")),
    (IssueState.SOLVED, N_("gelöst")),
    (IssueState.REJECTED, N_("abgelehnt")),
    (ChecklistKind.SECTION_25A, N_("Bleiberecht für gut integrierte junge Menschen (§ 25a AufenthG)")),
    (ChecklistKind.SECTION_25B, N_("Bleiberecht bei nachhaltiger Integration (§ 25b AufenthG)")),
    (ChecklistKind.SECTION_104C, N_("Chancen-Aufenthaltsrecht (§ 104c AufenthG)")),
    (ChecklistKind.NATURALISATION, N_("Einbürgerung (§ 10 StAG)")),
    (ItemState.STATED_MET, N_("laut Angaben erfüllt")),
    (ItemState.UNCLEAR, N_("unklar")),
    (ItemState.PROOF_MISSING, N_("Nachweis fehlt")),
    (ItemState.STATED_NOT_MET, N_("laut Angaben nicht erfüllt")),
)
