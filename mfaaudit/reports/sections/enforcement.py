"""What asks how many users for MFA: by answer and by policy; the part on administrators names them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from mfaaudit.facts.conditional_access.policy import BETA_ONLY
from mfaaudit.findings.asking import Answered, Asking, Users, administrators_not_asked, answered, resting, total
from mfaaudit.reports.document import Chart, ChartKind, Fact, Section, Series, Tone
from mfaaudit.reports.enforcement_tables import by_answer, by_policy
from mfaaudit.reports.material import Material
from mfaaudit.reports.share import percent
from mfaaudit.reports.traces import origin
from mfaaudit.sources.options import OPTIONS, POLICY_GROUPS
from mfaaudit.words import Reason, Unknown

TENANT = (
    ("derived_allUsersMfaPolicies", "Policies for all users"),
    ("derived_administratorsMfaPolicies", "Policies for administrators"),
    ("derived_guestsMfaPolicies", "Policies for guests"),
)
FLAG = OPTIONS[POLICY_GROUPS.name].flag


def section(material: Material) -> Section:
    """Enforcement."""
    rows = answered(material.users)
    charts = [_of_accounts(rows)]
    if total(rows).administrators:
        charts.append(_of_administrators(rows))
    return Section(
        name="Enforcement",
        title="Enforcement",
        lead=(
            "Registered, capable, required and used are four facts. This part says what is required: what asks each "
            "user for MFA, whichever way the tenant asks. It does not say that the user can answer, nor that anybody "
            "signed in that way.",
            "Of several ways that ask, the strongest counts, in the order of the table. An account that is excluded on "
            "purpose, as one for emergencies is, belongs in the register of exceptions.",
            f"A policy marked [{BETA_ONLY}] is in Graph's beta list and not in that of v1.0, which leaves out policies "
            "with preview features.",
            f"Worked out for each user from {origin('derived.enforcedBy').removeprefix('worked out from ')}.",
        ),
        facts=(*_asked(rows), _administrators(rows), _posture(material), *_policies_of_tenant(material)),
        charts=charts,
        tables=(by_answer(rows), by_policy(material)),
        sheet="Tenant",
    )


def enforcement_json(material: Material) -> dict[str, Any]:
    """The same numbers for programs."""
    return {
        "byAnswer": [
            {
                "enforcedBy": None if one.answer is None else one.answer.value,
                "reason": None if one.reason is None else one.reason.value,
                "asking": one.asking.value,
                "users": one.counts.users,
                "enabled": one.counts.enabled,
                "members": one.counts.members,
                "guests": one.counts.guests,
                "typeNotKnown": one.counts.untyped,
                "administrators": one.counts.administrators,
                "administratorsNotKnown": one.counts.perhaps_administrators,
                "disabled": one.counts.disabled,
                "enabledNotKnown": one.counts.unclear,
            }
            for one in answered(material.users)
        ],
        "byPolicy": [
            {"policy": policy, "enforcedBy": answer, "users": users, "enabled": enabled}
            for policy, answer, users, enabled in resting(material.users).iter_rows()
        ],
        "administratorsNotAskedOnEveryResource": administrators_not_asked(material.users)["user_id"].to_list(),
    }


def _of(rows: Sequence[Answered], asking: Asking) -> Users:
    return total(one for one in rows if one.asking is asking)


def _asked(rows: Sequence[Answered]) -> Iterator[Fact]:
    enabled = total(rows).enabled

    # Nobody is good news only where the answer is known of everybody.
    nobody = Tone.PLAIN if _of(rows, Asking.NOT_KNOWN).enabled else Tone.GOOD

    def fact(asking: Asking, label: str, note: str, tone: Tone) -> Fact:
        count = _of(rows, asking).enabled
        of = f"{percent(Fraction(count, enabled))} of {enabled:,} enabled accounts. " if enabled else ""
        return Fact(label=label, value=count, note=of + note, tone=tone if count else nobody)

    yield fact(
        Asking.EVERYWHERE,
        "Asked on every resource",
        "Security defaults, a policy for all resources, the per-user state, or another product.",
        Tone.PLAIN,
    )
    yield fact(Asking.AT_TIMES, "Asked at times", "By policies for some resources or under conditions.", Tone.BAD)
    yield fact(Asking.NEVER, "Not asked", "Excluded, in a policy that only reports, or without any.", Tone.BAD)
    yield fact(Asking.NOT_KNOWN, "Not known", _reasons(rows), Tone.OPEN)


def _reasons(rows: Sequence[Answered]) -> str:
    found = Counter({one.reason.value: one.counts.enabled for one in rows if one.reason and one.counts.enabled})
    told = ", ".join(f"{reason} {count:,}" for reason, count in found.most_common())
    if not found[Reason.NOT_REQUESTED.value]:
        return told
    return f"{told}. With {FLAG}, or a rule that asks for it, the groups that policies name are read as well."


def _administrators(rows: Sequence[Answered]) -> Fact:
    every, perhaps = total(rows), total(rows).perhaps_administrators
    left = every.administrators - _of(rows, Asking.EVERYWHERE).administrators
    unknown = _of(rows, Asking.NOT_KNOWN).administrators
    note = f"Of {every.administrators:,} enabled accounts that hold a role or are administrators by the report."
    if unknown:
        note += f" Of {unknown:,} of them it is not known what asks."
    if perhaps:
        note += f" Of {perhaps:,} more it is not known whether they are administrators."
    tone = Tone.BAD if left > unknown else Tone.OPEN if unknown or perhaps else Tone.GOOD
    note += " The part Admins names them."
    return Fact(label="Administrators not surely asked on every resource", value=left, note=note, tone=tone)


def _posture(material: Material) -> Fact:
    posture = material.declared.posture
    return Fact(
        label="How the tenant asks",
        value=posture.value or Unknown(posture.reason or Reason.UNKNOWN_VALUE),
        note=" ".join((posture.statement, *posture.remarks)),
        tone=Tone.OPEN if posture.remarks or posture.value is None else Tone.PLAIN,
    )


def _policies_of_tenant(material: Material) -> Iterator[Fact]:
    tenant = material.declared.tenant
    for column, label in TENANT:
        reason = tenant[f"{column}_reason"].item()
        if reason is not None:
            yield Fact(label=label, value=Unknown(Reason(reason)), tone=Tone.OPEN)
            continue
        names = tenant[column].item()
        yield Fact(label=label, value=len(names), note=f"On, for all resources: {', '.join(names) or 'none'}")


def _label(one: Answered) -> str:
    return one.answer.value if one.answer is not None else f"not known ({one.reason})"


def _of_accounts(rows: Sequence[Answered]) -> Chart:
    shown = [one for one in rows if one.counts.enabled] or list(rows)
    series = [
        Series(name="Members", values=[one.counts.members for one in shown]),
        Series(name="Guests", values=[one.counts.guests for one in shown]),
    ]
    if total(rows).untyped:
        series.append(Series(name="Type not read", values=[one.counts.untyped for one in shown], tone=Tone.OPEN))
    return Chart(
        name="EnforcementOfAccounts",
        title="Enabled accounts by what asks for MFA",
        kind=ChartKind.BARS,
        categories=[_label(one) for one in shown],
        series=series,
        summary="; ".join(
            f"{_label(one)}: {one.counts.members:,} members, {one.counts.guests:,} guests"
            + (f", {one.counts.untyped:,} of unknown type" if one.counts.untyped else "")
            for one in shown
        ),
        value_title="Enabled accounts",
    )


def _of_administrators(rows: Sequence[Answered]) -> Chart:
    shown = [one for one in rows if one.counts.administrators]
    return Chart(
        name="EnforcementOfAdministrators",
        title="Enabled administrators by what asks for MFA",
        kind=ChartKind.BARS,
        categories=[_label(one) for one in shown],
        series=(Series(name="Administrators", values=[one.counts.administrators for one in shown]),),
        summary="; ".join(f"{_label(one)}: {one.counts.administrators:,}" for one in shown),
        value_title="Enabled administrators",
    )
