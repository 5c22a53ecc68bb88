"""What was known of the tenant at one moment, and what was not."""

from mfaaudit.snapshot.snapshot import Snapshot, take

__all__ = ["Snapshot", "take"]
