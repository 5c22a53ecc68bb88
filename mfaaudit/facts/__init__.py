"""What follows from what was read: one file a fact, named here; a test compares this tuple with the folder."""

from mfaaudit.facts import (
    all_users_mfa_policies,
    eligible_roles,
    has_signed_in,
    per_user_mfa_in_use,
    policy_exclusions,
    roles,
)
from mfaaudit.facts.given import Fact
from mfaaudit.sources import BY_NAME, SOURCES

FACTS: tuple[Fact, ...] = (
    roles.FACT,
    eligible_roles.FACT,
    has_signed_in.FACT,
    policy_exclusions.FACT,
    per_user_mfa_in_use.FACT,
    all_users_mfa_policies.FACT,
)

WISHED = {field.name: source.option for source in SOURCES for field in source.fields if source.option} | {
    fact.field.name: option for fact in FACTS if (option := fact.option or BY_NAME[fact.source].option)
}
"""The option that asks for a value, by its name in sources/options.py; what is always asked for is not in it."""
