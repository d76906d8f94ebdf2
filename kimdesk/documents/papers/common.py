"""Texts that stand on more than one document."""

from __future__ import annotations

from kimdesk.documents.marks import H_, HN_

ADDRESS = H_("Adresse")
PHONE = H_("Telefon")
EMAIL = H_("E-Mail")
WEB = H_("Internet")
OPENING_HOURS = H_("Öffnungszeiten")
CONTACT = H_("Ihre Ansprechperson")
SCAN = H_("Mit dem Handy scannen")

NAME = H_("Name")
DATE_OF_BIRTH = H_("Geburtsdatum")
# Übersetzung: The number of the case file.
CASE_NUMBER = H_("Fallnummer")
LANGUAGE = H_("Sprache")
PLACE = H_("Ort")
DATE = H_("Datum")
TIME = H_("Uhrzeit")
BY_WHEN = H_("Bis wann")
WHO = H_("Wer")
RESULT = H_("Ergebnis")
# Übersetzung: A field that names the person who interprets between two languages.
INTERPRETER = H_("Sprachmittlung durch")

PLACE_AND_DATE = H_("Ort, Datum")
CLIENT_SIGNATURE = H_("Unterschrift der ratsuchenden Person")
GUARDIAN_SIGNATURE = H_("Unterschrift der gesetzlichen Vertretung (bei Minderjährigen)")
OFFICE_SIGNATURE = H_("Unterschrift Fallmanagement")
INTERPRETER_SIGNATURE = H_("Unterschrift der sprachmittelnden Person")
# Übersetzung: Said by the client ("me"), above the signature.
EXPLAINED = H_("Der Inhalt wurde mir in einer Sprache erklärt, die ich verstehe.")

YES = H_("ja")
NO = H_("nein")
MONTHS = HN_("{n} Monat", "{n} Monate")
YEARS = HN_("{n} Jahr", "{n} Jahre")
# Übersetzung: "We" is the case management of the town or district, "you" the client.
VOLUNTARY = H_("Die Teilnahme ist freiwillig. Sie können jederzeit aufhören.")
FREE_OF_CHARGE = H_("Die Beratung kostet nichts.")
CALL_TO_CANCEL = H_("Sie können nicht kommen? Bitte rufen Sie uns vorher an.")
ASK_FOR_INTERPRETER = H_("Sie brauchen eine Dolmetscherin oder einen Dolmetscher? Bitte sagen Sie es uns vorher.")
