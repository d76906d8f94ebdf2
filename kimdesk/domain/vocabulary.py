"""The closed word lists of the field. Values are stored and travel; labels are German source texts.

Sources: DOMAIN reference §§ 3 to 5; the access paths are those of the indicator table of product 35.02.01
(Kreis Unna, budget 35, 2024), the four intake outcomes those of the concept of the Ennepe-Ruhr-Kreis.
"""

from __future__ import annotations

from enum import StrEnum

from kimdesk.foundation.errors import N_


class AccessLevel(StrEnum):
    """How a case comes in: the person comes (1) or an actor notifies a complex case (2)."""

    SELF = "1"
    NOTIFIED = "2"


class AccessPath(StrEnum):
    """Who showed the way; no value means "ohne Angabe"."""

    FOREIGNERS_AUTHORITY = "foreigners_authority"
    SOCIAL_ADMINISTRATION = "social_administration"
    VOLUNTEERS = "volunteers"
    WELFARE_ASSOCIATIONS = "welfare_associations"
    YOUTH_WELFARE = "youth_welfare"
    JOBCENTRE_EMPLOYMENT_AGENCY = "jobcentre_employment_agency"
    SELF = "self"
    OTHER = "other"


class IntakeOutcome(StrEnum):
    """The four outcomes of an intake."""

    LITTLE_NEED = "little_need"
    SETTLED_DIRECTLY = "settled_directly"
    CASE_MANAGEMENT = "case_management"
    REFERRAL = "referral"


class ClosureReason(StrEnum):
    """Why a case ended; a closed case without a reason counts as "ohne Angabe"."""

    GOALS_REACHED = "goals_reached"
    ONE_OFF_CONSULTATION = "one_off_consultation"
    REFERRAL = "referral"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    CONTACT_LOST = "contact_lost"
    MOVED_AWAY = "moved_away"
    LEFT_GERMANY = "left_germany"
    TAKEN_OVER = "taken_over"
    DEATH = "death"
    OTHER = "other"


class Place(StrEnum):
    """Where a consultation took place."""

    OFFICE = "office"
    OUTREACH = "outreach"
    HOME = "home"
    PHONE = "phone"
    ONLINE = "online"


class Urgency(StrEnum):
    """How soon something has to be done."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    AT_ONCE = "at_once"


class Relation(StrEnum):
    """A person's place in the household, seen from the client."""

    CLIENT = "client"
    PARTNER = "partner"
    CHILD = "child"
    PARENT = "parent"
    SIBLING = "sibling"
    OTHER_RELATIVE = "other_relative"
    OTHER = "other"


class Gender(StrEnum):
    """Gender as the person states it."""

    FEMALE = "female"
    MALE = "male"
    DIVERSE = "diverse"


class ResidenceStatus(StrEnum):
    """Residence status of a person."""

    ASYLUM_PERMISSION = "asylum_permission"
    TOLERATION = "toleration"
    TRAINING_TOLERATION = "training_toleration"
    EMPLOYMENT_TOLERATION = "employment_toleration"
    RECOGNISED_REFUGEE = "recognised_refugee"
    SUBSIDIARY_PROTECTION = "subsidiary_protection"
    DEPORTATION_BAN = "deportation_ban"
    TEMPORARY_PROTECTION = "temporary_protection"
    OPPORTUNITY_RESIDENCE = "opportunity_residence"
    RIGHT_TO_STAY = "right_to_stay"
    FAMILY_REUNIFICATION = "family_reunification"
    WORK_OR_STUDY = "work_or_study"
    SETTLEMENT_PERMIT = "settlement_permit"
    EU_FREE_MOVEMENT = "eu_free_movement"
    GERMAN = "german"
    NONE = "none"
    OTHER = "other"


class ResidenceGroup(StrEnum):
    """Coarse groups of residence status, fit for anonymised tables."""

    ASYLUM_PROCEDURE = "asylum_procedure"
    TOLERATED = "tolerated"
    PROTECTED = "protected"
    OTHER_PERMIT = "other_permit"
    EU = "eu"
    GERMAN = "german"
    UNKNOWN = "unknown"


