"""Which values a check says would be missing: what hangs on a source that is refused, and nothing else."""

from one_check import check_of, refuse


def test_members_of_a_group_that_holds_a_role_decide_who_is_an_administrator():
    # A tenant of this size has such a group; without its members, roles are unknown for everybody.
    made = check_of("tidy", users=400, before=refuse("/transitiveMembers/microsoft.graph.user"))
    assert made.by_ability["NO_PERMISSION"] == {"groupMembers"}
    assert made.found["missing"]["fields"] == [
        "derived.roles",
        "derived.excludedFromMfaPolicies",
        "derived.excludedFromAdministratorPolicies",
        "derived.enforcedBy",
        "derived.enforcingPolicies",
        "derived.groups",
        "derived.excludedFromControlPolicies",
        "derived.reachingPolicies",
        "derived.administratorsDifference",
    ]
    assert {rule["id"] for rule in made.found["missing"]["rules"]} >= {"PUM-04"}


def test_where_no_group_is_known_a_refusal_for_one_that_was_made_up_loses_nothing():
    made = check_of("tidy", users=40, before=refuse("/transitiveMembers/microsoft.graph.user"))
    assert made.by_ability["NO_PERMISSION"] == {"groupMembers"}
    assert made.found["missing"]["fields"] == []


def test_what_tells_of_the_reading_itself_is_never_missing_but_what_follows_from_a_source_is():
    def refused(request):
        return next((no for path in paths if (no := refuse(path)(request))), None)

    paths = ["/userRegistrationDetails", "/authentication/requirements", "/signInPreferences", "/users/$count"]
    made = check_of("tidy", before=refused)
    assert {name for name in made.found["missing"]["fields"] if name.startswith("run.")} == {
        "run.countBefore",
        "run.countAfter",
        "run.registrationReportAgeHours",
        "run.mfaCapableDifferencePercent",
        "run.unclassifiedMethods",
    }
    # The tenant's own count goes to no application, and what is held against it then stands against nothing.
    by_program = check_of("tidy", kind="application")
    assert by_program.found["missing"]["fields"] == [
        "derived.registrationFailurePercent",
        "derived.resetFailurePercent",
        "run.mfaCapableDifferencePercent",
    ]


def test_whether_mfa_is_trusted_from_home_hangs_on_both_settings():
    for path in ("/crossTenantAccessPolicy/default", "/crossTenantAccessPolicy/partners"):
        assert check_of("tidy", before=refuse(path)).found["missing"]["fields"] == ["derived.isMfaTrustedFromHome"]
