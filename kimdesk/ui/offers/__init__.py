"""The directory of offers."""

from kimdesk.ui.offers.page import OffersPage
from kimdesk.ui.offers.request import OffersRequest

__all__ = ["OffersPage", "OffersRequest"]