class LifeArea(StrEnum):
    """The life areas of an assessment."""

    RESIDENCE_LAW = "residence_law"
    ORIENTATION = "orientation"
    LANGUAGE = "language"
    WORK = "work"
    VOCATIONAL_TRAINING = "vocational_training"
    EDUCATION = "education"
    SCHOOL = "school"
    CHILDCARE = "childcare"
    HOUSING = "housing"
    HEALTH = "health"
    ADDICTION = "addiction"
    DEBTS = "debts"
    PREGNANCY_CONFLICT = "pregnancy_conflict"
    FAMILY = "family"
    FINANCIAL_SECURITY = "financial_security"
    SOCIAL_PARTICIPATION = "social_participation"
    CARE_DISABILITY = "care_disability"
    DISCRIMINATION = "discrimination"


class LegalDomain(StrEnum):
    """Legal domains and programmes a measure or referral belongs to."""

    SGB_II = "sgb_ii"
    SGB_III = "sgb_iii"
    SGB_V = "sgb_v"
    SGB_VIII = "sgb_viii"
    SGB_IX = "sgb_ix"
    SGB_XI = "sgb_xi"
    SGB_XII = "sgb_xii"
    ASYLBLG = "asylblg"
    AUFENTHG = "aufenthg"
    STAG = "stag"
    BAFOEG = "bafoeg"
    HOUSING_BENEFIT = "housing_benefit"
    CHILD_BENEFIT = "child_benefit"
    MBE = "mbe"
    JMD = "jmd"
    REFUGEE_COUNSELLING = "refugee_counselling"
    PARTICIPATION_MANAGEMENT = "participation_management"
    FREE = "free"


class GoalLevel(StrEnum):
    """Three levels of goals; only outcome goals have to be SMART."""

    GUIDING = "guiding"
    FRAMEWORK = "framework"
    OUTCOME = "outcome"


class GoalState(StrEnum):
    """What became of a goal."""

    OPEN = "open"
    REACHED = "reached"
    PARTLY_REACHED = "partly_reached"
    DROPPED = "dropped"


class MeasureState(StrEnum):
    """Where a measure stands."""

    PLANNED = "planned"
    REQUESTED = "requested"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Actor(StrEnum):
    """Who does something."""

    CLIENT = "client"
    CASE_MANAGER = "case_manager"
    TOGETHER = "together"
    PROVIDER = "provider"


class ReferralResult(StrEnum):
    """What became of a referral. Mere pointing elsewhere is to be avoided, so every one is followed up."""

    SENT = "sent"
    ACCEPTED = "accepted"
    NO_SHOW = "no_show"
    DECLINED = "declined"
    COMPLETED = "completed"


class ContactKind(StrEnum):
    """The kind of an entry in the running record."""

    CONVERSATION = "conversation"
    PHONE = "phone"
    HOME_VISIT = "home_visit"
    ACCOMPANIMENT = "accompaniment"
    MESSAGE = "message"
    LETTER = "letter"
    THIRD_PARTY = "third_party"
    NOTE = "note"


class ReassessmentTrigger(StrEnum):
    """Why the situation is looked at again."""

    INTERVAL = "interval"
    STATUS_CHANGE = "status_change"
    LEGAL_DOMAIN_CHANGE = "legal_domain_change"
    RELOCATION = "relocation"
    FAILED_MEASURE = "failed_measure"
    OTHER = "other"


class Phase(StrEnum):
    """The phases of case management in their order."""

    ACCESS = "access"
    INTAKE = "intake"
    ASSESSMENT = "assessment"
    GOALS = "goals"
    AGREEMENT = "agreement"
    COORDINATION = "coordination"
    MONITORING = "monitoring"
    REASSESSMENT = "reassessment"
    CLOSURE = "closure"


class PhaseStatus(StrEnum):
    """How a phase stands in one case."""

    DONE = "done"
    NOW = "now"
    OPEN = "open"
    SKIPPED = "skipped"


