"""An explanation as lines of text, for a terminal of a hundred columns."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from mfaaudit.explaining.explanation import AboutTenant, Explained, Explanation, Shown
from mfaaudit.explaining.why import what_next, why
from mfaaudit.facts.conditional_access.enforcement import Enforcer
from mfaaudit.findings import in_words
from mfaaudit.findings.results import WORST
from mfaaudit.reports.document import Cell
from mfaaudit.reports.enforcement_tables import MEANINGS
from mfaaudit.reports.plain import plain
from mfaaudit.reports.profiles import DECLARED, READ
from mfaaudit.reports.traces import endpoint
from mfaaudit.sources import BY_NAME
from mfaaudit.vocabulary import SOURCE_OF
from mfaaudit.words import Reason, Unknown, Verdict

WIDTH = 100
LABEL, INDENT = 12, 16
LONGEST = 48
"""Letters of a name that has its value beside it."""
ENFORCED_BY, RESTS_ON = "derived.enforcedBy", "derived.enforcingPolicies"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a verdict may stand before the text, to be shown in its colour."""

    text: str = ""
    verdict: Verdict | None = None
    bold: bool = False


def lines_of(made: Explanation, bundle: str) -> Iterator[Line]:
    """All of it; what comes from a tenant or a file holds no character that a terminal would obey."""
    yield from _head(made, bundle)
    yield from _rules(made)
    yield from _about_tenant(made)
    yield from _values(made)
    yield from _lists(made)


def cell_in_words(value: Cell) -> str:
    """A value as it is shown: `NOT READ (TIMEOUT)` where there is none."""
    if isinstance(value, Unknown):
        return f"NOT READ ({value.reason.value})"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return _time(value)
    return "(read, and empty)" if value in ("", None) else plain(str(value))


def _head(made: Explanation, bundle: str) -> Iterator[Line]:
    run, profile = made.material.snapshot.run, made.profile
    name = cell_in_words(made.value("user.displayName"))
    yield Line(name, bold=True)
    yield from _labelled("Account", f"{cell_in_words(profile.name)}, object id {plain(profile.user_id)}")
    enabled = {True: "enabled", False: "disabled"}
    state = made.value("user.accountEnabled")
    words = enabled[state] if isinstance(state, bool) else f"enabled: {cell_in_words(state)}"
    kind, account = made.value("user.userType"), made.value("derived.accountClass")
    yield from _labelled(
        "",
        f"{words}; type {cell_in_words(kind)}; class {cell_in_words(account)}: "
        f"{cell_in_words(made.value('derived.accountClassReason'))}",
    )
    yield from _labelled("Asked by", _asked_by(made))
    yield from _labelled("Posture", plain(made.material.declared.posture.statement))
    tenant = plain(run.tenant_name or run.default_domain or run.tenant_id)
    simulated = " (simulated)" if run.simulated else ""
    yield from _labelled("Audit", f"{tenant}{simulated}, begun {_time(run.started_at)}, run {plain(run.id)}")
    yield from _labelled("Bundle", plain(bundle))
    counts = Counter(one.judged.verdict for one in made.rules)
    each = ", ".join(f"{counts[verdict]} {verdict.value}" for verdict in WORST if counts[verdict])
    yield Line()
    yield from _heading(profile.worst, f"is the worst verdict of all rules; of those shown: {each or 'none'}")


def _asked_by(made: Explanation) -> str:
    answer, policies = made.value(ENFORCED_BY), made.value(RESTS_ON)
    words = cell_in_words(answer)
    if isinstance(answer, Unknown):
        return words
    words += f": {MEANINGS[Enforcer(str(answer))]}"
    return words if policies == "none" else f"{words} Rests on: {cell_in_words(policies)}"


def _rules(made: Explanation) -> Iterator[Line]:
    for one in made.rules:
        yield Line()
        yield from _rule(one, whole=made.narrowed or one.judged.verdict is not Verdict.NOT_APPLICABLE)


def _rule(one: Explained, *, whole: bool) -> Iterator[Line]:
    judged = one.judged
    rule, reason = judged.result.rule, f" ({judged.reason})" if judged.reason else ""
    yield from _heading(judged.verdict, f"{rule.id}  {plain(rule.title)}  [{judged.severity.value}]{reason}")
    if whole:
        yield from _labelled("  Observed", plain(judged.observed))
        yield from _labelled("  Expected", plain(judged.expected))
    if one.since is not None:
        yield from _labelled("  Since", f"seen failing first in the audit that began {_time(one.since)}")
    if one.action:
        yield from _labelled("  Action", plain(one.action))
    if judged.verdict is Verdict.FAIL and judged.result.blocked_by:
        yield from _labelled("  Not yet", f"waits for {', '.join(judged.result.blocked_by)}")
    yield from _sentences("  Why", why(one))
    # What it would take to be judged by a rule that is about others is for whoever asks for that rule.
    if whole:
        yield from _sentences("  Change", what_next(one))


