"""The consultation screen: a person comes in, and what is needed is on record in a minute."""

from kimdesk.ui.consultation.page import ConsultationPage

__all__ = ["ConsultationPage"]
