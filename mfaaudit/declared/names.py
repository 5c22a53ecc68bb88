"""What the name of an account suggests; only ever a guess, as anybody who names accounts decides it.

The engine behind these patterns takes time in proportion to the text whatever the pattern, and only the beginning of a
name is looked at.
"""

from __future__ import annotations

import polars as pl

LOOKED_AT = 256
"""Characters: what a name says of its account, it says early."""

SYNC = r"(?i)^sync_[^@]{1,64}_[0-9a-f]{12}@"
"""What Entra Connect calls its own account: the server and twelve hexadecimal digits."""

OF_DEVICE = (
    r"(?i)^(mtr|teams-?rooms?|surface-?hub|common-?area-?phone)[-_.0-9]",
    r"(?i)\b(teams (rooms?|phone|panel)|common area phone|surface hub)\b",
)
OF_SERVICE = (
    r"(?i)^(svc[-_.]|[^@]*[-_.]svc@|([^@]*[-_.])?service[-_.]?account[-_.0-9@])",
    r"(?i)^svc[-_.]|\bservice account\b",
)
OF_ROOM = (
    r"(?i)^(room|conf|conference|meeting|boardroom|(meeting|conference)-?room)[-_.0-9]",
    r"(?i)^(room|conf)[-_]|\b(meeting|conference|board) ?room\b",
)
OF_SHARED = (r"(?i)^shared([-_.]|mailbox)", r"(?i)^shared[-_]|\bshared mailbox\b")
"""Each for the user principal name, and for the display name."""


def suggests(patterns: tuple[str, str]) -> pl.Expr:
    """Whether a name of the account is like this; an account whose display name is unknown goes by its other name."""
    of_principal, of_display = patterns
    shown = pl.col("user_displayName").str.head(LOOKED_AT).str.contains(of_display)
    return principal(of_principal) | shown.fill_null(value=False)


def principal(pattern: str) -> pl.Expr:
    """Whether the user principal name is like this; null where it is unknown."""
    return pl.col("user_userPrincipalName").str.head(LOOKED_AT).str.contains(pattern)
