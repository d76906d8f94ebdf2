# Only what kimdesk.ui.design.icons uses.
