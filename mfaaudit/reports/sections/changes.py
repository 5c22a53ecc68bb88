"""What changed since earlier audits: the trend, each rule, and who came and went."""

from __future__ import annotations

from collections.abc import Iterator

from mfaaudit.earlier import Cause, Change, Comparison, Earlier
from mfaaudit.earlier.change import FAILED_BEFORE, FAILS_NOW
from mfaaudit.reports.cause_tables import by_cause, causes_by_rule
from mfaaudit.reports.change_lists import people
from mfaaudit.reports.change_numbers import UNPROVED, everything, facts_of, in_short, labels
from mfaaudit.reports.change_tables import before_and_now, by_rule, of_data
from mfaaudit.reports.document import Chart, ChartKind, Section, Series, Tone
from mfaaudit.reports.material import Material
from mfaaudit.reports.trend_tables import trend, use

NONE_GIVEN = (
    "No earlier audit was given. `--earlier BUNDLE`, with the folder of an audit of the same tenant that was made "
    "before, says here what changed since; given several times, it draws the trend."
)

RULES_THAT = {
    Comparison.CHANGED: "Rules that ask something else than before",
    Comparison.NEW: "Rules that the previous audit was not judged with",
    Comparison.GONE: "Rules that this audit is not judged with",
}


def section(material: Material) -> Section | None:
    """Changes; without earlier audits one sentence in the workbook alone, and nothing in a copy."""
    earlier = material.earlier
    if earlier is None and material.share is not None:
        return None
    if earlier is None:
        return Section(name="Changes", title="Changes", lead=(NONE_GIVEN,), on_page=False)
    data = of_data(earlier)
    return Section(
        name="Changes",
        title="Changes",
        lead=tuple(_lead(earlier)),
        facts=tuple(facts_of(earlier)),
        charts=(_along_time(earlier), *_by_rule(earlier)),
        tables=(
            trend(earlier),
            use(earlier),
            by_cause(earlier),
            by_rule(earlier),
            causes_by_rule(earlier),
            before_and_now(earlier),
            *(() if data is None else (data,)),
            people(material, earlier),
        ),
    )


def _lead(earlier: Earlier) -> Iterator[str]:
    yield in_short(earlier)
    yield (
        "A failure is fixed only where the rule passes now. Who left, is out of scope or is waived, and what could "
        "not be judged, is counted apart. Earlier audits were judged again from their own evidence, with the rules "
        "and exceptions that their bundles keep."
    )
    for comparison in (Comparison.CHANGED, Comparison.NEW, Comparison.GONE):
        ids = [one.rule.id for one in earlier.rules_changed if one.comparison is comparison]
        if ids:
            yield f"{RULES_THAT[comparison]}: {', '.join(ids)}."
    moved = earlier.caused(Change.FIXED, Cause.RULE)
    if moved:
        fixed = earlier.total(Change.FIXED)
        yield f"Fixed is not always cured: of {fixed:,}, {moved:,} pass at least in part because the rule changed."
    if not earlier.complete:
        yield UNPROVED


def _along_time(earlier: Earlier) -> Chart:
    audits, days = everything(earlier), labels(earlier)
    failing, unjudged = [one.failed_users for one in audits], [one.open_users for one in audits]
    return Chart(
        name="UsersAlongTime",
        title="Users failing and users not fully judged, by audit",
        kind=ChartKind.LINES,
        categories=days,
        series=(
            Series(name="Users failing", values=failing, tone=Tone.BAD),
            Series(name="Users not fully judged", values=unjudged, tone=Tone.OPEN),
        ),
        summary="; ".join(
            f"{day}: {one.failed_users:,} of {one.enumerated:,} users failing, {one.open_users:,} not fully judged"
            for day, one in zip(days, audits, strict=True)
        )
        + ".",
        value_title="Users",
    )


def _by_rule(earlier: Earlier) -> Iterator[Chart]:
    shown = [one for one in earlier.of_tenant if one.counts]
    if not shown:
        return
    came = [change for change in FAILS_NOW if change is not Change.STILL_FAILING]
    went = [change for change in FAILED_BEFORE if change not in (Change.STILL_FAILING, Change.FIXED)]
    numbers = {
        "Came": [sum(one.counts.get(change, 0) for change in came) for one in shown],
        "Stayed": [one.counts.get(Change.STILL_FAILING, 0) for one in shown],
        "Fixed": [one.counts.get(Change.FIXED, 0) for one in shown],
        "Went otherwise": [sum(one.counts.get(change, 0) for change in went) for one in shown],
    }
    tones = (Tone.BAD, Tone.PLAIN, Tone.GOOD, Tone.OPEN)
    yield Chart(
        name="FailuresByChange",
        title="Failures that came, stayed and went, for each rule",
        kind=ChartKind.BARS,
        categories=[one.rule.id for one in shown],
        series=tuple(
            Series(name=name, values=values, tone=tone)
            for (name, values), tone in zip(numbers.items(), tones, strict=True)
        ),
        summary="; ".join(
            f"{one.rule.id}: {numbers['Came'][n]:,} came, {numbers['Stayed'][n]:,} stayed, "
            f"{numbers['Fixed'][n]:,} fixed, {numbers['Went otherwise'][n]:,} went otherwise"
            for n, one in enumerate(shown)
        )
        + ".",
        value_title="Failures",
    )
