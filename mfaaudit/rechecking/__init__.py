"""Only the users that an audit flagged, read again: who is cured, who is not, and of whom that cannot be said."""
