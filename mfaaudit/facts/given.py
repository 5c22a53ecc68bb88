"""What a derived fact may look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mfaaudit.sources.field import Field, Value
from mfaaudit.words import Reason, Unknown

Objects = Sequence[Mapping[str, Any]]

NOT_READ = Unknown(Reason.NOT_REQUESTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReads:
    """One of the reads that are made for each user."""

    source: str
    wanted: int
    """Users for whom it was to be read."""
    read: int
    """Those of them for whom there is an answer, or under `verified-bulk` one that may stand in for it."""
    gone: int
    """Those who were listed, and were not found when they were read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of reading the tenant, in numbers."""

    started_at: datetime | Unknown = NOT_READ
    enumerated: int | Unknown = NOT_READ
    """Users who were listed."""
    count_before: int | Unknown = NOT_READ
    count_after: int | Unknown = NOT_READ
    """How many the directory itself counted, before and after."""
    complete: bool | Unknown = NOT_READ
    """Whether it is proven that everybody was listed."""
    own_reads: Sequence[OwnReads] = ()
    report_whole: bool | Unknown = NOT_READ
    """Whether the registration report was read to its end; of some users alone, whether it answered."""
    oldest_row: datetime | Unknown = NOT_READ
    """When the row of the report was refreshed that has waited longest, among the rows of listed users."""
    unclassified_methods: Sequence[str] | Unknown = NOT_READ
    """The methods that rows of the report name and nobody has classified."""
    mfa_capable: int | Unknown = NOT_READ
    mfa_capable_counted: int | Unknown = NOT_READ
    """Users who are capable of MFA: by the rows of the report, and as the tenant itself counts them."""
    metric_days: int | Unknown = NOT_READ
    """Days of which both counts of MFA sign-ins are known."""
    registration_failures: int | Unknown = NOT_READ
    reset_failures: int | Unknown = NOT_READ
    """Of the attempts in the last 30 days, in percent, rounded up."""
    single_factor_sign_ins: int | Unknown = NOT_READ
    """Of the sign-ins on the days that the report has, in percent, rounded up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The evidence as objects, the columns that have been read for the users, and how the reading went."""

    objects: Callable[[str], Objects | Unknown]
    """All objects of one source by its name, or why they are not all there."""
    members: Callable[[str], Sequence[str] | Unknown]
    """The object ids of the users in one group by its object id, or why they are not all there."""
    user_ids: Sequence[str]
    column: Callable[[str], Sequence[Value | Unknown]]
    """What was read for each user, in the order of `user_ids`, by the name of the field."""
    groups: Sequence[str] = ()
    """The object ids, in lower case, of the groups whose members were asked for."""
    reading: Reading = Reading()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A value that follows from others: one function; facts that belong together share a file."""

    field: Field
    source: str
    """The name of the source that decides it: where to look in the evidence, and whose gaps make it unknown."""
    also: tuple[str, ...] = ()
    """The names of other sources whose gaps can make it unknown."""
    option: str = ""
    """The option without which it may be unknown, where its source is always asked for."""
    or_by: tuple[str, ...] = ()
    """The names of other sources each of which can decide it alone, whatever the first would say."""
    of_run: bool = False
    """Whether it tells how the reading went, and so is known whatever could be read."""
    of_all: bool = False
    """Whether it counts over all users, or tells of the reading of all, so that nothing follows from some of them."""
    of_user: Callable[[Given], Sequence[Value | Unknown]] | None = None
    """One value a user, in the order of `user_ids`."""
    of_tenant: Callable[[Given], Value | Unknown] | None = None
    known: Callable[[Given], Sequence[str]] | None = None
    """For a partial list: the values that would be in it if they belonged there."""
