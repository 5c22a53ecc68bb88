"""Which Conditional Access policies end a session in time.

Source, read 2026-12-01: CIS Microsoft 365 Foundations 7.0.0, 5.2.2.4 and 5.2.2.13, audit steps as in Prowler.
"""

from __future__ import annotations

from functools import partial

from mfaaudit.facts.conditional_access.control import Control, fact_of
from mfaaudit.facts.conditional_access.criteria import at_least_every, never_persistent
from mfaaudit.facts.conditional_access.users import asks_roles
from mfaaudit.known_ids import CIS_ADMINISTRATORS

CONTROLS = (
    Control(
        key="administratorsReauthentication",
        title="Policies that have administrators sign in again within 4 hours",
        exclusions="Left out of the reauthentication of administrators without an exception",
        criteria=(at_least_every(4), never_persistent),
        covers=partial(asks_roles, wanted=CIS_ADMINISTRATORS),
        may_exclude_roles=True,
    ),
    Control(
        key="reauthentication",
        title="Policies that have all users sign in again within 7 days",
        exclusions="Left out of reauthentication within 7 days without an exception",
        criteria=(at_least_every(7 * 24),),
        may_exclude_roles=True,
    ),
)
FACTS = tuple(fact_of(control) for control in CONTROLS)
