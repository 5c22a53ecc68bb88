"""What follows from what was read: named here, file by file; a test compares this tuple with the folder."""

from mfaaudit.facts import (
    administrators_difference,
    administrators_mfa_policies,
    administrators_phishing_resistant_policies,
    all_users_mfa_policies,
    all_users_phishing_resistant_policies,
    asked_everywhere,
    authenticator_features,
    blocked_flows,
    control_exclusions,
    eligible_roles,
    enabled_policies,
    enforced_by,
    enforcing_policies,
    groups,
    guests_mfa_policies,
    has_all_users_mfa_policy,
    has_signed_in,
    managed_device_policies,
    mfa_policies,
    mfa_trusted_from_home,
    per_user_mfa_in_use,
    policy_exclusions,
    privileged_phishing_resistant_policies,
    reauthentication_policies,
    registration_policies,
    risk_policies,
    role_activation,
    roles,
    run_coverage,
    run_metrics,
    run_population,
    run_registration,
    system_preferred,
)
from mfaaudit.facts.given import Fact
from mfaaudit.sources import BY_NAME, SOURCES
from mfaaudit.sources.options import POLICY_GROUPS

FACTS: tuple[Fact, ...] = (
    roles.FACT,
    eligible_roles.FACT,
    has_signed_in.FACT,
    policy_exclusions.FACT,
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
    enabled_policies.FACT,
    mfa_policies.FACT,
    system_preferred.FACT,
    *authenticator_features.FACTS,
    *blocked_flows.FACTS,
    *registration_policies.FACTS,
    *managed_device_policies.FACTS,
    *risk_policies.FACTS,
    *reauthentication_policies.FACTS,
    *control_exclusions.FACTS,
    *role_activation.FACTS,
    administrators_difference.FACT,
    *run_population.FACTS,
    run_coverage.FACT,
    *run_registration.FACTS,
    *run_metrics.FACTS,
)

WISHED = (
    {field.name: source.option for source in SOURCES for field in source.fields if source.option}
    | {fact.field.name: option for fact in FACTS if (option := fact.option or BY_NAME[fact.source].option)}
    # Whom a policy leaves out is told from the groups that it names.
    | {control.exclusions_field.name: POLICY_GROUPS.name for control in control_exclusions.CONTROLS}
)
"""The option that asks for a value, by its name in sources/options.py; what is always asked for is not in it."""
