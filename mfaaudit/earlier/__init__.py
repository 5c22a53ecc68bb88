"""Earlier audits beside the present one: what changed for whom, since when, and what can be compared at all."""

from mfaaudit.earlier.audit import Audit, JudgedRule, audit_of
from mfaaudit.earlier.cause import Cause, causes_in
from mfaaudit.earlier.change import Change, Comparison
from mfaaudit.earlier.compare import Earlier, compare
from mfaaudit.earlier.fingerprint import fingerprint
from mfaaudit.earlier.order import arranged, check_tenant
from mfaaudit.earlier.replay import arrive, is_replayed, replay
from mfaaudit.earlier.rule_change import RuleChange
from mfaaudit.earlier.since import Since
from mfaaudit.earlier.steps import Grounds

__all__ = [
    "Audit",
    "Cause",
    "Change",
    "Comparison",
    "Earlier",
    "Grounds",
    "JudgedRule",
    "RuleChange",
    "Since",
    "arranged",
    "arrive",
    "audit_of",
    "causes_in",
    "check_tenant",
    "compare",
    "fingerprint",
    "is_replayed",
    "replay",
]
