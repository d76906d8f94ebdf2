"""One filled example of every document, with German names, numbers and times among foreign text."""

from __future__ import annotations

from datetime import date, time

from kimdesk.documents.papers.appointment import AppointmentSlip, BringItem, BringList
from kimdesk.documents.papers.conference import ConferenceInvitation, ConferenceMinutes, ConferenceTask
from kimdesk.documents.papers.consent import Consent, Release, Withdrawal
from kimdesk.documents.papers.coordination import IndicatorReport, IndicatorRow, Picture, StructuralIssuePaper
from kimdesk.documents.papers.flyer import Flyer, Poster
from kimdesk.documents.papers.naturalisation_info import NaturalisationInfo
from kimdesk.documents.papers.note import Note
from kimdesk.documents.papers.offer_sheet import OfferSheet
from kimdesk.documents.papers.paper import Paper
from kimdesk.documents.papers.plan import GoalAgreement, IntegrationPlan, PlanGoal, PlanStep
from kimdesk.documents.papers.privacy import AccessAnswer, AnswerSection, PrivacyNotice
from kimdesk.documents.papers.referral import ReferralForm, RoutingSlip, Station
from kimdesk.documents.papers.residence_info import ResidenceInfo
from kimdesk.documents.papers.welcome import ContactSheet, HelpPlace
from kimdesk.domain.vocabulary import Actor, GoalState, LifeArea, MeasureState

TODAY = date(2026, 11, 20)

GREETINGS = {
    "de": "Guten Tag, bitte rufen Sie uns an.",
    "de_simple": "Guten Tag. Rufen Sie uns an.",
    "en": "Good morning, please call us.",
    "uk": "Доброго дня, будь ласка, зателефонуйте нам.",
    "ar": "صباح الخير، يرجى الاتصال بنا.",
    "fa": "روز بخیر، لطفا با ما تماس بگیرید.",
    "fa_AF": "روز بخیر، لطفاً به ما زنگ بزنید.",
    "ku": "Roj baş, ji kerema xwe telefonî me bikin.",
    "ckb": "ڕۆژباش، تکایە پەیوەندیمان پێوە بکەن.",
    "tr": "İyi günler, lütfen bizi arayınız.",
    "ro": "Bună ziua, vă rugăm să ne sunați, știți numărul.",
    "bg": "Добър ден, моля, обадете ни се.",
    "ru": "Добрый день, пожалуйста, позвоните нам.",
    "ti": "ከመይ ሓዲርኩም፡ በጃኹም ደውሉልና።",
    "sq": "Mirëdita, ju lutemi na telefononi.",
    "fr": "Bonjour, veuillez nous appeler.",
    "pl": "Dzień dobry, prosimy o telefon do nas.",
    "ps": "سلام، مهرباني وکړئ موږ ته زنګ ووهئ.",
}

MIXED_ARABIC = (
    "لدى مركز Kommunales Integrationszentrum (KIM) في Unna: اتصلوا بالسيدة Müller على 02307 9248872 من 9:00–12:30 Uhr."
)

