"""The form of a referral, from sending to the answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from kimdesk.domain.consents import CATEGORY_OF_FIELD, needed_categories, same_recipient
from kimdesk.domain.deadlines import referral_answer_due
from kimdesk.domain.network import Consent
from kimdesk.domain.records import Referral
from kimdesk.domain.vocabulary import LegalDomain, ReferralResult, label
from kimdesk.domain.work_vocabulary import ConsentKind, ReferralKind, SharedField
from kimdesk.i18n import _, isolate
from kimdesk.ui.case_file.consents_tab import consent_state
from kimdesk.ui.case_file.desk import CaseDesk
from kimdesk.ui.case_file.entry import Entry, Values, Work
from kimdesk.ui.case_file.offer_field import OfferField
from kimdesk.ui.case_file.words import options
from kimdesk.ui.widgets import (
    CheckField,
    ChoiceChips,
    ChoiceField,
    DateField,
    Field,
    FormGrid,
    SectionCard,
    Text,
    TextArea,
    TextField,
    column,
)

_FIELDS = (
    "offer_id",
    "receiver",
    "legal_domain",
    "reason",
    "kind",
    "consent_id",
    "shared",
    "release_basis",
    "sent_on",
    "contact_person",
    "appointment_on",
    "answer_due_on",
    "we_stay_lead",
    "result",
    "answered_on",
    "answer",
)


class ReferralForm:
    """`card` holds the form; the answer is asked for once the referral is sent."""

    def __init__(self, desk: CaseDesk) -> None:
        self._desk = desk
        self.entry = Entry(
            desk,
            "referral",
            self._make,
            said=_("Der Fallverweis ist gespeichert."),
            save_word=_("Fallverweis speichern"),
        )
        form, today = self.entry.form, desk.today
        self.receiver = TextField()
        self.result = ChoiceField(options(ReferralResult), empty=None)
        self.answered_on = DateField(today=today)
        self.offer = OfferField(desk, self._picked)
        domains = ChoiceField(options(LegalDomain), empty=_("ohne Angabe"))
        grid = FormGrid(2)
        grid.add(
            form.add("kind", Field(_("Was wird übergeben?"), ChoiceField(options(ReferralKind), empty=None))), span=2
        )
        grid.add(form.add("offer_id", Field(_("Angebot aus dem Verzeichnis"), self.offer)), span=2)
        grid.add(
            form.add("receiver", Field(_("Empfangende Stelle"), self.receiver, required=True)),
            form.add("contact_person", Field(_("Ansprechperson"), TextField())),
            form.add("sent_on", Field(_("Verwiesen am"), DateField(today=today), required=True)),
            form.add("appointment_on", Field(_("Termin dort am"), DateField(today=today))),
            form.add("legal_domain", Field(_("Rechtskreis"), domains)),
            form.add("answer_due_on", Field(_("Nachfragen am"), DateField(today=today))),
        )
        grid.add(form.add("reason", Field(_("Worum geht es?"), TextArea(lines=2))), span=2)
        self.consent = ChoiceField([], empty=_("keine: es gehen keine Angaben mit"))
        self.shared = ChoiceChips(options(SharedField), several=True)
        self.may = Text("", "help", wrap=True)
        grid.add(
            form.add("consent_id", Field(_("Schweigepflichtentbindung"), self.consent)),
            form.add(
                "shared",
                Field(_("Welche Angaben gehen mit?"), self.shared, help=_("Jede Angabe einzeln, nur was nötig ist.")),
            ),
            self.may,
            form.add(
                "release_basis",
                Field(
                    _("Andere Grundlage"),
                    TextField(_("z. B. Auftrag der Person vom 20.11.2026")),
                ),
            ),
            form.add("we_stay_lead", Field("", CheckField(_("Wir führen den Fall weiter")))),
            span=2,
        )
        self.answer_part = QWidget()
        answer = FormGrid(2)
        answer.add(
            form.add("result", Field(_("Ergebnis"), self.result)),
            form.add("answered_on", Field(_("Antwort am"), self.answered_on)),
        )
        answer.add(form.add("answer", Field(_("Antwort"), TextArea(lines=2))), span=2)
        self.answer_part.setLayout(column(Text(_("Antwort der Stelle"), "section"), answer))
        self.card = SectionCard(_("Neuer Fallverweis"))
        self.to = Text("", "strong", wrap=True)
        self.card.add(self.to)
        self.card.add(self.answer_part)
        self.card.add(grid)
        self.result.combo.activated.connect(lambda _index: self._date_the_answer())
        self.entry.opened.connect(self._show_heading)
        self.consent.combo.activated.connect(lambda _index: self._consent_chosen())
        self.consent.changed.connect(self._show_what_is_allowed)
        self.shared.changed.connect(self._show_what_is_allowed)

    def _show_heading(self) -> None:
        known = self._find(self.entry.record_id)
        self.card.title.setText(_("Fallverweis bearbeiten") if known else _("Neuer Fallverweis"))
        self.to.setText(known.receiver if known else "")
        self.to.setVisible(known is not None)
        self.answer_part.setVisible(known is not None)

    def _chosen_consent(self) -> Consent | None:
        chosen = self.consent.value()
        consents = self._desk.the_file.work.consents
        return next((one for one in consents if str(one.id) == chosen), None)

    def _consent_chosen(self) -> None:
        """The release names the receiver, so it is not typed again; what it does not cover is taken out."""
        consent = self._chosen_consent()
        if consent is None:
            return
        if not same_recipient(self.receiver.value(), consent.recipient):
            self.receiver.set_value(consent.recipient)
        allowed = [one for one in self.shared.values() if CATEGORY_OF_FIELD[SharedField(one)] in consent.categories]
        self.shared.set_value(allowed)

    def _show_what_is_allowed(self) -> None:
        """Say before the saving which of the fields chosen the release does not cover."""
        if self._desk.file is None:
            return
        consent = self._chosen_consent()
        wanted = [SharedField(one) for one in self.shared.values()]
        categories = needed_categories(wanted)
        if consent is None:
            said = _("Ohne Schweigepflichtentbindung gehen keine Angaben mit.")
        else:
            over = [one for one in wanted if CATEGORY_OF_FIELD[one] not in consent.categories]
            said = _("Erlaubt sind: {categories}.").format(
                categories="; ".join(_(label(category)) for category in consent.categories)
            )
            if over:
                said = _("Nicht erlaubt: {fields}.").format(fields=", ".join(_(label(one)) for one in over))
        self.may.setText(said)
        self.may.setVisible(bool(categories) or consent is not None)

    def _date_the_answer(self) -> None:
        """An answer chosen today came today, unless another date is there already."""
        if self.result.value() != ReferralResult.SENT and self.answered_on.is_empty():
            self.answered_on.set_value(self._desk.today())

    def _picked(self, title: str, provider: str) -> None:
        self.receiver.set_value(provider or title)

    def _find(self, record_id: UUID | None) -> Referral | None:
        return next((one for one in self._desk.the_file.referrals if one.id == record_id), None)

    def open(self, record_id: UUID | None) -> None:
        """Show a referral, or an empty form."""
        referral = self._find(record_id)
        today = self._desk.today()
        self.consent.set_options(
            [
                (str(one.id), f"{isolate(one.recipient)} · {consent_state(one, today)[0]}")
                for one in self._desk.the_file.work.consents
                if one.kind is ConsentKind.RELEASE
            ]
        )
        if referral:
            values = {name: getattr(referral, name) for name in _FIELDS}
            values["consent_id"] = str(referral.consent_id) if referral.consent_id else None
            values["shared"] = list(referral.shared)
            self.entry.open(referral.id, values)
        else:
            self.entry.open(None, self._blank())
        self.offer.show_remembered()

    def _blank(self) -> Values:
        today = self._desk.today()
        values: Values = dict.fromkeys(_FIELDS, "")
        values.update(
            offer_id=None,
            kind=ReferralKind.REFERRAL,
            consent_id=None,
            shared=[],
            legal_domain=None,
            sent_on=today,
            appointment_on=None,
            answer_due_on=referral_answer_due(today),
            we_stay_lead=True,
            result=ReferralResult.SENT,
            answered_on=None,
        )
        return values

    def _make(self, values: Values, record_id: UUID | None) -> Work | None:
        typed: dict[str, Any] = dict(values)
        typed["consent_id"] = UUID(values["consent_id"]) if values["consent_id"] else None
        typed["shared"] = tuple(SharedField(one) for one in values["shared"] or ())
        known = self._find(record_id)
        case_id = self._desk.case.id
        referral = replace(known, **typed) if known else Referral(case_id=case_id, **typed)
        return lambda: self._desk.cases.save_referral(referral)
