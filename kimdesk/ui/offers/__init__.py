"""The directory of offers."""

from kimdesk.ui.offers.care_page import OfferCarePage
from kimdesk.ui.offers.page import OffersPage
from kimdesk.ui.offers.request import OffersRequest

__all__ = ["OfferCarePage", "OffersPage", "OffersRequest"]