_CONTACT = "Frau Schröder\n02303 27-1234"
_HOURS = {"de": "Mo–Do 9–12 Uhr und 14–16 Uhr\nFr 9–12 Uhr"}
_GOALS = (
    PlanGoal(
        {"de": "Eine eigene Wohnung für die Familie finden", "ar": "إيجاد سكن خاص للعائلة"},
        LifeArea.HOUSING,
        {"de": "Mietvertrag ist unterschrieben"},
        date(2027, 3, 31),
        steps=(
            PlanStep({"de": "Wohnberechtigungsschein beantragen"}, Actor.TOGETHER, "", date(2026, 12, 1)),
            PlanStep(
                {"de": "Bei der Wohnungsgesellschaft melden"},
                Actor.CLIENT,
                "",
                date(2026, 12, 15),
                MeasureState.RUNNING,
            ),
            PlanStep({"de": "Mietschulden klären"}, Actor.PROVIDER, "Schuldnerberatung Lünen", date(2027, 1, 15)),
        ),
    ),
    PlanGoal(
        {"de": "Deutschkurs B1 beginnen"},
        LifeArea.LANGUAGE,
        {"de": "Teilnahmebestätigung"},
        date(2027, 2, 1),
        GoalState.PARTLY_REACHED,
    ),
)
SAMPLES: dict[str, Paper] = {
    "flyer": Flyer(_CONTACT, "Hansastraße 4\n59425 Unna", "02303 27-1234", "www.kreis-unna.de/kim", _HOURS),
    "poster": Poster(_CONTACT, "Hansastraße 4, 59425 Unna", "02303 27-1234", "www.kreis-unna.de/kim", _HOURS),
    "contact-sheet": ContactSheet(
        "Rima Haddad",
        "KIM-2026-014",
        _CONTACT,
        "02303 27-1234",
        _HOURS,
        {"de": "Aufenthalt und Wohnung"},
        {"de": "Am Montag zum Bürgerbüro gehen"},
        (HelpPlace("Bürgerbüro", "02303 103-0", "Anmeldung"),),
    ),
    "residence-info": ResidenceInfo(_CONTACT),
    "naturalisation-info": NaturalisationInfo(_CONTACT),
    "appointment": AppointmentSlip(
        "Rima Haddad",
        date(2026, 11, 30),
        time(9, 30),
        time(10, 15),
        "Rathaus Unna, Zimmer 214\nRathausplatz 1, 59423 Unna",
        "Frau Schröder",
        {"de": "Antrag auf Wohngeld"},
        (BringItem.PASSPORT, BringItem.RENTAL_CONTRACT),
        True,
        _CONTACT,
    ),
    "bring-list": BringList("Rima Haddad", date(2026, 11, 30), contact=_CONTACT),
    "goal-agreement": GoalAgreement(
        "Rima Haddad",
        "KIM-2026-014",
        TODAY,
        date(2027, 2, 20),
        _GOALS,
        {"de": "Ich melde mich jede Woche."},
        "Herr Said (Arabisch)",
    ),
    "integration-plan": IntegrationPlan("Rima Haddad", "KIM-2026-014", _GOALS, date(2027, 1, 20), _CONTACT),
    "routing-slip": RoutingSlip(
        "Rima Haddad",
        "KIM-2026-014",
        (
            Station("Jobcenter Unna", {"de": "Antrag Bürgergeld"}, "Herr Krause", date(2026, 12, 3)),
            Station("Schulamt", {"de": "Schulplatz für Amal"}),
        ),
        _CONTACT,
    ),
    "referral": ReferralForm(
        "Fallmanagement KIM\nFrau Schröder",
        "AWO Migrationsberatung",
        "Rima Haddad",
        date(1990, 5, 1),
        "0151 2345678",
        ("ar", "de"),
        {"de": "Beratung zu Familiennachzug"},
        {"de": "Name, Telefon, Anliegen"},
        "Entbindung vom 12.11.2026",
        date(2026, 12, 2),
        "Frau Yıldız",
        date(2026, 12, 16),
    ),
    "conference-invitation": ConferenceInvitation(
        "Jobcenter Kreis Unna\nHerrn Krause\nBahnhofstraße 63\n59423 Unna",
        date(2026, 12, 10),
        time(10, 0),
        "Rathaus Unna, Raum 3",
        {"de": "Übergang von Schule in Ausbildung"},
        ("Jobcenter, Herr Krause", "Jugendamt, Frau Lange", "Ratsuchende Person"),
        {"de": "- Begrüßung\n- Stand der Dinge\n- Vereinbarungen"},
        date(2026, 12, 3),
        _CONTACT,
    ),
    "conference-minutes": ConferenceMinutes(
        "KIM-2026-014",
        date(2026, 12, 10),
        "Rathaus Unna",
        ("Jobcenter", "Jugendamt"),
        {"de": "Die Schule empfiehlt eine Ausbildung."},
        {"de": "Gemeinsamer Antrag bis Januar"},
        (ConferenceTask({"de": "Antrag stellen"}, "Jobcenter", date(2027, 1, 8)),),
        date(2027, 2, 1),
    ),
    "consent": Consent("Rima Haddad", date(1990, 5, 1)),
    "release": Release(
        "Rima Haddad",
        date(1990, 5, 1),
        "Jobcenter Kreis Unna",
        {"de": "Klärung der Leistungen"},
        {"de": "Name, Anliegen, Stand des Antrags"},
        date(2027, 11, 20),
    ),
    "withdrawal": Withdrawal("Rima Haddad"),
    "privacy-notice": PrivacyNotice(
        "Kreis Unna\nDer Landrat\nFriedrich-Ebert-Straße 17, 59425 Unna", "datenschutz@kreis-unna.de"
    ),
    "access-answer": AccessAnswer(
        "Rima Haddad",
        "Unnaer Straße 29a\n59174 Kamen",
        TODAY,
        ("Jobcenter Kreis Unna",),
        sections=(AnswerSection("Person", (("Name", "Rima Haddad"), ("Geburtsdatum", "01.05.1990"))),),
    ),
    "note": Note(
        title="Ihre Unterlagen",
        text_by_language={code: "\n\n".join([text, f"- {text}"] * 45) for code, text in GREETINGS.items()},
        contact="Frau Schröder",
    ),
    "offer-sheet": OfferSheet(
        title={code: text.split(",")[0].split("،")[0] for code, text in GREETINGS.items()},
        provider="AWO Kreis Unna e.V. (MBE)",
        description=GREETINGS | {"ar": f"{GREETINGS['ar']}\n\n{MIXED_ARABIC}\n- {GREETINGS['ar']}"},
        admission={"de": "Für alle ab 27 Jahren mit Duldung (§ 60a AufenthG)."},
        address="Unnaer Straße 29a\n59174 Kamen",
        phone="02307 9248872",
        email="mbe@awo.example",
        web="www.awo.example/migration/" + "beratung-" * 12,
        opening_hours={"de": "Mo–Fr 9:00–12:30 Uhr", "ar": "من الإثنين إلى الجمعة 9:00–12:30 Uhr (KIM)"},
        cost={"de": "kostenlos"},
        languages_spoken=("de", "ar", "ti", "Romanes"),
        next_step=GREETINGS,
        contact="Frau Schröder\n02303 27-1234",
    ),
    "indicator-report": IndicatorReport(
        "Fallmanagement KIM",
        "2022",
        "Kreis Unna",
        "31.12.2022",
        (
            IndicatorRow("Fälle gesamt", "149", "160", "", "Fälle"),
            IndicatorRow("Personen je Fall", "2,4", "", "", "Fälle"),
            IndicatorRow("Ausländerbehörde", "38", "", "", "Zugangswege"),
        ),
        (Picture("Fälle je Jahr", (("2020", 96), ("2021", 121), ("2022", 149))),),
    ),
    "structural-issue": StructuralIssuePaper(
        "Keine Kinderbetreuung im Sprachkurs", "Kinderbetreuung", "Projektgruppe", "14", "Kurse ohne Betreuung"
    ),
}
