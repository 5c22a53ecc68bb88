"""Who vouches for a bundle, and since when it exists: detached signatures and time stamps over its manifest."""

from mfaaudit.signing.certified import check_certified
from mfaaudit.signing.check import Check, State
from mfaaudit.signing.plain_signature import check_signature
from mfaaudit.signing.timestamp import check_timestamp

__all__ = ["Check", "State", "check_certified", "check_signature", "check_timestamp"]
