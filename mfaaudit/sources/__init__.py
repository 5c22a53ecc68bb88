"""What Graph is asked for: one file a source, named here; a test compares this tuple with the folder."""

from mfaaudit.sources import (
    authentication_methods_policy,
    by_feature,
    by_method,
    conditional_access,
    conditional_access_beta,
    conditional_access_plan_rules,
    conditional_access_plans,
    credential_count,
    cross_tenant_access_default,
    cross_tenant_access_partners,
    device_registration_policy,
    group_members,
    listed_states,
    managers,
    mfa_sign_in_failure,
    mfa_sign_in_success,
    mfa_sign_in_summary,
    named_groups,
    organization,
    registration_activity,
    registration_details,
    requirements,
    role_assignments,
    role_definitions,
    role_eligibility,
    role_policies,
    security_defaults,
    sign_in_activity,
    sign_in_preferences,
    sign_ins_by_method,
    user_count,
    users,
)
from mfaaudit.sources.source import Shape, Source

SOURCES: tuple[Source, ...] = (
    organization.SOURCE,
    user_count.SOURCE,
    users.SOURCE,
    listed_states.SOURCE,
    requirements.SOURCE,
    sign_in_preferences.SOURCE,
    registration_details.SOURCE,
    sign_in_activity.SOURCE,
    managers.SOURCE,
    by_feature.SOURCE,
    by_method.SOURCE,
    credential_count.SOURCE,
    registration_activity.SOURCE,
    sign_ins_by_method.SOURCE,
    mfa_sign_in_summary.SOURCE,
    mfa_sign_in_success.SOURCE,
    mfa_sign_in_failure.SOURCE,
    security_defaults.SOURCE,
    authentication_methods_policy.SOURCE,
    conditional_access.SOURCE,
    conditional_access_beta.SOURCE,
    conditional_access_plans.SOURCE,
    conditional_access_plan_rules.SOURCE,
    cross_tenant_access_default.SOURCE,
    cross_tenant_access_partners.SOURCE,
    device_registration_policy.SOURCE,
    role_assignments.SOURCE,
    role_definitions.SOURCE,
    role_eligibility.SOURCE,
    role_policies.SOURCE,
    named_groups.SOURCE,
    group_members.SOURCE,
)

OWN_READS = tuple(source for source in SOURCES if source.shape is Shape.PER_USER)
"""What is asked for user by user."""

BY_NAME = {source.name: source for source in SOURCES}

OF_ONE = tuple(source for source in SOURCES if "{id}" in source.path and source.shape is not Shape.PER_USER)
"""What is asked for once for each object that something else names: a group or a plan."""
