"""What follows from what was read: one file a fact, named here; a test compares this tuple with the folder."""

from mfaaudit.facts import all_users_mfa_policies, per_user_mfa_in_use, roles
from mfaaudit.facts.given import Fact

FACTS: tuple[Fact, ...] = (
    roles.FACT,
    per_user_mfa_in_use.FACT,
    all_users_mfa_policies.FACT,
)
