"""An explanation as lines of text: who it is, each rule, the tenant, and the values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mfaaudit.explaining.explanation import AboutTenant, Explained, Explanation
from mfaaudit.explaining.lines import Line, cell_in_words, columns, heading, labelled, sentences, time_in_words
from mfaaudit.explaining.value_lines import list_lines, value_lines
from mfaaudit.explaining.why import what_next, why
from mfaaudit.facts.conditional_access.enforcement import Enforcer
from mfaaudit.findings import in_words
from mfaaudit.findings.results import WORST
from mfaaudit.reports.enforcement_tables import MEANINGS
from mfaaudit.words import Unknown, Verdict

ENFORCED_BY, RESTS_ON = "derived.enforcedBy", "derived.enforcingPolicies"


def lines_of(made: Explanation, bundle: str) -> Iterator[Line]:
    """All of it; what comes from a tenant or a file holds no character that a terminal would obey."""
    yield from _head(made, bundle)
    yield from _rules(made)
    yield from _about_tenant(made)
    yield from value_lines(made)
    yield from list_lines(made)


def _head(made: Explanation, bundle: str) -> Iterator[Line]:
    run, profile = made.material.snapshot.run, made.profile
    name = cell_in_words(made.value("user.displayName"))
    yield Line(name, bold=True)
    yield from labelled("Account", f"{cell_in_words(profile.name)}, object id {profile.user_id}")
    enabled = {True: "enabled", False: "disabled"}
    state = made.value("user.accountEnabled")
    words = enabled[state] if isinstance(state, bool) else f"enabled: {cell_in_words(state)}"
    kind, account = made.value("user.userType"), made.value("derived.accountClass")
    yield from labelled(
        "",
        f"{words}; type {cell_in_words(kind)}; class {cell_in_words(account)}: "
        f"{cell_in_words(made.value('derived.accountClassReason'))}",
    )
    yield from labelled("Asked by", _asked_by(made))
    yield from labelled("Posture", made.material.declared.posture.statement)
    tenant = run.tenant_called
    simulated = " (simulated)" if run.simulated else ""
    yield from labelled("Audit", f"{tenant}{simulated}, begun {time_in_words(run.started_at)}, run {run.id}")
    yield from labelled("Bundle", bundle)
    counts = Counter(one.judged.verdict for one in made.rules)
    each = ", ".join(f"{counts[verdict]} {verdict.value}" for verdict in WORST if counts[verdict])
    yield Line()
    yield from heading(profile.worst, f"is the worst verdict of all rules; of those shown: {each or 'none'}")


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
    yield from heading(judged.verdict, f"{rule.id}  {rule.title}  [{judged.severity.value}]{reason}")
    if whole:
        yield from labelled("  Observed", judged.observed)
        yield from labelled("  Expected", judged.expected)
    if one.since is not None:
        yield from labelled("  Since", f"seen failing first in the audit that began {time_in_words(one.since)}")
    if one.action:
        yield from labelled("  Action", one.action)
    if judged.verdict is Verdict.FAIL and judged.result.blocked_by:
        yield from labelled("  Not yet", f"waits for {', '.join(judged.result.blocked_by)}")
    yield from sentences("  Why", why(one))
    # What it would take to be judged by a rule that is about others is for whoever asks for that rule.
    if whole:
        yield from sentences("  Change", what_next(one))


def _about_tenant(made: Explanation) -> Iterator[Line]:
    if made.tenant_values:
        yield Line()
        yield Line("What the rules ask of the tenant before they apply", bold=True)
        yield from columns([(name, cell_in_words(value)) for name, value in made.tenant_values.items()])
    if made.of_tenant:
        yield Line()
        yield Line("Rules about the tenant", bold=True)
    for one in made.of_tenant:
        yield from _tenant_rule(one, whole=made.narrowed)
    if made.of_tenant and not made.narrowed:
        yield Line("--rule ID shows what one of them observed and expects.")


def _tenant_rule(one: AboutTenant, *, whole: bool) -> Iterator[Line]:
    rule, reason = one.result.rule, f" ({one.reason})" if one.reason else ""
    yield from heading(one.verdict, f"{rule.id}  {rule.title}  [{rule.severity.value}]{reason}")
    if whole:
        yield from labelled("  Observed", one.result.observed)
        yield from labelled("  Expected", one.expected)
        yield from labelled("  Rule", in_words(rule))
        if one.action:
            yield from labelled("  Action", one.action)