def _about_tenant(made: Explanation) -> Iterator[Line]:
    if made.tenant_values:
        yield Line()
        yield Line("What the rules ask of the tenant before they apply", bold=True)
        yield from _columns([(name, cell_in_words(value)) for name, value in made.tenant_values.items()])
    if made.of_tenant:
        yield Line()
        yield Line("Rules about the tenant", bold=True)
    for one in made.of_tenant:
        yield from _tenant_rule(one, whole=made.narrowed)
    if made.of_tenant and not made.narrowed:
        yield Line("--rule ID shows what one of them observed and expects.")


def _tenant_rule(one: AboutTenant, *, whole: bool) -> Iterator[Line]:
    rule, reason = one.result.rule, f" ({one.reason})" if one.reason else ""
    yield from _heading(one.verdict, f"{rule.id}  {plain(rule.title)}  [{rule.severity.value}]{reason}")
    if whole:
        yield from _labelled("  Observed", plain(one.result.observed))
        yield from _labelled("  Expected", plain(one.expected))
        yield from _labelled("  Rule", plain(in_words(rule)))
        if one.action:
            yield from _labelled("  Action", plain(one.action))


def _lists(made: Explanation) -> Iterator[Line]:
    if made.lists:
        yield Line()
        yield Line("Lists that the rules name", bold=True)
    for name, values in made.lists.items():
        words = (made.material.snapshot.role_names.get(one, one) for one in values)
        yield from _wrapped(f"  ${name}  ", plain(", ".join(words)), LABEL)


def _values(made: Explanation) -> Iterator[Line]:
    if not made.shown:
        return
    yield Line()
    yield Line("Values", bold=True)
    not_asked = [one for one in made.shown if one.value.value == Unknown(Reason.NOT_REQUESTED)]
    for where, group in groupby((one for one in made.shown if one not in not_asked), key=_where):
        yield Line()
        for text in where:
            yield from _wrapped("", text, 2)
        yield from _columns([(one.value.field.name, cell_in_words(one.value.value)) for one in group])
    if not_asked:
        yield Line()
        names = ", ".join(one.value.field.name for one in not_asked)
        yield from _wrapped("", f"Not asked for in this audit (NOT_REQUESTED): {names}.", 2)


def _columns(rows: list[tuple[str, str]]) -> Iterator[Line]:
    """Names and values side by side; a long name has its value beneath it."""
    width = max((len(name) for name, _ in rows if len(name) <= LONGEST), default=LABEL) + 4
    for name, text in rows:
        lead = f"  {name}"
        if len(name) > LONGEST:
            yield Line(lead)
            lead = ""
        yield from _wrapped(f"{lead:{width}}", text, width)


def _where(one: Shown) -> tuple[str, ...]:
    value, origin = one.value, one.value.origin
    if origin.how == DECLARED:
        return ("Declared in the register of exceptions",)
    documented = SOURCE_OF[value.field.name]
    instead = f", standing in for {BY_NAME[documented].title}" if documented != origin.source.name else ""
    title = f"{origin.source.title}, {endpoint(origin.source)}{instead}"
    if origin.how != READ:
        read = "" if value.read_at is None else f", last read {_time(value.read_at)}"
        return (f"Worked out; decided by {origin.source.title}{read}",)
    beta = ("  beta: Microsoft does not support this endpoint for production use",) if origin.is_beta else ()
    answer = one.answer
    if answer is None:
        said = "there is no answer about this user" if value.read_at is None else f"read {_time(value.read_at)}"
        return (title, *beta, f"  {said}")
    read = f"read {_time(answer.read_at)}"
    if value.read_at is None:
        read = f"not read: asked {_time(answer.read_at)}, status {answer.status or 'none'}"
    request = f", request-id {plain(answer.request_id)}" if answer.request_id else ""
    return (title, *beta, f"  {read}{request}", f"  {answer.file}, line {answer.line}")


def _heading(verdict: Verdict, text: str) -> Iterator[Line]:
    first, *rest = textwrap.wrap(text, WIDTH - INDENT, break_on_hyphens=False)
    yield Line(first, verdict=verdict, bold=True)
    yield from (Line(" " * INDENT + one, bold=True) for one in rest)


def _sentences(label: str, sentences: Iterable[str]) -> Iterator[Line]:
    for number, sentence in enumerate(sentences):
        yield from _labelled("" if number else label, plain(sentence))


def _labelled(label: str, text: str) -> Iterator[Line]:
    yield from _wrapped(f"{label:{LABEL}}", text, LABEL)


def _wrapped(lead: str, text: str, indent: int) -> Iterator[Line]:
    wrapped = textwrap.wrap(text, WIDTH, initial_indent=lead, subsequent_indent=" " * indent, break_on_hyphens=False)
    yield from (Line(one) for one in wrapped or [lead.rstrip()])


def _time(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S} UTC"
