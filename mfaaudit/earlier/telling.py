"""What differs between two audits, in words: the values that a rule looks at, exceptions, and the rule itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from mfaaudit.earlier.audit import JudgedRule
from mfaaudit.earlier.cause import Cause, together
from mfaaudit.earlier.side_by_side import SideBySide
from mfaaudit.earlier.steps import Arrival, Replay, waiver_column
from mfaaudit.earlier.values import TIMES, time_column, value_column
from mfaaudit.sources.field import Scope

TOLD = {"what": pl.String(), "read before": TIMES, "read now": TIMES}
READS = together((Cause.DECLARED, Cause.TENANT, Cause.SCOPE, Cause.USER, Cause.DATA, Cause.TIME))
"""Causes of which the values that differ tell more."""
OF_TENANT = READS & ~together((Cause.SCOPE, Cause.USER))
"""Those that can lie with the tenant, where a rule is about users."""
WAIVERS = together((Cause.WAIVER_CHANGED, Cause.WAIVER_DATE, Cause.USER, Cause.DATA, Cause.RULE))
NONE = "none"
NEVER = pl.lit(None, TIMES)


def tell(side: SideBySide, before: JudgedRule | None, now: JudgedRule | None, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with TOLD: `what` differs, and when what differs first, else what the rule looks at first, was read."""
    if now is None:
        gone = pl.lit("the rule is gone")
        return rows.with_columns(what=_joined([gone, *_listing(side, rows)]), **_no_times())
    replay, arrival = side.audits[-2].replay, side.audits[-1].arrival
    if replay is None or arrival is None:
        raise AssertionError("the previous audit was not judged with the present rules")
    said = "the rule is new" if before is None else "the rule changed"
    parts = [_where(Cause.RULE.bit, pl.lit(said)), *_listing(side, rows)]
    parts.append(_where(OF_TENANT if now.scope is Scope.USER else READS, pl.lit(_of_tenant(now, replay, arrival))))
    days = (side.audits[-1].started_at - side.audits[-2].started_at).days
    if now.scope is Scope.TENANT:
        same = (name for name in arrival.rules[now.id].dated if replay.tenant.get(name) == arrival.tenant.get(name))
        parts += [_aged(name, pl.lit(arrival.tenant[name]), days) for name in same if name in arrival.tenant]
        return rows.with_columns(what=_joined(parts), **_no_times())
    rule = arrival.rules[now.id]
    beside = _beside(side, rows["account"], rule.of_users, waiver_column(now.id))
    parts += [_where(READS, _differing(name)) for name in rule.of_users]
    if "was exception" in beside.columns:
        parts.append(_where(WAIVERS, _exception()))
    for name in (one for one in rule.of_users if one in rule.dated):
        parts.append(pl.when(_was(name) == _is(name)).then(_aged(name, _is(name), days)))
    made = rows.hstack(beside).with_columns(
        _joined(parts).alias("what"),
        _read("was", rule.of_users, beside.columns).alias("read before"),
        _read("is", rule.of_users, beside.columns).alias("read now"),
    )
    return made.drop(beside.columns)


def _of_tenant(now: JudgedRule, replay: Replay, arrival: Arrival) -> str | None:
    """What differs of the tenant, the same for everybody."""
    names = arrival.rules[now.id].of_tenant
    pairs = [(name, replay.tenant[name], arrival.tenant[name]) for name in names]
    if arrival.rules[now.id].is_number:
        pairs.append(("counted", replay.rules[now.id].seen, arrival.rules[now.id].seen))
    return "; ".join(f"{name}: {was} → {is_}" for name, was, is_ in pairs if was != is_) or None


def _beside(side: SideBySide, accounts: pl.Series, fields: Sequence[str], waiver: str) -> pl.DataFrame:
    """The values of both audits for each row, and when they were read, where that is known account by account."""
    return pl.DataFrame(list(_columns(side, accounts, fields, waiver)))


def _columns(side: SideBySide, accounts: pl.Series, fields: Sequence[str], waiver: str) -> Iterator[pl.Series]:
    last = len(side.audits) - 1
    for audit, when in ((last - 1, "was"), (last, "is")):
        for name in fields:
            yield side.column(audit, value_column(name)).gather(accounts).cast(pl.String()).alias(f"{when} {name}")
        for name in dict.fromkeys(map(time_column, fields)):
            if name in side.audits[audit].users.columns:
                yield side.column(audit, name).gather(accounts).alias(f"{when} {name}")
    excused = [waiver in side.audits[audit].users.columns for audit in (last - 1, last)]
    if any(excused):
        was, is_ = (
            side.column(audit, waiver).gather(accounts).cast(pl.String())
            if has
            else pl.repeat(None, len(accounts), dtype=pl.String(), eager=True)
            for audit, has in zip((last - 1, last), excused, strict=True)
        )
        yield was.alias("was exception")
        yield is_.alias("is exception")


def _listing(side: SideBySide, rows: pl.DataFrame) -> Iterator[pl.Expr]:
    accounts, last = rows["account"], len(side.audits) - 1
    for audit, text in ((last - 1, "not listed before"), (last, "not listed now")):
        missing = ~side.listed(audit).gather(accounts)
        yield pl.when(missing.fill_null(value=False)).then(pl.lit(text))


def _was(name: str) -> pl.Expr:
    return pl.col(f"was {name}")


def _is(name: str) -> pl.Expr:
    return pl.col(f"is {name}")


def _where(causes: int, text: pl.Expr) -> pl.Expr:
    return pl.when((pl.col("causes") & causes) != 0).then(text)


def _differing(name: str) -> pl.Expr:
    was, is_ = _was(name), _is(name)
    return pl.when(was != is_).then(pl.format("{}: {} → {}", pl.lit(name), was, is_))


def _exception() -> pl.Expr:
    was, is_ = (pl.col(f"{when} exception").fill_null(NONE) for when in ("was", "is"))
    return pl.when(was != is_).then(pl.format("exception: {} → {}", was, is_))


def _aged(name: str, value: pl.Expr, days: int) -> pl.Expr:
    return _where(Cause.TIME.bit, pl.format("{}: {}, and {} days later still", pl.lit(name), value, pl.lit(days)))


def _joined(parts: Sequence[pl.Expr]) -> pl.Expr:
    text = pl.concat_str(parts, separator="; ", ignore_nulls=True)
    return pl.when(text != "").then(text)


def _read(when: str, fields: Sequence[str], columns: Sequence[str]) -> pl.Expr:
    """When the first of the values that differ was read; where none does, the first of all."""
    times = {name: pl.col(f"{when} {time_column(name)}") for name in fields if f"{when} {time_column(name)}" in columns}
    differ = [(_was(name) != _is(name)).fill_null(value=False) for name in fields]
    first = [pl.when(_was(name) != _is(name)).then(time) for name, time in times.items()]
    # What follows from several answers was read at no one time.
    same = ~pl.any_horizontal(pl.lit(value=False), *differ)
    return pl.coalesce(*first, pl.when(same).then(pl.coalesce(*times.values(), NEVER)))


def _no_times() -> dict[str, pl.Expr]:
    return {name: pl.lit(None, TIMES) for name in ("read before", "read now")}
