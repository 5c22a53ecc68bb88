"""Which Conditional Access policies block what cannot be held to MFA: legacy protocols, and flows that hand it on.

Sources, read 2026-12-01: CIS Microsoft 365 Foundations 7.0.0, 5.2.2.3, 5.2.2.12 and 5.2.2.17 (audit steps as in
Prowler); CISA SCuBA MS.AAD.1.1v1 and MS.AAD.3.9v1 (ScubaGear 1.8.0).
"""

from __future__ import annotations

from mfaaudit.facts.conditional_access.control import Control, fact_of
from mfaaudit.facts.conditional_access.criteria import blocks, on_client_types, on_transfer

CONTROLS = (
    Control(
        key="legacyAuthentication",
        title="Policies that block legacy authentication",
        exclusions="Left out of blocking legacy authentication without an exception",
        criteria=(blocks, on_client_types("exchangeActiveSync", "other")),
        narrowed_by=frozenset({"clientAppTypes"}),
    ),
    Control(
        key="deviceCode",
        title="Policies that block the device code flow",
        exclusions="Left out of blocking the device code flow without an exception",
        criteria=(blocks, on_transfer("deviceCodeFlow")),
        narrowed_by=frozenset({"authenticationFlows"}),
    ),
    Control(
        key="authenticationTransfer",
        title="Policies that block authentication transfer",
        exclusions="Left out of blocking authentication transfer without an exception",
        criteria=(blocks, on_transfer("authenticationTransfer")),
        narrowed_by=frozenset({"authenticationFlows"}),
    ),
)
FACTS = tuple(fact_of(control) for control in CONTROLS)
