"""Whether the rows of a bulk source may stand in for reads of one user each, and who must be read all the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from mfaaudit.columns import REASONS
from mfaaudit.snapshot.objects import Walk
from mfaaudit.snapshot.readings import Readings
from mfaaudit.snapshot.sample import bound, draw
from mfaaudit.sources import registration_details, requirements
from mfaaudit.words import Reason

STATES = (*requirements.FIELDS[0].values, None)
"""The strata of a sample; the last one is of users whose state was not listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """The users with one listed state for whom a stand-in has a value, and the sample that was drawn of them."""

    state: str | None
    size: int
    wanted: int
    """Users in the sample."""
    verified: int
    """Those of them whose documented answer was compared with the stand-in's."""
    mismatches: int
    unreadable: int
    """Those of them who were asked for and gave no answer."""

    @property
    def bound(self) -> float:
        """The share, from 0 to 1, that may differ unseen at 95 % confidence; 0 where nobody was left out."""
        return 0.0 if self.wanted == self.size else bound(self.verified)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Verification:
    """What became of one per-user source under `verified-bulk`: users = documented + stood_in + unread."""

    source: str
    stand_in: str
    """The name of the bulk source."""
    seed: str
    documented: int
    """Users whose own read was answered."""
    stood_in: int
    """Users whose value is the stand-in's."""
    unread: int
    unknown: int
    """Users of whom the stand-in has no value, or none that can be interpreted."""
    left_out: int
    """Those of them who were not asked for: disabled accounts, of which the registration report has no rows."""
    administrators: int
    administrators_read: int
    """Those of them whose own read was answered."""
    administrators_from: str
    """Where they are known from, in words."""
    strata: tuple[Stratum, ...]
    mismatches: pl.DataFrame
    """One row for each user and property that differ: both values, when and in which answers they came."""
    fell_back: bool
    """Whether everybody was to be asked for, and no value of the stand-in is used."""
    why: str

    @property
    def bound(self) -> float | None:
        """That of the worst stratum; None if no value of the stand-in is used."""
        return None if self.fell_back else max((one.bound for one in self.strata), default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """What decides who must be read, in the order of the listing."""

    ids: Sequence[str]
    index: Mapping[str, int]
    enabled: pl.Series
    """Whether the account is; null where that is not known."""
    states: pl.Series
    """The listed per-user MFA state; null where it is not known."""
    administrators: pl.Series
    administrators_from: str
    """Empty if who is an administrator is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One source's verification, and what follows for each user."""

    verification: Verification
    wanted: pl.Series
    """Whose own read is wanted."""
    taken: pl.Series
    """For whom the stand-in's value is used."""


def judge(documented: Readings, stand_in: Readings, walk: Walk, people: People, seed: str, *, final: bool) -> Judged:
    """Holds the documented answers against the stand-in's rows; `final` says that no more answers will come."""
    gaps, rows = (pl.Series(one.reasons, dtype=REASONS) for one in (documented, stand_in))
    answered = gaps.is_null()
    asked = answered | (gaps != Reason.NOT_REQUESTED.value)
    usable = _all_known(stand_in)
    differing = _differing(documented, stand_in, answered)
    differs = _all(False, people)
    for mask in differing.values():
        differs |= mask
    strata, sampled = _strata(people, seed, usable, asked, answered, differs)
    excused = _excused(people, rows, stand_in)
    base = (~usable & ~excused) | people.administrators | sampled
    why = list(_reasons(walk, people, differs, strata, final=final))
    if not why and (asked & ~base).any():
        # A late answer that would have kept everybody from being asked must not leave the audit half way.
        why.append("an earlier round had to fall back")
    everybody = _all(bool(why), people)
    taken = usable & ~base & ~asked & ~everybody
    verification = Verification(
        source=documented.source.name,
        stand_in=stand_in.source.name,
        seed=seed,
        documented=int(answered.sum()),
        stood_in=int(taken.sum()),
        unread=len(people.ids) - int(answered.sum()) - int(taken.sum()),
        unknown=int((~usable).sum()),
        left_out=int((excused & ~(base | everybody)).sum()),
        administrators=int(people.administrators.sum()),
        administrators_read=int((people.administrators & answered).sum()),
        administrators_from=people.administrators_from,
        strata=strata,
        mismatches=_mismatches(people.ids, documented, stand_in, differing),
        fell_back=bool(why),
        why="; ".join(why),
    )
    return Judged(verification=verification, wanted=base | everybody, taken=taken)


def _all_known(readings: Readings) -> pl.Series:
    columns = [f"{field.column}_reason" for field in readings.source.fields]
    return readings.frame.select(pl.all_horizontal(pl.col(columns).is_null())).to_series()


def _excused(people: People, rows: pl.Series, stand_in: Readings) -> pl.Series:
    """Disabled accounts without a row, where the source is known to leave them out and was read to its end."""
    without = (rows == Reason.NO_ROW.value).eq_missing(True)
    leaves_out = stand_in.source.name == registration_details.SOURCE.name
    return without & people.enabled.eq_missing(False) & _all(leaves_out, people)


def _all(value: bool, people: People) -> pl.Series:
    return pl.Series([value]).new_from_index(0, len(people.ids))


def _differing(documented: Readings, stand_in: Readings, answered: pl.Series) -> dict[str, pl.Series]:
    """For each column whose value the stand-in has: for whom the documented answer is another, or cannot be read."""
    found = {}
    for column in (field.column for field in documented.source.fields):
        known = stand_in.frame[f"{column}_reason"].is_null()
        # An unknown value is null, and so differs from every known one.
        found[column] = answered & known & documented.frame[column].ne_missing(stand_in.frame[column])
    return found


def _strata(
    people: People, seed: str, usable: pl.Series, asked: pl.Series, answered: pl.Series, differs: pl.Series
) -> tuple[tuple[Stratum, ...], pl.Series]:
    """The strata that hold anybody, and who is in the sample of any of them."""
    strata = []
    drawn: list[int] = []
    for state in STATES:
        members = pl.Series(people.ids, dtype=pl.String()).filter(usable & people.states.eq_missing(state))
        if members.is_empty():
            continue
        sample = [people.index[user.lower()] for user in draw(seed, members.to_list())]
        verified = int(answered.gather(sample).sum())
        strata.append(
            Stratum(
                state=state,
                size=len(members),
                wanted=len(sample),
                verified=verified,
                mismatches=int(differs.gather(sample).sum()),
                unreadable=int(asked.gather(sample).sum()) - verified,
            )
        )
        drawn += sample
    positions = pl.int_range(len(people.ids), eager=True)
    return tuple(strata), positions.is_in(pl.Series(drawn, dtype=pl.Int64()).implode())


def _reasons(
    walk: Walk, people: People, differs: pl.Series, strata: Sequence[Stratum], *, final: bool
) -> Iterator[str]:
    """Why everybody has to be asked for."""
    if walk.gap is not None:
        yield f"{walk.source} was not read to its end ({walk.gap.reason})"
    if not people.administrators_from:
        yield "neither the registration report nor the role assignments say who is an administrator"
    if count := int(differs.sum()):
        yield f"the documented answers of {count:,} {'user' if count == 1 else 'users'} differ from {walk.source}"
    for one in strata:
        # Where all were asked for, nothing rests on the sample.
        if one.verified == 0 and one.wanted < one.size and (final or one.unreadable == one.wanted):
            yield f"nobody of the sample could be read whose state is {one.state or 'not listed'}"


def _mismatches(
    ids: Sequence[str], documented: Readings, stand_in: Readings, differing: Mapping[str, pl.Series]
) -> pl.DataFrame:
    parts = []
    for field in documented.source.fields:
        mask = differing[field.column]
        ours, theirs = documented.frame.filter(mask), stand_in.frame.filter(mask)
        at, request = f"{documented.prefix}_readAt", f"{documented.prefix}_requestId"
        parts.append(
            pl.DataFrame(
                {
                    "user_id": pl.Series(ids, dtype=pl.String()).filter(mask),
                    "field": pl.Series([field.name] * ours.height, dtype=pl.String()),
                    "stand_in": theirs[field.column].cast(pl.String()),
                    "stand_in_readAt": theirs[at],
                    "stand_in_requestId": theirs[request],
                    "documented": ours[field.column].cast(pl.String()),
                    "documented_reason": ours[f"{field.column}_reason"].cast(pl.String()),
                    "documented_readAt": ours[at],
                    "documented_requestId": ours[request],
                }
            )
        )
    return pl.concat(parts)
