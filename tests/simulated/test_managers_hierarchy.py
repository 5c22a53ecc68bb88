"""Who manages whom in the simulated tenant: a hierarchy, with what no tenant is without."""

from collections import Counter

import pytest


@pytest.fixture
def accounts():
    """The accounts of a tenant by id."""
    return lambda tenant: {one.id: one for one in tenant.directory.accounts}


@pytest.mark.parametrize("users", [0, 1, 3, 4, 12, 60, 300, 900])
@pytest.mark.parametrize("mood", ["tidy", "messy"])
def test_it_is_a_hierarchy_of_any_size_that_ends_at_the_top(open_one, users, mood):
    directory = open_one(users=users, mood=mood).directory
    above = {user: one.id for user, one in directory.managers.items()}

    for user in above:
        chain = [user]
        while chain[-1] in above:
            chain.append(above[chain[-1]])
            assert len(chain) <= 8
        assert len(set(chain)) == len(chain)


def test_there_is_one_chief_to_whom_nearly_everybody_leads(open_one, accounts):
    tenant = open_one(users=900)
    managers = tenant.directory.managers
    people = [one for one in accounts(tenant).values() if one.department]

    def top(user):
        while user in managers:
            user = managers[user].id
        return user

    tops = Counter(top(one.id) for one in people)
    ((chief, below), *_) = tops.most_common()
    assert below > 0.8 * len(people)
    account = accounts(tenant)[chief]
    assert (account.department, account.job_title) == ("Management", "Managing Director")


def test_a_team_is_of_a_size_that_one_person_can_lead(open_one):
    directory = open_one(users=900).directory
    teams = Counter(one.id for one in directory.managers.values())

    assert len(teams) > 80
    assert 8 <= max(teams.values()) < 20


@pytest.mark.parametrize("mood", ["tidy", "messy"])
def test_guests_programs_mailboxes_and_emergency_accounts_have_no_manager_and_some_employees_have_none(
    open_one, accounts, mood
):
    tenant = open_one(users=600, mood=mood)
    without = [one for one in accounts(tenant).values() if one.id not in tenant.directory.managers]
    everybody = accounts(tenant).values()

    others = {one.id for one in everybody if one.department is None or "svc-" in one.user_principal_name.lower()}
    assert {one.id for one in everybody if one.user_type == "Guest"} < others
    forgotten = {one.id for one in without} - others
    assert others <= {one.id for one in without}
    # The chief is one of them in any case.
    assert 3 < len(forgotten) < 0.12 * len(everybody)


@pytest.mark.parametrize(("mood", "leavers"), [("tidy", 0), ("messy", 1)])
def test_of_leavers_only_the_messy_tenant_has_one_who_still_leads(open_one, accounts, mood, leavers):
    tenant = open_one(mood=mood)
    known = accounts(tenant)
    leading = {one.id for one in tenant.directory.managers.values()} & set(known)

    assert len([user for user in leading if not known[user].enabled]) == leavers


def test_nobody_leads_whose_going_would_make_the_answer_hang_on_the_time(open_one, accounts):
    for seed in range(12):
        tenant = open_one(mood="messy", users=120, seed=seed)
        vanishing = {one.id for one in accounts(tenant).values() if one.fault == "vanishes"}
        assert vanishing
        assert vanishing.isdisjoint(one.id for one in tenant.directory.managers.values())


@pytest.mark.parametrize(("mood", "lost"), [("tidy", False), ("messy", True)])
def test_a_whole_team_of_the_messy_tenant_lost_its_manager_who_was_deleted(open_one, accounts, mood, lost):
    tenant = open_one(mood=mood)
    employees = [one for one in accounts(tenant).values() if one.department and "svc-" not in one.user_principal_name]
    without = Counter(one.department for one in employees if one.id not in tenant.directory.managers)

    assert (max(without.values()) >= 8) == lost


@pytest.mark.parametrize("mood", ["tidy", "messy", "managed", "drifting", "stormy"])
def test_asking_for_managers_changes_nobody(open_one, mood):
    def everybody(tenant):
        return [str(one) for one in tenant.directory.accounts], tenant.directory.schedules, tenant.directory.groups

    plain, asked = open_one(mood=mood), open_one(mood=mood)
    assert asked.directory.managers

    assert everybody(plain) == everybody(asked)
    assert open_one(mood=mood).directory.managers == asked.directory.managers
    assert open_one(mood=mood, seed=8).directory.managers != asked.directory.managers