_LABELS: tuple[tuple[StrEnum, str], ...] = (
    (AccessLevel.SELF, N_("Ebene 1: Person kommt selbst")),
    (AccessLevel.NOTIFIED, N_("Ebene 2: Fallmeldung einer Stelle")),
    (AccessPath.FOREIGNERS_AUTHORITY, N_("Ausländerbehörde")),
    (AccessPath.SOCIAL_ADMINISTRATION, N_("Sozialverwaltung")),
    (AccessPath.VOLUNTEERS, N_("Ehrenamt/Initiativen")),
    (AccessPath.WELFARE_ASSOCIATIONS, N_("Freie Wohlfahrt (MBE/JMD u. a.)")),
    (AccessPath.YOUTH_WELFARE, N_("Jugendhilfe")),
    (AccessPath.JOBCENTRE_EMPLOYMENT_AGENCY, N_("Jobcenter/Arbeitsagentur")),
    (AccessPath.SELF, N_("eigener Zugang")),
    (AccessPath.OTHER, N_("sonstiger Zugang")),
    (IntakeOutcome.LITTLE_NEED, N_("Geringer Bedarf: informiert und registriert")),
    (IntakeOutcome.SETTLED_DIRECTLY, N_("Anliegen direkt erledigt")),
    (IntakeOutcome.CASE_MANAGEMENT, N_("Fallmanagement aufgenommen")),
    (IntakeOutcome.REFERRAL, N_("An eine Beratungsstelle verwiesen")),
    (ClosureReason.GOALS_REACHED, N_("Ziele erreicht")),
    (ClosureReason.ONE_OFF_CONSULTATION, N_("Einmalberatung")),
    (ClosureReason.REFERRAL, N_("Fallverweis an Dritte")),
    (ClosureReason.CONSENT_WITHDRAWN, N_("Einwilligung widerrufen")),
    (ClosureReason.CONTACT_LOST, N_("Kontakt abgebrochen")),
    (ClosureReason.MOVED_AWAY, N_("Weggezogen")),
    (ClosureReason.LEFT_GERMANY, N_("Ausgereist")),
    (ClosureReason.TAKEN_OVER, N_("Von anderem Fallmanagement übernommen")),
    (ClosureReason.DEATH, N_("Verstorben")),
    (ClosureReason.OTHER, N_("Anderer Grund")),
    (Place.OFFICE, N_("Büro")),
    (Place.OUTREACH, N_("Aufsuchend")),
    (Place.HOME, N_("Hausbesuch")),
    (Place.PHONE, N_("Telefon")),
    (Place.ONLINE, N_("Online")),
    (Urgency.LOW, N_("gering")),
    (Urgency.NORMAL, N_("normal")),
    (Urgency.HIGH, N_("hoch")),
    (Urgency.AT_ONCE, N_("sofort")),
    (Relation.CLIENT, N_("Klient/in")),
    (Relation.PARTNER, N_("Partner/in")),
    (Relation.CHILD, N_("Kind")),
    (Relation.PARENT, N_("Elternteil")),
    (Relation.SIBLING, N_("Geschwister")),
    (Relation.OTHER_RELATIVE, N_("Andere/r Verwandte/r")),
    (Relation.OTHER, N_("Andere Person")),
    (Gender.FEMALE, N_("weiblich")),
    (Gender.MALE, N_("männlich")),
    (Gender.DIVERSE, N_("divers")),
    (ResidenceStatus.ASYLUM_PERMISSION, N_("Aufenthaltsgestattung")),
    (ResidenceStatus.TOLERATION, N_("Duldung (§ 60a AufenthG)")),
    (ResidenceStatus.TRAINING_TOLERATION, N_("Ausbildungsduldung")),
    (ResidenceStatus.EMPLOYMENT_TOLERATION, N_("Beschäftigungsduldung")),
    (ResidenceStatus.RECOGNISED_REFUGEE, N_("Asyl oder Flüchtlingseigenschaft")),
    (ResidenceStatus.SUBSIDIARY_PROTECTION, N_("Subsidiärer Schutz")),
    (ResidenceStatus.DEPORTATION_BAN, N_("Abschiebungsverbot")),
    (ResidenceStatus.TEMPORARY_PROTECTION, N_("Vorübergehender Schutz (§ 24 AufenthG)")),
    (ResidenceStatus.OPPORTUNITY_RESIDENCE, N_("Chancen-Aufenthalt (§ 104c AufenthG)")),
    (ResidenceStatus.RIGHT_TO_STAY, N_("Bleiberecht (§§ 25a, 25b AufenthG)")),
    (ResidenceStatus.FAMILY_REUNIFICATION, N_("Familiennachzug")),
    (ResidenceStatus.WORK_OR_STUDY, N_("Arbeit, Ausbildung oder Studium")),
    (ResidenceStatus.SETTLEMENT_PERMIT, N_("Niederlassungserlaubnis")),
    (ResidenceStatus.EU_FREE_MOVEMENT, N_("EU-Freizügigkeit")),
    (ResidenceStatus.GERMAN, N_("Deutsche Staatsangehörigkeit")),
    (ResidenceStatus.NONE, N_("Ohne Aufenthaltspapiere")),
    (ResidenceStatus.OTHER, N_("Anderer Status")),
    (ResidenceGroup.ASYLUM_PROCEDURE, N_("Im Asylverfahren")),
    (ResidenceGroup.TOLERATED, N_("Geduldet")),
    (ResidenceGroup.PROTECTED, N_("Mit Schutzstatus")),
    (ResidenceGroup.OTHER_PERMIT, N_("Anderer Aufenthaltstitel")),
    (ResidenceGroup.EU, N_("EU-Freizügigkeit")),
    (ResidenceGroup.GERMAN, N_("Deutsche Staatsangehörigkeit")),
    (ResidenceGroup.UNKNOWN, N_("Ohne Angabe")),
    (LifeArea.RESIDENCE_LAW, N_("Aufenthalt")),
    (LifeArea.ORIENTATION, N_("Orientierung")),
    (LifeArea.LANGUAGE, N_("Sprache")),
    (LifeArea.WORK, N_("Arbeit")),
    (LifeArea.VOCATIONAL_TRAINING, N_("Ausbildung")),
    (LifeArea.EDUCATION, N_("Bildung und Qualifizierung")),
    (LifeArea.SCHOOL, N_("Schule")),
    (LifeArea.CHILDCARE, N_("Kinderbetreuung")),
    (LifeArea.HOUSING, N_("Wohnen")),
    (LifeArea.HEALTH, N_("Gesundheit")),
    (LifeArea.ADDICTION, N_("Sucht")),
    (LifeArea.DEBTS, N_("Schulden")),
    (LifeArea.PREGNANCY_CONFLICT, N_("Schwangerschaft")),
    (LifeArea.FAMILY, N_("Familie")),
    (LifeArea.FINANCIAL_SECURITY, N_("Lebensunterhalt")),
    (LifeArea.SOCIAL_PARTICIPATION, N_("Soziale Teilhabe")),
    (LifeArea.CARE_DISABILITY, N_("Pflege und Behinderung")),
    (LifeArea.DISCRIMINATION, N_("Diskriminierung")),
    (LegalDomain.SGB_II, N_("SGB II (Jobcenter)")),
    (LegalDomain.SGB_III, N_("SGB III (Arbeitsagentur)")),
    (LegalDomain.SGB_V, N_("SGB V (Krankenversicherung)")),
    (LegalDomain.SGB_VIII, N_("SGB VIII (Jugendhilfe)")),
    (LegalDomain.SGB_IX, N_("SGB IX (Teilhabe)")),
    (LegalDomain.SGB_XI, N_("SGB XI (Pflege)")),
    (LegalDomain.SGB_XII, N_("SGB XII (Sozialhilfe)")),
    (LegalDomain.ASYLBLG, N_("AsylbLG")),
    (LegalDomain.AUFENTHG, N_("AufenthG (Ausländerbehörde)")),
    (LegalDomain.STAG, N_("StAG (Einbürgerungsbehörde)")),
    (LegalDomain.BAFOEG, N_("BAföG")),
    (LegalDomain.HOUSING_BENEFIT, N_("Wohngeld")),
    (LegalDomain.CHILD_BENEFIT, N_("Kindergeld")),
    (LegalDomain.MBE, N_("Migrationsberatung (MBE)")),
    (LegalDomain.JMD, N_("Jugendmigrationsdienst (JMD)")),
    (LegalDomain.REFUGEE_COUNSELLING, N_("Flüchtlingsberatung")),
    (LegalDomain.PARTICIPATION_MANAGEMENT, N_("Teilhabemanagement")),
    (LegalDomain.FREE, N_("nicht rechtskreisgebunden")),
    (GoalLevel.GUIDING, N_("Grundsatzziel")),
    (GoalLevel.FRAMEWORK, N_("Rahmenziel")),
    (GoalLevel.OUTCOME, N_("Ergebnisziel")),
    (GoalState.OPEN, N_("offen")),
    (GoalState.REACHED, N_("erreicht")),
    (GoalState.PARTLY_REACHED, N_("teilweise erreicht")),
    (GoalState.DROPPED, N_("aufgegeben")),
    (MeasureState.PLANNED, N_("geplant")),
    (MeasureState.REQUESTED, N_("beantragt")),
    (MeasureState.RUNNING, N_("läuft")),
    (MeasureState.DONE, N_("erledigt")),
    (MeasureState.FAILED, N_("gescheitert")),
    (Actor.CLIENT, N_("Klient/in")),
    (Actor.CASE_MANAGER, N_("Fallmanagement")),
    (Actor.TOGETHER, N_("gemeinsam")),
    (Actor.PROVIDER, N_("Anbieter")),
    (ReferralResult.SENT, N_("wartet auf Antwort")),
    (ReferralResult.ACCEPTED, N_("angenommen")),
    (ReferralResult.NO_SHOW, N_("nicht erschienen")),
    (ReferralResult.DECLINED, N_("abgelehnt")),
    (ReferralResult.COMPLETED, N_("abgeschlossen")),
    (ContactKind.CONVERSATION, N_("Gespräch")),
    (ContactKind.PHONE, N_("Telefonat")),
    (ContactKind.HOME_VISIT, N_("Hausbesuch")),
    (ContactKind.ACCOMPANIMENT, N_("Begleitung")),
    (ContactKind.MESSAGE, N_("Nachricht")),
    (ContactKind.LETTER, N_("Schreiben")),
    (ContactKind.THIRD_PARTY, N_("Kontakt mit Dritten")),
    (ContactKind.NOTE, N_("Vermerk")),
    (ReassessmentTrigger.INTERVAL, N_("Regelmäßige Überprüfung")),
    (ReassessmentTrigger.STATUS_CHANGE, N_("Statuswechsel")),
    (ReassessmentTrigger.LEGAL_DOMAIN_CHANGE, N_("Rechtskreiswechsel")),
    (ReassessmentTrigger.RELOCATION, N_("Wohnortwechsel")),
    (ReassessmentTrigger.FAILED_MEASURE, N_("Gescheiterte Maßnahme")),
    (ReassessmentTrigger.OTHER, N_("Anderer Anlass")),
    (Phase.ACCESS, N_("Zugang")),
    (Phase.INTAKE, N_("Erstberatung")),
    (Phase.ASSESSMENT, N_("Assessment")),
    (Phase.GOALS, N_("Ziele")),
    (Phase.AGREEMENT, N_("Zielvereinbarung")),
    (Phase.COORDINATION, N_("Leistungssteuerung")),
    (Phase.MONITORING, N_("Monitoring")),
    (Phase.REASSESSMENT, N_("Re-Assessment")),
    (Phase.CLOSURE, N_("Abschluss")),
    (PhaseStatus.DONE, N_("erledigt")),
    (PhaseStatus.NOW, N_("jetzt")),
    (PhaseStatus.OPEN, N_("offen")),
    (PhaseStatus.SKIPPED, N_("ausgelassen")),
)

