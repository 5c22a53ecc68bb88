"""How often to ask again: what may pass is asked for until chance alone would hardly have refused it so often."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from mfaaudit.evidence.response import NOT_PREMIUM, error_code
from mfaaudit.tenant.pace import backoff

ATTEMPTS = 5
"""For what has gone wrong: some 15 seconds in all."""
THROTTLED_ATTEMPTS = 10
"""For a 429, which is no fault but a queue; each waits as long as Graph asks for."""
PASSING = frozenset({0, 408, 424, 429, 500, 502, 503, 504})
"""Statuses that may be gone next time; 0 is "no answer"."""
BELIEVED_AFTER = 3
"""The refusal for want of a licence is at times sent in error: it is believed the third time."""
HORIZON = 500.0
"""Reads over which the share that fails is measured: a storm that is over is forgotten."""
SUPPOSED = 20.0
"""Reads without a fault that are supposed to have come before: a first failure alone is no storm."""
LEAST, MOST = 0.001, 0.9
"""No share is believed to be smaller or larger, so that the number of attempts is bounded."""
EVEN_ODDS = 20
"""Requests refused whole, one after another, from a service that has given nothing: that half of them are refused at
random would bring as many in a row once in a million times. Fewer do not tell it from a service that is down."""
BY_CHANCE = 1e-5
"""Reads that may be given up by chance alone, of all reads of an audit."""


@dataclass(slots=True)
class Storm:
    """The share of reads that fail with what may pass, whoever they are about.

    Only the first two attempts at each read are counted, so that a few accounts that are broken for good, and are asked
    about again and again, are no storm.
    """

    reads: int = 0
    """Asked for, in all."""
    _seen: float = 0.0
    _failed: float = 0.0
    _requests: float = 0.0
    _whole: float = 0.0

    def saw_request(self, *, whole: bool) -> None:
        """Count one request for several reads; `whole` says whether it was refused as a whole, with what may pass.

        The reads of such a request are no failures of their own: a single refusal is no proof about twenty reads.
        """
        kept = 1 - 1 / HORIZON
        self._requests = kept * self._requests + 1
        self._whole = kept * self._whole + whole

    def saw(self, attempt: int, *, failed: bool) -> None:
        """One answer to a read."""
        if attempt == 1:
            self.reads += 1
        if attempt <= 2:
            kept = 1 - 1 / HORIZON
            self._seen = kept * self._seen + 1
            self._failed = kept * self._failed + failed

    @property
    def attempts(self) -> int:
        """How often a read must fail until that is hardly by chance."""
        reads = self._failed / (self._seen + SUPPOSED)
        # A tiny tenant is one request: as soon as it is refused, half of all requests may be.
        whole = self._whole / (self._requests + 1)
        share = min(MOST, max(LEAST, 1 - (1 - reads) * (1 - whole)))
        return math.ceil(math.log(BY_CHANCE / max(1, self.reads)) / math.log(share))

    def pause(self, attempt: int) -> float:
        """Seconds to wait after an attempt where Graph asks for none: growing, unless much else fails as well."""
        return backoff(1) if self.attempts > ATTEMPTS else backoff(attempt)


CALM = Storm()
"""Nothing else is known to fail."""


def may_pass(status: int, body: Any, attempt: int, *, denied: bool, storm: Storm = CALM) -> bool:
    """Whether it is worth asking again; `denied` says whether an earlier attempt was answered 401.

    In a `storm`, in which much else fails too, a read is asked for more often: its failures say little about it.
    """
    if attempt >= max(THROTTLED_ATTEMPTS if status == 429 else ATTEMPTS, storm.attempts):
        return False
    if status == 403 and error_code(body) == NOT_PREMIUM:
        return attempt < BELIEVED_AFTER
    # A token that ran out in mid-air is renewed by the credential; a second refusal is meant.
    return status in PASSING or (status == 401 and not denied)
