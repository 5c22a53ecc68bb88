"""What a check came to, in a sentence for people and as JSON for programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mfaaudit.verifying.states import State, Verified, Way

SCHEMA = 1
CAUTION = (
    "Whoever can write the folder can make all of it anew, evidence, results and manifest: a signature over the "
    "manifest, or its SHA-256 on the signed paper, shows that."
)


def statement(made: Verified) -> str:
    """The whole result in a sentence."""
    if made.exit_code == 10:
        return f"{_what(made)} is not what was handed over: {_outside_wrong(made)}{_counts(made, wrong=True)}."
    every = f"its {len(made.files):,} files are those that are listed, with their hashes"
    if made.exit_code == 0:
        return f"{_what(made)} is whole and unaltered: {every}, and all results follow from the evidence byte by byte."
    if made.way is Way.CONTENT:
        return (
            f"{_what(made)} is unaltered: {every}. Its results were set beside the evidence by content, as {made.why}: "
            f"{_counts(made)}."
        )
    if made.way is Way.BYTES:
        return f"{_what(made)} is unaltered: {every}. Not everything could be checked: {_counts(made)}."
    purged = made.count(State.PURGED)
    there = "what is left of it has the hashes that are listed" if purged else every
    return f"{_what(made)} is unaltered: {there}. Its results were not set beside the evidence: {made.why}."


def needs_caution(made: Verified) -> bool:
    """Whether nothing from outside of the folder vouches for the manifest."""
    return not any(one.state is State.INTACT for one in made.outside)


def counts_in_words(made: Verified) -> str:
    """How many files are in which state; they add up."""
    return f"{len(made.files):,}: {_counts(made)}"


def to_json(made: Verified, bundle: Path) -> dict[str, Any]:
    """All of it."""
    return {
        "schema": SCHEMA,
        "bundle": str(bundle),
        "runId": made.run_id,
        "copy": made.copy or None,
        "manifestSha256": made.manifest_sha256,
        "results": {"compared": made.way.name, "why": made.why or None},
        "outside": [{"what": one.what, "state": one.state.name, "words": one.words} for one in made.outside],
        "counts": {state.name: made.count(state) for state in State},
        "files": [
            {
                "path": one.path,
                "state": one.state.name,
                "expected": one.expected or None,
                "found": one.found or None,
                "note": one.note or None,
            }
            for one in made.files
        ],
        "caution": CAUTION if needs_caution(made) else None,
        "exitCode": made.exit_code,
        "statement": statement(made),
    }


def _what(made: Verified) -> str:
    return "The copy" if made.copy else "The bundle"


def _counts(made: Verified, *, wrong: bool = False) -> str:
    states = [one for one in State if not wrong or one not in (State.INTACT, State.PURGED, State.NOT_CHECKED)]
    return ", ".join(f"{made.count(one):,} {one.value}" for one in states if made.count(one))


def _outside_wrong(made: Verified) -> str:
    wrong = [one.what for one in made.outside if one.state is State.ALTERED]
    tail = "; " if made.wrong else ""
    return f"{', '.join(wrong)} {'does' if len(wrong) == 1 else 'do'} not fit{tail}" if wrong else ""
