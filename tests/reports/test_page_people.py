"""What is known of each user, as one profile and as the page carries it for all of them."""

from datetime import UTC, date, datetime

import polars as pl
import pytest
from judged_by_hand import CAPABLE, DEFAULTS, MFA, TODAY, days, entry, material, pack, rule, uid
from page_reading import Data

from mfaaudit.findings import observed
from mfaaudit.reports.page import people
from mfaaudit.reports.page.shape import ELSEWHERE
from mfaaudit.reports.profiles import DECLARED, READ, WORKED_OUT, Profiles
from mfaaudit.reports.sections import findings
from mfaaudit.snapshot.coverage import Coverage
from mfaaudit.words import Reason, Unknown, Verdict

READ_AT = datetime(2026, 10, 2, 12, 0, 5, tzinfo=UTC)
ANSWERED = datetime(2026, 10, 2, 12, 0, 9, tzinfo=UTC)
STATE = "requirements.perUserMfaState"


def told(*users, **how):
    """The profiles of some users; the users were read at READ_AT, and the policies at ANSWERED."""
    made = material(*users, **how)
    seen = Coverage(
        source="conditionalAccessPolicies", wanted=1, read=1, reasons={}, requests=1, first=None, last=ANSWERED
    )
    made.snapshot.coverage, made.snapshot.role_names = (seen,), {"r-1": "Global Reader"}
    read_at = pl.Series("user_readAt", [READ_AT] * made.users.height, dtype=pl.Datetime("us", "UTC"))
    made.users.replace_column(made.users.get_column_index("user_readAt"), read_at)
    return Profiles(made)


def carried(profiles):
    (table,) = findings.section(profiles.material).tables
    return Data("".join(people.data(profiles, table)))


def value(profile, name):
    (found,) = [one for one in profile.values if one.field.name == name]
    return found


def test_a_profile_says_where_and_when_each_value_was_read():
    one = told({MFA: False}).of(0)
    name, answer = value(one, "user.userPrincipalName"), value(one, "derived.enforcedBy")

    assert one.name == name.value == "user0@contoso.example"
    assert (name.origin.how, name.origin.endpoint[:11], name.read_at) == (READ, "v1.0/users?", READ_AT)
    assert not name.origin.is_beta
    assert (answer.origin.how, answer.origin.source.name, answer.read_at) == (
        WORKED_OUT,
        "conditionalAccessPolicies",
        ANSWERED,
    )
    assert value(one, STATE).origin.is_beta
    assert value(one, "declared.exceptionKinds").origin.how == DECLARED


def test_what_was_not_read_stays_so_with_its_reason_and_has_no_time():
    profiles = told({STATE: Unknown(Reason.THROTTLED)})
    times = pl.Series("requirements_readAt", [None], dtype=pl.Datetime("us", "UTC"))
    profiles.users.replace_column(profiles.users.get_column_index(times.name), times)
    found = value(profiles.of(0), STATE)
    assert found.value == Unknown(Reason.THROTTLED)
    assert found.read_at is None


def test_a_value_says_which_source_it_came_from_where_another_stood_in():
    profiles = told({STATE: "enforced"}, {STATE: "disabled"})
    names = pl.Series("requirements_source", ["listedStates", None], dtype=pl.String())
    profiles.users.insert_column(1, names)
    assert [value(profiles.of(n), STATE).origin.source.name for n in (0, 1)] == ["listedStates", "requirements"]
    carrying = carried(profiles)
    assert carrying.words(carrying.head["stoodIn"]["requirements"]) == ["listedStates", "requirements"]
    assert carrying.head["sources"]["listedStates"]["endpoint"].startswith("v1.0/users")


def test_roles_are_called_by_their_names():
    assert value(told({"derived.roles": ("r-1", "r-2")}).of(0), "derived.roles").value == "Global Reader, r-2"


def test_a_profile_holds_every_rule_with_its_reason_and_exception():
    rules = (rule(), rule("R-2", {CAPABLE: True}, severity="critical"), rule("T-1", {DEFAULTS: True}, scope="tenant"))
    profiles = told(
        {MFA: False, CAPABLE: Unknown(Reason.NO_ROW)},
        packs=(pack("mine", *rules),),
        entries=(entry(),),
        tenant={DEFAULTS: True},
    )
    second, first = profiles.of(0).rules
    assert (second.result.rule.id, second.verdict, second.reason) == ("R-2", Verdict.NOT_EVALUATED, "NO_ROW")
    assert (first.verdict, first.exception, first.until) == (Verdict.WAIVED, "E-1", date.fromisoformat(days(50)))
    assert (first.observed, first.expected) == (f"{MFA} = false", f"{MFA} is true")
    assert profiles.of(0).worst is Verdict.NOT_EVALUATED
    assert first.until > TODAY


CASES = (
    {MFA: True, CAPABLE: True},
    {MFA: False, CAPABLE: Unknown(Reason.NO_ROW)},
    {MFA: Unknown(Reason.NO_PERMISSION), CAPABLE: False, "user.department": "Legal"},
    {MFA: False, CAPABLE: True, "user.department": "</script>"},
)
PACK = pack(
    "mine", rule(), rule("R-2", {CAPABLE: True}, severity="critical"), rule("T-1", {DEFAULTS: True}, scope="tenant")
)


