"""Under verified-bulk, whoever cannot rest on a bulk source is asked for singly, and everybody if it proves wrong."""

import pytest
from bulk_by_hand import (
    ADMIN,
    BOTH,
    ONE,
    OTHER,
    SAMPLE,
    SEED,
    STATES,
    THIRD,
    agreeing,
    audited,
    but,
    evidence,
    of,
    one_round,
)
from depth import examples
from evidence_by_hand import page, preferring, refusal, role_of, user, write
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from mfaaudit.snapshot.verification import wanted

EVERYBODY = set(STATES)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "evidence"


def asked(folder, *answers):
    """Who is wanted, by source."""
    write(folder, *answers)
    return {source: set(users) for source, users in wanted(folder, SEED).items()}


def test_where_all_is_known_only_administrators_and_the_sample_are_asked_for(folder):
    assert asked(folder, *evidence()) == dict.fromkeys(BOTH, SAMPLE | {ADMIN})
    assert len(SAMPLE) == 300 + 6 + 4


def test_they_are_named_as_the_directory_spells_them_and_in_its_order(folder):
    write(folder, *evidence(states={one.upper(): state for one, state in STATES.items()}))
    found = wanted(folder, SEED)["requirements"]
    assert found == [one for one in STATES if one in SAMPLE | {ADMIN}]


@pytest.mark.parametrize("state", [None, "", "Disabled", "unknownFutureValue", 0, ["enforced"]])
def test_a_state_that_says_nothing_is_asked_for(folder, state):
    assert ONE in asked(folder, *evidence(states=STATES | {ONE: state}))["requirements"]


def test_a_user_whom_the_bulk_sources_lack_is_asked_for(folder):
    states = {one: state for one, state in STATES.items() if one != ONE}
    found = asked(folder, *evidence(states=states, rows={OTHER: None}))
    assert (ONE in found["requirements"], OTHER in found["requirements"]) == (True, False)
    # Nobody knows in which state this one is, so it is a stratum of its own and is asked for its preferences, too.
    assert {ONE, OTHER} <= found["signInPreferences"]


def test_a_row_that_lacks_one_of_the_properties_is_asked_for(folder):
    row = preferring(ONE, isAdmin=False)
    del row["isSystemPreferredAuthenticationMethodEnabled"]
    found = asked(folder, *evidence(rows={ONE: row}))
    assert (ONE in found["requirements"], ONE in found["signInPreferences"]) == (False, True)


@pytest.mark.parametrize(("enabled", "is_asked"), [(False, False), (True, True), (None, True)])
def test_a_disabled_account_without_a_row_is_not_asked_for(folder, enabled, is_asked):
    given_ = evidence(people={ONE: user(ONE, accountEnabled=enabled)}, rows={ONE: None})
    assert (ONE in asked(folder, *given_)["signInPreferences"]) is is_asked


def test_a_disabled_account_is_asked_for_if_its_row_may_be_one_that_is_garbled(folder):
    garbled = page("userRegistrationDetails", [*(preferring(one) for one in STATES if one != ONE), "?"])
    given_ = evidence(people={ONE: user(ONE, accountEnabled=False)}, userRegistrationDetails=[garbled])
    assert ONE in asked(folder, *given_)["signInPreferences"]


def test_every_administrator_is_asked_for_by_flag_by_role_and_by_group(folder):
    group = page("groupMembers", [{"id": THIRD}], url="https://x/v1.0/groups/g/transitiveMembers")
    roles = page("roleAssignments", [role_of(OTHER.upper()), role_of("g", "group")])
    disabled = {OTHER: user(OTHER, accountEnabled=False)}
    rows = {ONE: preferring(ONE, isAdmin=True), OTHER: None}
    found = asked(folder, *evidence(people=disabled, rows=rows, roleAssignments=[roles]), group)
    for source in BOTH:
        assert found[source] == SAMPLE | {ADMIN, ONE, OTHER, THIRD}


LOST_ROLES = [refusal("roleAssignments", 403, "accessDenied")]


@pytest.mark.parametrize(
    "roles", [LOST_ROLES, [], [page("roleAssignments", [role_of("g", "group")])], [page("roleAssignments", [{}])]]
)
def test_roles_that_are_not_whole_matter_only_where_the_report_names_no_administrators(folder, tmp_path, roles):
    assert asked(folder, *evidence(roleAssignments=roles))["requirements"] == SAMPLE | {ADMIN}
    silent = {ONE: preferring(ONE, isAdmin=None)}
    assert asked(tmp_path / "other", *evidence(rows=silent, roleAssignments=roles))["requirements"] == EVERYBODY


