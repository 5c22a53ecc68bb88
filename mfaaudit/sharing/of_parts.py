"""What becomes of every other part of an audit: one line a part, and nothing is kept by default.

A part that stands in no list is left out of every copy but a full one, and a test says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mfaaudit.actions import Plan as ActionPlan
from mfaaudit.actions.action import Action, Change, Place
from mfaaudit.actions.plan import Step
from mfaaudit.declared.declare import Declared, EntryRow
from mfaaudit.declared.posture import Posture
from mfaaudit.declared.register import Entry, Subject
from mfaaudit.evidence.run import Asked, Identity, Machine, Run, Session
from mfaaudit.findings.policy import Aggregate, Control, Framework, Pack, Rule, SeverityWhen, Text
from mfaaudit.findings.results import Counts, Findings, RuleResult
from mfaaudit.program import Program
from mfaaudit.reports.conclusion import Conclusion
from mfaaudit.reports.evidence_files import EvidenceFile
from mfaaudit.reports.judged_by import JudgedBy
from mfaaudit.reports.material import Material
from mfaaudit.sharing.becomes import Becomes, Plan, kept
from mfaaudit.snapshot.coverage import Coverage
from mfaaudit.snapshot.foreign_holders import ForeignHolder
from mfaaudit.snapshot.method_activity import Activity, DaySignIns, MethodActivity, MethodSignIns
from mfaaudit.snapshot.metrics import SignInMetrics
from mfaaudit.snapshot.objects import Failure
from mfaaudit.snapshot.population import Population
from mfaaudit.snapshot.registration import Comparison, Registration
from mfaaudit.snapshot.snapshot import Snapshot
from mfaaudit.snapshot.stand_ins import Stratum, Verification
from mfaaudit.snapshot.throttling import Throttling

LEFT_OUT: Plan = (Becomes.EMPTIED, Becomes.EMPTIED)
_INSIDE: Plan = (Becomes.INSIDE, Becomes.INSIDE)
_OWN: Plan = (Becomes.OWN, Becomes.OWN)
_TEXT: Plan = (Becomes.TEXT, Becomes.TEXT)
_CONDITION: Plan = (Becomes.CONDITION, Becomes.CONDITION)
_WITHHELD: Plan = (Becomes.WITHHELD, Becomes.WITHHELD)
_TENANT: Plan = (Becomes.KEPT, Becomes.TENANT)
_PERSON: Plan = (Becomes.KEPT, Becomes.PERSON)
_GROUP: Plan = (Becomes.KEPT, Becomes.GROUP)


def _all(names: str, plan: Plan) -> dict[str, Plan]:
    return dict.fromkeys(names.split(), plan)


OF_PARTS: Mapping[type[Any], Mapping[str, Plan]] = {
    Material: {
        "snapshot": _INSIDE,
        "declared": _INSIDE,
        "findings": _INSIDE,
        "exceptions": _INSIDE,
        "conclusion": kept(),
        "evidence": kept(),
        "actions": _INSIDE,
        # Who came and went, and since when somebody fails: a copy is of one audit.
        "earlier": LEFT_OUT,
        "judged_by": _INSIDE,
        # As the hash of the manifest: whoever has the bundle can prove that the copy is of it, and nobody else learns.
        "inputs_sha256": kept(),
        "share": _OWN,
    },
    JudgedBy: {"program": _INSIDE, **_all("given allow_conflicts", kept())},
    Program: _all("version python packages sha256", kept()),
    EvidenceFile: _all("path sha256 bytes", kept()),
    ActionPlan: {"steps": _INSIDE, **_all("items of_findings", kept())},
    Step: {
        "action": _INSIDE,
        **_all("severity ready not_yet by_hand users failures gaps rules waits_for due", kept()),
    },
    Action: {
        # That of a rule without one in the catalogue is in the words of the rule's author.
        **_all("title steps tell", _TEXT),
        **_all("preconditions when safe_if", LEFT_OUT),
        "change": _INSIDE,
        **_all("id who scope reasons not_for of_rule", kept()),
    },
    Change: {"place": _INSIDE, **_all("value", kept())},
    Place: _all("field version path select permissions", kept()),
    Snapshot: {
        "run": _INSIDE,
        "users": _OWN,
        "tenant": _INSIDE,
        "verification": _INSIDE,
        "failures": _INSIDE,
        "duplicates": _PERSON,
        "orphans": _PERSON,
        "role_names": (Becomes.KEPT, Becomes.EMPTIED),
        "foreign_holders": _INSIDE,
        "groups": (Becomes.KEPT, Becomes.OWN),
        **_all("population coverage registration activity metrics throttling tenant_type", kept()),
    },
    ForeignHolder: {
        **_all("principal_id name scope", (Becomes.KEPT, Becomes.WITHHELD)),
        **_all("kind role assignment", kept()),
    },
    Run: {
        "platform": (Becomes.KEPT, Becomes.WITHHELD),
        # Somebody may have named a server of their own.
        "graph": (Becomes.KEPT, Becomes.WITHHELD),
        "tenant_id": _TENANT,
        "tenant_name": _TENANT,
        "default_domain": (Becomes.KEPT, Becomes.WITHHELD),
        "identity": _INSIDE,
        "groups": _GROUP,
        "sessions": _INSIDE,
        **_all("id tool tool_version packages started_at cloud collect options metrics_interval simulated", kept()),
        **_all("finished_at metrics_from metrics_to requests throttled", kept()),
    },
    Identity: {
        "app_id": (Becomes.KEPT, Becomes.APPLICATION),
        "app_name": (Becomes.KEPT, Becomes.WITHHELD),
        "object_id": _PERSON,
        "user_principal_name": (Becomes.KEPT, Becomes.NAMED),
        "tenant_id": _TENANT,
        **_all("kind auth permissions", kept()),
    },
    Session: {
        **_all("identity machine asked", _INSIDE),
        **_all("started_at ended_at tool_version", kept()),
    },
    Machine: {
        **_all("host account system python", (Becomes.KEPT, Becomes.WITHHELD)),
        "program_sha256": kept(),
    },
    # By id or by domain, as somebody typed it.
    Asked: {"tenant": (Becomes.KEPT, Becomes.WITHHELD), **_all("auth resume", kept())},
    Throttling: _all("source requests repeated refused items longest_wait total_wait pressure scopes", kept()),
    Population: _all("enumerated count_before count_after duplicates nameless gone complete statement", kept()),
    Coverage: _all("source wanted read reasons requests first last", kept()),
    Verification: {
        "mismatches": _INSIDE,
        **_all("source stand_in seed documented stood_in unread unknown left_out administrators", kept()),
        **_all("administrators_read administrators_from strata fell_back why", kept()),
    },
    Stratum: _all("state size wanted verified mismatches unreadable", kept()),
    Registration: _all("source total by_feature by_method comparisons", kept()),
    MethodActivity: _all("activities sign_ins days remarks", kept()),
    Activity: _all("feature method succeeded failed", kept()),
    MethodSignIns: _all("method succeeded", kept()),
    DaySignIns: _all("total single_factor multi_factor", kept()),
    Comparison: _all("what ours ours_from theirs theirs_from remark", kept()),
    SignInMetrics: _all("start end days success failure", kept()),
    Failure: {
        "user_id": _PERSON,
        "request_id": _WITHHELD,
        "client_request_id": _WITHHELD,
        "read_at": (Becomes.KEPT, Becomes.MIDNIGHT),
        **_all("source reason status code attempts", kept()),
    },
    Declared: {
        "users": _INSIDE,
        "tenant": _INSIDE,
        "posture": _OWN,
        "orphaned_overrides": _PERSON,
        # What judging was done with; no report looks at them again.
        "_standings": LEFT_OUT,
        "_waivers": LEFT_OUT,
        **_all("sha256s", kept()),
    },
    Posture: {"inputs": _OWN, **_all("asked value reason remarks statement", kept())},
    EntryRow: {"entry": _INSIDE, **_all("states users waived effective_until until", kept())},
    Entry: {
        "id": (Becomes.KEPT, Becomes.EXCEPTION),
        "subject": _INSIDE,
        "reason": _WITHHELD,
        "compensating_control": _WITHHELD,
        "risk": _WITHHELD,
        "requested_by": (Becomes.WITHHELD, Becomes.NAMED),
        "approved_by": (Becomes.WITHHELD, Becomes.NAMED),
        "ticket": (Becomes.KEPT, Becomes.WITHHELD),
        **_all("kind rules approved_on expires_on review_on last_drill_on line", kept()),
    },
    Subject: {"id": (Becomes.KEPT, Becomes.OWN), **_all("is_group is_application", kept())},
    Findings: {"packs": _INSIDE, "results": _INSIDE, "unfit": _INSIDE, **_all("user_count", kept())},
    RuleResult: {
        "rule": _INSIDE,
        "frame": _INSIDE,
        "observed": _OWN,
        **_all("counts failures blocked_by", kept()),
    },
    Counts: _all("pass_ fail waived not_applicable not_evaluated error", kept()),
    Rule: {
        **_all("title rationale remediation references changed_from", _TEXT),
        **_all("preconditions population applies_to require", _CONDITION),
        "severity_when": _INSIDE,
        "aggregate": _INSIDE,
        "examples": LEFT_OUT,
        "file": LEFT_OUT,
        **_all("id pack severity scope postures blocked_by waivable assessment line actions", kept()),
    },
    SeverityWhen: {"condition": _CONDITION, **_all("severity", kept())},
    Aggregate: {
        "count": _CONDITION,
        "over": _CONDITION,
        **_all("percent comparison bound min_coverage_percent", kept()),
    },
    Pack: {
        **_all("title description attestation fill_in left_out", _TEXT),
        **_all("framework controls rules text based_on", _INSIDE),
        **_all("id version posture judges conflicts_with", kept()),
    },
    Framework: {**_all("name note", _TEXT), **_all("version source", kept())},
    Control: {**_all("title note", _TEXT), **_all("id assessment rules", kept())},
    Text: {**_all("file text lists_text", LEFT_OUT), **_all("pack sha256 lists_sha256", kept())},
    Conclusion: _all(
        "exit_code fail_on headline statement tone failed_rules failed_users unjudged_users doubts unfit_packs", kept()
    ),
}
