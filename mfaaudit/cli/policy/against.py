"""`mfaaudit policy test --against`: the evidence of an audit judged with a draft, beside how it was judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mfaaudit.cli.policy.words import counted, line

if TYPE_CHECKING:
    from mfaaudit.findings import Pack, RuleResult
    from mfaaudit.findings.flips import Flip, Flips
    from mfaaudit.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A draft, tried on a bundle."""

    bundle: Path
    snapshot: Snapshot
    before: tuple[Pack, ...]
    draft: tuple[Pack, ...]
    flips: Flips
    gone: tuple[RuleResult, ...]
    """Rules that the draft drops from packs that it stands for; other packs of the audit it leaves alone."""
    names: dict[str, str | None]
    """User principal names by object id; None where it was not read."""


def try_on(bundle: Path, names: Sequence[str]) -> Tried:
    """Judges the evidence with the packs of these names, and with those that the bundle was judged with.

    Raises PolicyProblem for a draft that no audit could be judged with, BundleProblem for a damaged bundle.
    """
    from mfaaudit.bundle import EVIDENCE, reading
    from mfaaudit.findings import Terms, load_packs
    from mfaaudit.findings.flips import flips_between
    from mfaaudit.judging import judge_snapshot
    from mfaaudit.kept import brief_of
    from mfaaudit.snapshot import take
    from mfaaudit.vocabulary import FIELDS

    with reading(bundle):
        how = brief_of(bundle, None)
        draft, before = load_packs(names, Terms(posture=how.posture, allow_conflicts=how.allow_conflicts)), how.packs
        snapshot = take(bundle / EVIDENCE)
    # All but the packs stays as it was: the posture, the exceptions, the classes of accounts.
    then, now = judge_snapshot(snapshot, how), judge_snapshot(snapshot, replace(how, packs=draft))
    flips = flips_between(then.findings, now.findings)
    stands_for = {text.pack for pack in draft for text in (*pack.based_on, pack.text)}
    stands_for |= {one.before.pack for one in flips.rules}
    users = snapshot.users.select("user_id", FIELDS["user.userPrincipalName"].column)
    return Tried(
        bundle=bundle,
        snapshot=snapshot,
        before=before,
        draft=draft,
        flips=flips,
        gone=tuple(one for one in flips.gone if one.rule.pack in stands_for),
        names=dict(users.iter_rows()),
    )


def show(tried: Tried, limit: int) -> None:
    """Prints who flips, up to a number of users of each kind, and what is new or gone."""
    run, flips = tried.snapshot.run, tried.flips
    click.echo()
    line(f"Against {tried.bundle}: {tried.snapshot.users.height:,} users, read {run.started_at:%Y-%m-%d %H:%M} UTC")
    line(f"  judged with {_packs(tried.before)}; draft: {_packs(tried.draft)}")
    for one in flips.changed:
        click.echo()
        line(f"{one.after.id}  {one.after.title}", bold=True)
        if one.before.severity is not one.after.severity:
            line(f"    severity {one.before.severity} -> {one.after.severity}")
        for flip in one.flips:
            line(f"    {flip.before} -> {flip.after}: {flip.count:,}")
            _users(flip, tried, limit)
    _others("New rules", flips.new)
    _others("Rules that are gone", tried.gone)
    unchanged = len(flips.rules) - len(flips.changed)
    click.echo()
    line(f"{counted(unchanged, 'rule')} judge{'s' if unchanged == 1 else ''} everybody as before")
    aside = len(flips.gone) - len(tried.gone)
    if aside:
        line(
            f"{counted(aside, 'rule')} of other packs that the bundle was judged with {'is' if aside == 1 else 'are'} "
            "not part of the draft"
        )


def _users(flip: Flip, tried: Tried, limit: int) -> None:
    for user_id in flip.user_ids[:limit]:
        line(f"        {user_id}  {tried.names[user_id] or '(name not read)'}")
    more = len(flip.user_ids) - limit
    if more > 0:
        line(f"        and {more:,} more")


def _others(title: str, results: Sequence[RuleResult]) -> None:
    from mfaaudit.findings.results import by_verdict

    if not results:
        return
    click.echo()
    line(title, bold=True)
    for one in results:
        counts = ", ".join(f"{verdict} {number:,}" for verdict, number in by_verdict(one.counts).items() if number)
        line(f"    {one.rule.id}  {one.rule.title}: {counts or 'nobody'}")


def _packs(packs: Sequence[Pack]) -> str:
    return ", ".join(f"{one.id} {one.version}" for one in packs)


def for_programs(tried: Tried) -> dict[str, Any]:
    """Everything, with all users."""
    return {
        "bundle": str(tried.bundle),
        "runId": tried.snapshot.run.id,
        "users": tried.snapshot.users.height,
        "before": [{"id": one.id, "version": one.version, "sha256": one.sha256} for one in tried.before],
        "draft": [{"id": one.id, "version": one.version, "sha256": one.sha256} for one in tried.draft],
        "rules": [
            {
                "id": one.after.id,
                "title": one.after.title,
                "severity": {"before": one.before.severity.value, "after": one.after.severity.value},
                "same": one.same,
                "flips": [_flip(flip, tried) for flip in one.flips],
            }
            for one in tried.flips.rules
        ],
        "new": [_result(one) for one in tried.flips.new],
        "gone": [_result(one) for one in tried.gone],
    }


def _flip(flip: Flip, tried: Tried) -> dict[str, Any]:
    return {
        "before": flip.before.value,
        "after": flip.after.value,
        "count": flip.count,
        "users": [{"userId": one, "userPrincipalName": tried.names[one]} for one in flip.user_ids],
    }


def _result(one: RuleResult) -> dict[str, Any]:
    from mfaaudit.findings.results import by_verdict

    counts = {verdict.value: number for verdict, number in by_verdict(one.counts).items() if number}
    return {"id": one.rule.id, "title": one.rule.title, "severity": one.rule.severity.value, "counts": counts}