def test_where_neither_says_who_is_an_administrator_everybody_is_asked_for(folder):
    lost = [refusal("userRegistrationDetails", 403)]
    given_ = evidence(userRegistrationDetails=lost, roleAssignments=LOST_ROLES)
    assert asked(folder, *given_) == dict.fromkeys(BOTH, EVERYBODY)


@pytest.mark.parametrize(
    ("source", "of_source"), [("requirements", "listedStates"), ("signInPreferences", "userRegistrationDetails")]
)
@pytest.mark.parametrize("what", ["refused", "broken off", "never asked for"])
def test_a_bulk_source_that_is_not_whole_is_worth_nothing(folder, source, of_source, what):
    first = next(one for one in evidence() if one.source == of_source)
    broken = page(of_source, [], more=True)
    instead = {"refused": [refusal(of_source, 403)], "broken off": [first, broken], "never asked for": []}[what]
    disabled = {ONE: user(ONE, accountEnabled=False)}
    found = asked(folder, *evidence(people=disabled, **{of_source: instead}))
    assert found[source] == EVERYBODY


MISMATCHES = {
    "another state": {"requirements": {"perUserMfaState": "enforced"}},
    "no state": {"requirements": {}},
    "a state of tomorrow": {"requirements": {"perUserMfaState": "asleep"}},
    "one of two preferences": {
        "signInPreferences": agreeing("signInPreferences", ADMIN)
        | {"isSystemPreferredAuthenticationMethodEnabled": False}
    },
    "no preference": {
        "signInPreferences": agreeing("signInPreferences", ADMIN)
        | {"userPreferredMethodForSecondaryAuthentication": None}
    },
}


@pytest.mark.parametrize("body", MISMATCHES.values(), ids=MISMATCHES)
@pytest.mark.parametrize("who", [sorted(SAMPLE)[7], ADMIN])
def test_one_answer_that_differs_sends_everybody_to_the_documented_endpoint(folder, body, who):
    disabled = {ONE: user(ONE, accountEnabled=False)}
    snapshot, found = audited(folder, *evidence(people=disabled), say=but(**{who: body}))
    (source,) = body
    assert found[source] == EVERYBODY
    made = of(snapshot, source)
    assert (made.fell_back, made.bound, made.stood_in) == (True, None, 0)
    assert made.mismatches["user_id"].unique().to_list() == [who]
    assert sum(one.mismatches for one in made.strata) == (who in SAMPLE)
    other = next(name for name in BOTH if name != source)
    assert (found[other], of(snapshot, other).fell_back) == (SAMPLE | {ADMIN}, False)


def test_a_state_of_whose_sample_nobody_can_be_read_sends_everybody(folder):
    gone = {user: {"requirements": (404, "Request_ResourceNotFound")} for user in EVERYBODY if user.startswith("d")}
    snapshot, found = audited(folder, *evidence(), say=but(**gone))
    assert (found["requirements"], of(snapshot, "requirements").fell_back) == (EVERYBODY, True)
    assert "disabled" in of(snapshot, "requirements").why


def test_a_state_of_which_everybody_was_asked_rests_on_no_sample(folder):
    gone = {f"f{n}": {"requirements": (404, "Request_ResourceNotFound")} for n in range(4)}
    snapshot, _ = audited(folder, *evidence(), say=but(**gone))
    assert not of(snapshot, "requirements").fell_back


def test_answers_that_agree_ask_for_nobody_else(folder):
    write(folder, *evidence())
    before = wanted(folder, SEED)
    first = one_round(folder, now=before)
    assert wanted(folder, SEED) == before
    assert one_round(folder, asked=first) == set()


ANSWERS = st.sampled_from([None, (404, "gone"), (503, "later"), {}, {"perUserMfaState": "enforced"}, "agree"])


@examples(25, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_answer_ever_takes_a_user_back(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("rounds") / "evidence"
    write(folder, *evidence(states=STATES | {ONE: None}))
    usual = data.draw(st.sampled_from(["agree", (503, "later")]), label="usual")
    odd = data.draw(st.dictionaries(st.sampled_from(sorted(EVERYBODY)), ANSWERS, max_size=3), label="odd")

    def say(source, one):
        said = odd.get(one, usual)
        return agreeing(source, one) if said == "agree" else said

    seen, before = set(), dict.fromkeys(BOTH, frozenset())
    for turn in range(4):
        now = {source: set(users) for source, users in wanted(folder, SEED).items()}
        assert all(before[source] <= now[source] for source in BOTH)
        assert {(source, one) for source in BOTH for one in now[source]} >= seen
        before = now
        # From the second round on the failed ones are asked again, and answer: that may take nobody back either.
        seen |= one_round(folder, say if turn == 0 else agreeing, seen if turn % 2 == 0 else (), now)
    assert one_round(folder, asked=seen) == set()
