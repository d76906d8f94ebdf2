"""Where the office's service answers."""

ENROL_PATH = "/api/v1/enrol"
RELEASES_PATH = "/api/v1/releases"
