"""Which Conditional Access policies let users in from managed devices only.

Sources, read 2026-12-01: CISA SCuBA MS.AAD.3.7v1 (ScubaGear 1.8.0); CIS Microsoft 365 Foundations 7.0.0, 5.2.2.9 (audit
steps as in Prowler).
"""

from __future__ import annotations

from mfaaudit.facts.conditional_access.control import Control, fact_of
from mfaaudit.facts.conditional_access.criteria import offers_both_devices, requires_compliant_device

CONTROLS = (
    Control(
        key="managedDevice",
        title="Policies that require a compliant or hybrid joined device",
        exclusions="Left out of requiring a managed device without an exception",
        criteria=(offers_both_devices,),
    ),
    Control(
        key="compliantDevice",
        title="Policies that require a compliant device",
        exclusions="Left out of requiring a compliant device without an exception",
        criteria=(requires_compliant_device,),
        may_exclude_roles=True,
    ),
)
FACTS = tuple(fact_of(control) for control in CONTROLS)