# Members of different lists can have equal values and would then be equal keys, so the list is part of the key.
_LABEL_OF = {(type(term), term.value): text for term, text in _LABELS}


def name_terms(*labels: tuple[StrEnum, str]) -> None:
    """Give further word lists their labels; called once where the lists are defined."""
    _LABEL_OF.update({(type(term), term.value): text for term, text in labels})


def label(term: StrEnum) -> str:
    """Return the German source text of `term`; translate it at the edge with ``_(label(term))``."""
    return _LABEL_OF[type(term), term.value]


_GROUP_OF_STATUS = {
    ResidenceStatus.ASYLUM_PERMISSION: ResidenceGroup.ASYLUM_PROCEDURE,
    ResidenceStatus.TOLERATION: ResidenceGroup.TOLERATED,
    ResidenceStatus.TRAINING_TOLERATION: ResidenceGroup.TOLERATED,
    ResidenceStatus.EMPLOYMENT_TOLERATION: ResidenceGroup.TOLERATED,
    ResidenceStatus.RECOGNISED_REFUGEE: ResidenceGroup.PROTECTED,
    ResidenceStatus.SUBSIDIARY_PROTECTION: ResidenceGroup.PROTECTED,
    ResidenceStatus.DEPORTATION_BAN: ResidenceGroup.PROTECTED,
    ResidenceStatus.TEMPORARY_PROTECTION: ResidenceGroup.PROTECTED,
    ResidenceStatus.EU_FREE_MOVEMENT: ResidenceGroup.EU,
    ResidenceStatus.GERMAN: ResidenceGroup.GERMAN,
    ResidenceStatus.NONE: ResidenceGroup.UNKNOWN,
}


def residence_group(status: ResidenceStatus | None) -> ResidenceGroup:
    """Return the coarse group of `status` for anonymised tables [own]; unknown where nothing is recorded."""
    if status is None:
        return ResidenceGroup.UNKNOWN
    return _GROUP_OF_STATUS.get(status, ResidenceGroup.OTHER_PERMIT)
