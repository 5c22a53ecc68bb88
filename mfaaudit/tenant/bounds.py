"""The bounds of what is taken from the network, so that no answer and no list can use up memory, disk or time."""

from __future__ import annotations

from mfaaudit.evidence.response import LONGEST_LINE

LONGEST_ANSWER = LONGEST_LINE
"""Bytes of one answer, unpacked or as they come: the journal keeps no longer line, and a full page has under 1 MiB."""
FIRST_BYTES = 300.0
"""Seconds until the status and headers of an answer are there: a connection, a slow report, and time to spare."""
GRACE = 100.0
"""Seconds that any body may take, however short: as long as the client waits for one packet."""
SECONDS_PER_MIB = 60.0
"""Seconds for each further MiB of a body: a tenth of what a slow mobile connection gives."""
ROWS_PER_USER = 2
"""Rows of a list for each user that the directory counts; no list that is read has more than one."""
SPARE_ROWS = 10_000
"""Rows that any list may have: users are created while it is read, and small tenants have many role assignments."""
MOST_ROWS = 3_000_000
"""Rows of a list where the directory's count is not known; their ids take about 400 MB of memory."""
EMPTY_PAGES = 500
"""Pages without a row that may follow each other: Graph sends some, each with a link to the next."""


def most_rows(counted: int | None) -> int:
    """How many rows a list may have, given the directory's count of users; None if that is not known."""
    return MOST_ROWS if counted is None else ROWS_PER_USER * counted + SPARE_ROWS


def seconds_for(size: int) -> float:
    """How long it may take until so many bytes of a body have come."""
    return GRACE + SECONDS_PER_MIB * size / (1 << 20)
