"""Which hours the sign-in metrics are asked for."""

from __future__ import annotations

from datetime import datetime, timedelta

from mfaaudit.sources import mfa_sign_in_failure, mfa_sign_in_success
from mfaaudit.tenant.reader import Reader

METRICS = (mfa_sign_in_success.SOURCE, mfa_sign_in_failure.SOURCE)
REACH = timedelta(days=30)
"""How far back they go (serviceActivity pages)."""


def window(reader: Reader, started_at: datetime, now: datetime, interval: int) -> tuple[datetime, datetime]:
    """The hours that the sign-in metrics are asked for.

    Those up to the start of the audit, unless a session that comes later must still ask and they are out of reach.
    """
    start, end = _hours_before(started_at)
    urls = [(source, reader.url(source, **reach(start, end, interval))) for source in METRICS]
    read = all(reader.past.began(*one) and reader.past.goes_on(*one) is None for one in urls)
    return (start, end) if read or now - start < REACH else _hours_before(now)


def _hours_before(time: datetime) -> tuple[datetime, datetime]:
    # The service refuses a start that is older than its reach by the time the request arrives.
    end = time.replace(minute=0, second=0, microsecond=0)
    return end - REACH + timedelta(hours=1), end


def reach(start: datetime, end: datetime, interval: int) -> dict[str, str]:
    """The hours, and the minutes of each count, as the address of the metrics takes them."""
    return {"start": graph_time(start), "end": graph_time(end), "interval": str(interval)}


def graph_time(time: datetime) -> str:
    """A time in UTC as Graph writes it in a path."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
