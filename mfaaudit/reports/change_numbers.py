"""What changed since the previous audit, in the numbers and words that several parts of a report share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mfaaudit.earlier import Audit, Cause, Change, Earlier, Since
from mfaaudit.earlier.change import FAILED_BEFORE, FAILS_NOW
from mfaaudit.reports.document import Fact, Tone
from mfaaudit.reports.material import Material

UNPROVED = (
    "Not both populations were proved complete: who seems to have joined or left may only not have been listed once."
)
TONES = {
    Change.NEW_FAILURE: Tone.BAD,
    Change.WAIVER_ENDED: Tone.BAD,
    Change.NEWLY_JUDGED: Tone.BAD,
    Change.STILL_FAILING: Tone.BAD,
    Change.NO_LONGER_JUDGED: Tone.OPEN,
    Change.LEFT: Tone.OPEN,
    Change.FIXED: Tone.GOOD,
}
"""Of a change that happened at all; the others are plain."""
IN_WORDS = {
    Change.NEW_FAILURE: ("new failure", "new failures"),
    Change.FIXED: ("fixed", "fixed"),
    Change.STILL_FAILING: ("still failing", "still failing"),
    Change.WAIVER_ENDED: ("waiver ended", "waivers ended"),
    Change.NEWLY_JUDGED: ("newly judged and failing", "newly judged and failing"),
    Change.NO_LONGER_JUDGED: ("no longer judged", "no longer judged"),
    Change.BECAME_WAIVED: ("became waived", "became waived"),
    Change.OUT_OF_SCOPE: ("no longer in scope", "no longer in scope"),
    Change.JOINED: ("failure of users who joined", "failures of users who joined"),
    Change.BACK: ("failure of users who are back", "failures of users who are back"),
    Change.LEFT: ("failure of users who left", "failures of users who left"),
    Change.NEW_RULE: ("failure under a new rule", "failures under new rules"),
    Change.RULE_GONE: ("failure under a rule that is gone", "failures under rules that are gone"),
}
ALWAYS = (Change.NEW_FAILURE, Change.FIXED, Change.STILL_FAILING)


def in_short(earlier: Earlier) -> str:
    """The comparison in one sentence."""
    said = []
    for change, words in IN_WORDS.items():
        count = earlier.total(change)
        if count or change in ALWAYS:
            said.append(f"{count:,} {words[count != 1]}")
    people = earlier.people
    moves = ((Change.JOINED, "joined"), (Change.BACK, "back"), (Change.LEFT, "left"))
    counts = [f"{people.count(change):,} {word}" for change, word in moves if people.count(change)]
    users = f"; users: {', '.join(counts)}" if counts else ""
    return f"Since {earlier.previous.day.isoformat()}: {', '.join(said)}{users}{_causes(earlier)}."


def _causes(earlier: Earlier) -> str:
    """What the main causes of everything that changed are, the commonest first."""
    found = sorted(((earlier.main(cause), cause) for cause in Cause), key=lambda one: -one[0])
    said = [f"{cause.words} {count:,}" for count, cause in found if count]
    return f"; causes: {', '.join(said)}" if said else ""


def first_failed(material: Material, rule_id: str) -> Mapping[str | None, Since]:
    """Everybody who fails a rule now, by object id in lower case (None for the tenant) -> since when.

    Empty if no earlier audit was given: then nothing is known of it.
    """
    return {} if material.earlier is None else material.earlier.first_failed(rule_id)


def facts_of(earlier: Earlier) -> Iterator[Fact]:
    """The comparison line by line."""
    previous, people = earlier.previous, earlier.people
    yield Fact(label="Compared with the audit of", value=previous.started_at, note=f"Run {previous.run_id}.")
    yield Fact(
        label="Failures before",
        value=previous.failures,
        note=f"{_sum(earlier, FAILED_BEFORE)}.",
    )
    yield Fact(
        label="Failures now",
        value=earlier.now.failures,
        note=f"{_sum(earlier, FAILS_NOW)}.",
    )
    for change in Change:
        count = earlier.total(change)
        if count or change in ALWAYS:
            tone = TONES.get(change, Tone.PLAIN) if count else Tone.PLAIN
            yield Fact(label=IN_WORDS[change][1].capitalize(), value=count, note=change.meaning, tone=tone)
    caveat = "" if earlier.complete else f" {UNPROVED}"
    unsure = Tone.PLAIN if earlier.complete else Tone.OPEN
    yield Fact(
        label="Users who joined",
        value=people.count(Change.JOINED),
        note=f"{people.failing(Change.JOINED):,} of them fail a rule.{caveat}",
        tone=unsure,
    )
    if len(earlier.audits) > 1:
        yield Fact(
            label="Users who are back",
            value=people.count(Change.BACK),
            note=f"Listed in an older audit, not in the previous one, and again now.{caveat}",
            tone=unsure,
        )
    yield Fact(
        label="Users who left",
        value=people.count(Change.LEFT),
        note=f"{people.failing(Change.LEFT):,} of them failed a rule: that is not counted as fixed.{caveat}",
        tone=unsure,
    )


def labels(earlier: Earlier) -> list[str]:
    """The day of each audit, or its time where two were on one day; the present one last."""
    audits = everything(earlier)
    days = [one.day.isoformat() for one in audits]
    if len(set(days)) == len(days):
        return days
    return [f"{one.started_at:%Y-%m-%d %H:%M:%S}" for one in audits]


def everything(earlier: Earlier) -> tuple[Audit, ...]:
    """All audits, the oldest first and the present one last."""
    return (*earlier.audits, earlier.now)


def _sum(earlier: Earlier, changes: tuple[Change, ...]) -> str:
    numbers = ((earlier.total(one), IN_WORDS[one]) for one in changes)
    return " + ".join(f"{count:,} {words[count != 1]}" for count, words in numbers)
