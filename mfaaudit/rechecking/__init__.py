"""Reads again only the users that a bundle flagged, beside the bundle and without touching it."""
