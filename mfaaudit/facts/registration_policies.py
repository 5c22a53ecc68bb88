"""Which Conditional Access policies protect the registration of MFA methods, and of devices.

Sources, read 2026-12-01: CIS Microsoft 365 Foundations 7.0.0, 5.2.2.10 (audit steps as in Prowler); CISA SCuBA
MS.AAD.3.8v1 (ScubaGear 1.8.0); Microsoft Entra: "Require multifactor authentication for device registration".
"""

from __future__ import annotations

from mfaaudit.facts.conditional_access.control import Control, fact_of
from mfaaudit.facts.conditional_access.criteria import (
    any_criterion,
    blocks,
    from_anywhere_but_trusted_places,
    on_action,
    requires_compliant_device,
    requires_managed_device,
    requires_mfa,
)

SECURITY_INFO, DEVICE = "urn:user:registersecurityinfo", "urn:user:registerdevice"

CONTROLS = (
    Control(
        key="securityInfo",
        title="Policies that protect the registration of MFA methods",
        exclusions="Left out of protecting the registration of MFA methods without an exception",
        # From a trusted network a user registers the first method.
        criteria=(any_criterion(blocks, requires_mfa, requires_managed_device), from_anywhere_but_trusted_places),
        resources=on_action(SECURITY_INFO),
        narrowed_by=frozenset({"locations"}),
    ),
    Control(
        key="securityInfoManagedDevice",
        title="Policies that require a managed device to register MFA methods",
        exclusions="Left out of requiring a managed device to register MFA methods without an exception",
        criteria=(requires_managed_device,),
        resources=on_action(SECURITY_INFO),
    ),
    Control(
        key="securityInfoCompliantDevice",
        title="Policies that require a compliant device to register MFA methods",
        exclusions="Left out of requiring a compliant device to register MFA methods without an exception",
        criteria=(requires_compliant_device,),
        resources=on_action(SECURITY_INFO),
    ),
    Control(
        key="deviceRegistration",
        title="Policies that require MFA to register or join devices",
        exclusions="Left out of MFA to register or join devices without an exception",
        criteria=(requires_mfa,),
        resources=on_action(DEVICE),
        may_exclude_roles=True,
    ),
)
FACTS = tuple(fact_of(control) for control in CONTROLS)
