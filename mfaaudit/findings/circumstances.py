"""What people declared about a tenant, as far as it changes a verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from mfaaudit.declared.posture import applies
from mfaaudit.findings.policy import Pack, Rule
from mfaaudit.words import Reason

Waivers = Callable[[Rule], pl.Series | None]


def no_waivers(_: Rule) -> pl.Series | None:
    """Nothing is waived."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Which posture counts, and which failures are waived."""

    posture: str | None = "mixed"
    """None where it is not known; in a mixed one every rule applies."""
    posture_reason: Reason = Reason.NOT_REQUESTED
    """Why it is not known."""
    every_posture: bool = False
    """Whether rules for any posture are to be judged, side by side."""
    waivers: Waivers = no_waivers
    """For a rule, the id of the entry that waives it for each user in the order of the users, or null; None for
    nobody."""

    def open_to(self, rule: Rule) -> bool | None:
        """Whether the rule can be asked of a tenant in this posture; None where that is not known."""
        return True if self.every_posture else self._all(rule.postures)

    def unfit(self, pack: Pack) -> bool:
        """Whether no rule of the pack says anything of the tenant."""
        return not self.every_posture and self._all((pack.posture,)) is False

    def _all(self, postures: tuple[str, ...]) -> bool | None:
        answers = {applies(one, self.posture) for one in postures}
        return False if False in answers else None if None in answers else True
