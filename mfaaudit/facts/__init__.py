"""What follows from what was read: named here, file by file; a test compares this tuple with the folder."""

from mfaaudit.facts import (
    administrator_policy_exclusions,
    administrators_difference,
    administrators_mfa_policies,
    administrators_phishing_resistant_policies,
    all_users_mfa_policies,
    all_users_phishing_resistant_policies,
    asked_everywhere,
    authenticator_features,
    eligible_roles,
    enabled_policies,
    enforced_by,
    enforcing_policies,
    groups,
    guests_mfa_policies,
    has_all_users_mfa_policy,
    has_signed_in,
    mfa_policies,
    mfa_trusted_from_home,
    per_user_mfa_in_use,
    policy_exclusions,
    policy_shortfalls,
    privileged_phishing_resistant_policies,
    roles,
    run_coverage,
    run_metrics,
    run_population,
    run_registration,
    system_preferred,
)
from mfaaudit.facts.given import Fact
from mfaaudit.sources import BY_NAME, SOURCES

FACTS: tuple[Fact, ...] = (
    roles.FACT,
    eligible_roles.FACT,
    has_signed_in.FACT,
    policy_exclusions.FACT,
    administrator_policy_exclusions.FACT,
    enforced_by.FACT,
    asked_everywhere.FACT,
    enforcing_policies.FACT,
    groups.FACT,
    mfa_trusted_from_home.FACT,
    per_user_mfa_in_use.FACT,
    all_users_mfa_policies.FACT,
    has_all_users_mfa_policy.FACT,
    administrators_mfa_policies.FACT,
    guests_mfa_policies.FACT,
    all_users_phishing_resistant_policies.FACT,
    administrators_phishing_resistant_policies.FACT,
    privileged_phishing_resistant_policies.FACT,
    *policy_shortfalls.FACTS,
    enabled_policies.FACT,
    mfa_policies.FACT,
    system_preferred.FACT,
    *authenticator_features.FACTS,
    administrators_difference.FACT,
    *run_population.FACTS,
    run_coverage.FACT,
    *run_registration.FACTS,
    *run_metrics.FACTS,
)

WISHED = {field.name: source.option for source in SOURCES for field in source.fields if source.option} | {
    fact.field.name: option for fact in FACTS if (option := fact.option or BY_NAME[fact.source].option)
}
"""The option that asks for a value, by its name in sources/options.py; what is always asked for is not in it."""