def test_the_page_carries_what_the_profiles_say():
    profiles = told(*CASES, packs=(PACK,), entries=(entry(subject={"userId": uid(3)}),), tenant={DEFAULTS: False})
    data = carried(profiles)
    fields = {one["name"]: data.words(one) for one in data.head["fields"]}
    times = {one["name"]: data.words(data.head["times"][one["times"]]) for one in data.head["fields"]}
    for row in range(len(CASES)):
        profile = profiles.of(row)
        assert set(fields) == {one.field.name for one in profile.values}
        for one in profile.values:
            shown = people.words(one.value)
            assert fields[one.field.name][row] == shown
            assert times[one.field.name][row] == people.words(one.read_at)
        for judged, carrying in zip(
            profile.rules, [one for one in data.head["rules"] if "tenant" not in one], strict=True
        ):
            assert carrying["id"] == judged.result.rule.id
            assert data.head["verdicts"][data.numbers(carrying["verdicts"])[row]] == judged.verdict
            assert data.words(carrying["reasons"])[row] == judged.reason
            if "exceptions" in carrying:
                covered = f"{judged.exception} until {judged.until}" if judged.exception else ""
                assert data.words(carrying["exceptions"])[row] == covered


def test_the_findings_that_follow_from_it_are_those_of_the_section():
    profiles = told(*CASES, packs=(PACK,), tenant={DEFAULTS: False})
    (table,) = findings.section(profiles.material).tables
    keys = [column.key for column in table.columns]
    said = [dict(zip(keys, row, strict=True)) for row in table.rows()]
    data = carried(profiles)
    names = ("ruleId", "userId", "status", "reason", "observed")
    assert data.findings() == [tuple(row[name] or "" for name in names) for row in said]
    assert data.head["findings"] == len(said) == 6
    columns = [one["key"] for one in data.head["columns"]["findings"]]
    # What a person fills in, what follows from the rest, and what is the same in each row stands in the sheet alone.
    left_out = {column.key for column in table.columns if column.input is not None} | {*ELSEWHERE, "exceptionId"}
    assert columns == [key for key in keys if key not in left_out]
    assert "accountClass" in columns, "to filter by"
    covered = told(*CASES, packs=(PACK,), tenant={DEFAULTS: False}, entries=())
    assert "exception" in [one["key"] for one in carried(covered).head["columns"]["findings"]]


def test_a_column_that_no_value_of_a_user_stands_behind_makes_the_list_bring_its_own_rows():
    from dataclasses import replace

    from mfaaudit.reports.document import Column

    profiles = told(*CASES)
    (table,) = findings.section(profiles.material).tables
    table = replace(table, columns=(*table.columns, Column(key="neverHeardOf", title="New")))
    assert Data("".join(people.data(profiles, table))).head["columns"]["findings"] is None


def test_of_too_many_users_the_page_holds_those_with_findings_the_worst_first(monkeypatch):
    monkeypatch.setattr(people, "MOST_USERS", 2)
    cases = ({MFA: True}, {MFA: Unknown(Reason.NO_ROW)}, {MFA: False}, {MFA: True}, {MFA: False})
    profiles = told(*cases)
    data = carried(profiles)
    assert (data.head["count"], data.head["total"], data.head["findings"]) == (2, 5, 3)
    assert data.words(data.head["ids"]) == [uid(2).upper(), uid(4).upper()]
    assert [one[1:3] for one in data.findings()] == [(uid(2).upper(), "FAIL"), (uid(4).upper(), "FAIL")]

    monkeypatch.setattr(people, "MOST_USERS", 4)
    assert carried(profiles).words(carried(profiles).head["ids"]) == [uid(n).upper() for n in (1, 2, 4)]


def test_the_same_audit_gives_the_same_bytes():
    assert carried(told(*CASES)).parts == carried(told(*CASES)).parts
    (table,) = findings.section(told(*CASES).material).tables
    assert [*people.data(told(*CASES), table)] == [*people.data(told(*CASES), table)]


@pytest.mark.parametrize("words", [("x" * 40_000,), ("</script><script>alert(1)</script>",), ("\u202eevil", "a\x00b")])
def test_what_a_tenant_says_travels_as_letters_of_base64(words):
    profiles = told(*({"user.displayName": one} for one in words))
    text = "".join(people.data(profiles, None))
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
    data = Data(text)
    (name,) = [one for one in data.head["fields"] if one["name"] == "user.displayName"]
    assert all(len(word) < 2_100 and "\u202e" not in word and "\x00" not in word for word in data.words(name))


def test_the_words_for_what_was_observed_are_those_of_a_finding():
    profiles = told(*CASES, packs=(PACK,))
    data = carried(profiles)
    seen = {one["name"]: data.words(one["observed"]) for one in data.head["fields"] if "observed" in one}
    for result in profiles.results:
        (name,) = result.rule.observed_fields
        assert seen[name] == [observed(result.rule, row) for row in profiles.users.iter_rows(named=True)]


def test_many_users_take_few_bytes_each():
    cases = [{MFA: n % 3 == 0, CAPABLE: True, "user.department": f"D{n % 7}"} for n in range(2_000)]
    size = len("".join(people.data(told(*cases, packs=(PACK,)), None)))
    few = len("".join(people.data(told(*cases[:1_000], packs=(PACK,)), None)))
    # Whatever all users share stands there once; 30 MB for 100,000 users leave each 300 bytes.
    assert (size - few) / 1_000 < 60
