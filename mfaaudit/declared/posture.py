"""Which way a tenant enforces MFA: the posture that decides which rules can be asked of it."""

from __future__ import annotations

MIXED, NONE = "mixed", "none"


def fits(wanted: str, posture: str | None) -> bool | None:
    """Whether rules for one posture can be asked of a tenant in another; None where that is not known."""
    if wanted == "any":
        return True
    return None if posture is None else posture in (wanted, MIXED, NONE)
