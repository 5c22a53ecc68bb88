"""What a workbook came to, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mfaaudit.annotating.annotate import Annotated
from mfaaudit.annotating.proposing import Proposed


def to_json(made: Annotated) -> dict[str, Any]:
    """All of it. Unless there are problems, decisions add up to the rows that were filled in."""
    proposals = made.proposals
    return {
        "run": made.run_id,
        "findings": made.findings,
        "filled": made.filled,
        "decisions": {one.value: count for one, count in made.decisions.items()},
        "proposed": [_entry(one) for one in proposals.new],
        "alreadyInRegister": [_entry(one) for one in proposals.known],
        "overlaps": [{"proposed": new, "waiting": old} for new, old in proposals.overlaps],
        "remediations": len(made.remediations),
        "register": None if made.register_file is None else str(made.register_file),
        "remediation": None if made.remediation_file is None else str(made.remediation_file),
        "diff": made.diff,
        "problems": [
            {"sheet": one.sheet or None, "cell": one.cell or None, "what": one.what, "hint": one.hint}
            for one in made.problems
        ],
    }


def decisions_in(entries: Sequence[Proposed]) -> int:
    """How many rows of the workbook some entries come from."""
    return sum(one.decisions for one in entries)


def _entry(entry: Proposed) -> dict[str, Any]:
    return {"id": entry.id, "rules": list(entry.rules), "userId": entry.user_id, "decisions": entry.decisions}
