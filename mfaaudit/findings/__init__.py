"""Rules and verdicts: from a snapshot and rule packs to findings."""

from mfaaudit.findings.circumstances import Circumstances
from mfaaudit.findings.describe import expected, in_words, observed, observed_of
from mfaaudit.findings.examples import Mismatch, lacking, mismatches
from mfaaudit.findings.judge import judge
from mfaaudit.findings.ledger import Bucket, Ledger, LedgerRow, ledger_of
from mfaaudit.findings.load import Terms, load_kept, load_pack, load_packs, shipped_packs
from mfaaudit.findings.policy import Assessment, Control, Pack, Rule
from mfaaudit.findings.results import Counts, Findings, RuleResult

__all__ = [
    "Assessment",
    "Bucket",
    "Circumstances",
    "Control",
    "Counts",
    "Findings",
    "Ledger",
    "LedgerRow",
    "Mismatch",
    "Pack",
    "Rule",
    "RuleResult",
    "Terms",
    "expected",
    "in_words",
    "judge",
    "lacking",
    "ledger_of",
    "load_kept",
    "load_pack",
    "load_packs",
    "mismatches",
    "observed",
    "observed_of",
    "shipped_packs",
]
