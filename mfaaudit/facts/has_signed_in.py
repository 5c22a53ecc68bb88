"""Whether a user has signed in, or tried to, as far as the record reaches."""

from __future__ import annotations

from collections.abc import Sequence

from mfaaudit.facts.given import Fact, Given
from mfaaudit.sources.field import Field, Kind, Value
from mfaaudit.sources.sign_in_activity import FIELDS, NONE_ON_RECORD
from mfaaudit.words import Unknown

FIELD = Field(name="derived.hasSignedIn", title="A sign-in on record since April 2020", kind=Kind.BOOLEAN)


def has_signed_in(given: Given) -> Sequence[Value | Unknown]:
    """True if any time is on record; False if the record was read and holds none; else why that is not known.

    A time cannot say "never". A rule about accounts that lie idle asks for this beside the age of the last sign-in.
    """
    return [_any_of(times) for times in zip(*(given.column(field.name) for field in FIELDS), strict=True)]


def _any_of(times: Sequence[Value | Unknown]) -> Value | Unknown:
    gaps = [time for time in times if isinstance(time, Unknown)]
    if len(gaps) < len(times):
        return True
    return next((gap for gap in gaps if gap != NONE_ON_RECORD), False)


FACT = Fact(field=FIELD, source="signInActivity", of_user=has_signed_in)
