"""Takes the people out of bundles whose time is over, and keeps the proof that there was an audit."""

from mfaaudit.purging.record import Gone, Record, read_record

__all__ = ["Gone", "Record", "read_record"]
