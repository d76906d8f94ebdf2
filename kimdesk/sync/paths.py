"""Where the office's service answers."""

ENROL_PATH = "/api/v1/enrol"
BUNDLES_PATH = "/api/v1/bundles"
UPLOADS_PATH = "/api/v1/uploads"
OFFERS_PATH = "/api/v1/offers"
