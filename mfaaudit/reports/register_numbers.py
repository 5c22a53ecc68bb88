"""What a register of exceptions comes to, in numbers and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mfaaudit.declared.words import State
from mfaaudit.reports.material import Material

NO_REGISTER = "No register of exceptions was given."


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterNumbers:
    """Every entry is in force, or expired, or without effect for another reason."""

    entries: int
    in_force: int
    expired: int
    without_effect: int
    waived: int
    """Failures that they excused in this run."""

    @property
    def words(self) -> str:
        """All of it in a line."""
        return (
            f"{self.in_force:,} in force, {self.expired:,} expired, {self.without_effect:,} without effect for another "
            f"reason; failures waived: {self.waived:,}"
        )


def register_numbers(material: Material) -> RegisterNumbers | None:
    """The numbers, or None if no register was given; one that is empty is a register."""
    if "exceptions" not in material.declared.sha256s:
        return None
    entries = material.exceptions
    expired = sum(State.EXPIRED in one.states for one in entries)
    in_force = sum(one.effective_until is not None for one in entries)
    return RegisterNumbers(
        entries=len(entries),
        in_force=in_force,
        expired=expired,
        without_effect=len(entries) - in_force - expired,
        waived=sum(one.waived for one in entries),
    )


def until(material: Material) -> Mapping[tuple[str, str], date]:
    """Id of an exception and of a rule -> the last day on which it covers that rule."""
    return {(one.entry.id, rule): day for one in material.exceptions for rule, day in one.until.items()}
