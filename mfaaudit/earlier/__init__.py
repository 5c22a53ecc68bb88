"""Earlier audits beside the present one: what changed for whom, since when, and what can be compared at all."""

from mfaaudit.earlier.audit import Audit, JudgedRule, audit_of
from mfaaudit.earlier.change import Change, Comparison
from mfaaudit.earlier.compare import Earlier, compare
from mfaaudit.earlier.fingerprint import fingerprint
from mfaaudit.earlier.order import arranged, check_tenant
from mfaaudit.earlier.rule_change import RuleChange
from mfaaudit.earlier.since import Since

__all__ = [
    "Audit",
    "Change",
    "Comparison",
    "Earlier",
    "JudgedRule",
    "RuleChange",
    "Since",
    "arranged",
    "audit_of",
    "check_tenant",
    "compare",
    "fingerprint",
]
