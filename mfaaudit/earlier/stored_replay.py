"""The facts of a replay as a bundle keeps them; what became of each user stands in columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mfaaudit.earlier.steps import Replay, Replayed, Step
from mfaaudit.words import Verdict


def replay_facts(replay: Replay | None) -> Any:
    """As JSON; null for an audit that was not replayed."""
    if replay is None:
        return None
    return {"rules": {name: _rule(one) for name, one in replay.rules.items()}, "tenant": dict(replay.tenant)}


def read_replay(facts: Any) -> Replay | None:
    """The same again."""
    if facts is None:
        return None
    return Replay(
        rules={name: _replayed(one) for name, one in facts["rules"].items()},
        tenant={name: str(value) for name, value in facts["tenant"].items()},
    )


def _rule(one: Replayed) -> Mapping[str, Any]:
    return {
        "gate": one.gate,
        "seen": one.seen,
        "mayWaive": one.may_waive,
        "verdicts": {step.value: verdict.value for step, verdict in one.verdicts.items()},
    }


def _replayed(facts: Mapping[str, Any]) -> Replayed:
    verdicts = {Step(step): Verdict(verdict) for step, verdict in facts["verdicts"].items()}
    if verdicts and set(verdicts) != set(Step):
        raise ValueError(f"of the steps only {', '.join(verdicts)} have verdicts")
    return Replayed(gate=facts["gate"], seen=facts["seen"], may_waive=facts["mayWaive"], verdicts=verdicts)
