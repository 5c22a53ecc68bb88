"""Rules under what was declared: the register, the classes and the posture, looked up among the users of one day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from mfaaudit.declared.declare import Declared, declare
from mfaaudit.declared.overrides import Overrides
from mfaaudit.declared.register import Register
from mfaaudit.declared.standing import RuleFacts
from mfaaudit.declared.subjects import Groups
from mfaaudit.findings.circumstances import Circumstances
from mfaaudit.findings.policy import Pack
from mfaaudit.sources.field import Scope
from mfaaudit.words import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Declarations:
    """Everything that people declared for an audit."""

    register: Register | None
    overrides: Overrides | None
    posture: str
    """What was declared, or `auto`."""
    every_posture: bool
    """Whether rules for any posture are to be judged, side by side."""

    def look_up(
        self, packs: Sequence[Pack], *, users: pl.DataFrame, tenant: pl.DataFrame, groups: Groups, day: datetime
    ) -> Declared:
        """What was declared, as it stands on a day, among the users of a snapshot."""
        return declare(
            users,
            tenant,
            register=self.register,
            overrides=self.overrides,
            posture_asked=self.posture,
            groups=groups,
            now=day,
            rules={
                rule.id: RuleFacts(rule.severity, about_tenant=rule.scope is Scope.TENANT, waivable=rule.waivable)
                for pack in packs
                for rule in pack.rules
            },
        )

    def circumstances(self, declared: Declared) -> Circumstances:
        """Under what the rules are judged."""
        return Circumstances(
            posture=declared.posture.value,
            posture_reason=declared.posture.reason or Reason.UNKNOWN_VALUE,
            every_posture=self.every_posture,
            waivers=lambda rule: declared.waivers(rule.id),
        )
