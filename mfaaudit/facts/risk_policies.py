"""Which Conditional Access policies answer a user, or a sign-in, that Microsoft Entra ID Protection finds at risk.

Sources, read 2026-12-01: CISA SCuBA MS.AAD.2.1v1 and MS.AAD.2.3v1 (ScubaGear 1.8.0); CIS Microsoft 365 Foundations
7.0.0, 5.2.2.6 to 5.2.2.8 (audit steps as in Prowler).
"""

from __future__ import annotations

from mfaaudit.facts.conditional_access.control import Control, fact_of
from mfaaudit.facts.conditional_access.criteria import (
    any_criterion,
    blocks,
    changes_password_after_mfa,
    every_time,
    on_risk,
    remediates,
    requires_mfa,
)

USER, SIGN_IN = "userRiskLevels", "signInRiskLevels"

CONTROLS = (
    Control(
        key="userRisk",
        title="Policies that answer a high user risk",
        exclusions="Left out of answering a high user risk without an exception",
        criteria=(on_risk(USER, "high"), any_criterion(blocks, requires_mfa, remediates)),
        narrowed_by=frozenset({USER}),
        may_exclude_roles=True,
    ),
    Control(
        key="userRiskBlock",
        title="Policies that block users at high risk",
        exclusions="Left out of blocking users at high risk without an exception",
        criteria=(on_risk(USER, "high"), blocks),
        narrowed_by=frozenset({USER}),
    ),
    Control(
        key="userRiskPassword",
        title="Policies that require MFA and a new password of users at high risk",
        exclusions="Left out of MFA and a new password at high user risk without an exception",
        criteria=(on_risk(USER, "high"), changes_password_after_mfa, every_time),
        narrowed_by=frozenset({USER}),
        may_exclude_roles=True,
    ),
    Control(
        key="signInRisk",
        title="Policies that answer a high sign-in risk",
        exclusions="Left out of answering a high sign-in risk without an exception",
        criteria=(on_risk(SIGN_IN, "high"), any_criterion(blocks, requires_mfa)),
        narrowed_by=frozenset({SIGN_IN}),
        may_exclude_roles=True,
    ),
    Control(
        key="signInRiskBlock",
        title="Policies that block sign-ins at high risk",
        exclusions="Left out of blocking sign-ins at high risk without an exception",
        criteria=(on_risk(SIGN_IN, "high"), blocks),
        narrowed_by=frozenset({SIGN_IN}),
    ),
    Control(
        key="signInRiskMfa",
        title="Policies that require MFA each time at medium and high sign-in risk",
        exclusions="Left out of MFA at medium and high sign-in risk without an exception",
        criteria=(on_risk(SIGN_IN, "high", "medium"), requires_mfa, every_time),
        narrowed_by=frozenset({SIGN_IN}),
        may_exclude_roles=True,
    ),
    Control(
        key="mediumSignInRiskBlock",
        title="Policies that block sign-ins at medium and high risk",
        exclusions="Left out of blocking sign-ins at medium and high risk without an exception",
        criteria=(on_risk(SIGN_IN, "high", "medium"), blocks),
        narrowed_by=frozenset({SIGN_IN}),
    ),
)
FACTS = tuple(fact_of(control) for control in CONTROLS)
