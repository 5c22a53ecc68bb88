"""The examples on Graph's own pages are read as the pages say: what is about users, and the reports."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from mfaaudit.evidence.batch import BATCH, Item, request_body
from mfaaudit.evidence.journal import Journal
from mfaaudit.evidence.response import Response
from mfaaudit.snapshot.method_activity import read_activity
from mfaaudit.snapshot.metrics import read_metrics
from mfaaudit.snapshot.objects import Evidence
from mfaaudit.snapshot.readings import list_users, read_per_user, read_rows
from mfaaudit.snapshot.registration import count_registration
from mfaaudit.snapshot.some_users import take_some
from mfaaudit.sources import BY_NAME
from mfaaudit.words import Reason, Unknown

FOLDER = Path(__file__).parents[1] / "fixtures" / "graph_pages"
STRANGE, NOT_SENT = Unknown(Reason.UNKNOWN_VALUE), Unknown(Reason.NOT_SENT)
NOT_ASKED = Unknown(Reason.NOT_REQUESTED)


@pytest.fixture
def recorded(tmp_path):
    """The evidence that an audit would have, had it got the answers of these pages."""

    def recording(**answers):
        with Journal(tmp_path) as journal:
            for source, answer in answers.items():
                journal.append(response(source, answer))
        return Evidence(tmp_path)

    return recording


def response(source, answer, request=""):
    return Response(
        source=source,
        method="GET",
        url=f"https://graph.microsoft.com/v1.0/{source}",
        read_at=datetime(2026, 3, 2, tzinfo=UTC),
        status=200,
        headers={"request-id": "94fb3b52-452a-4535-a601-69e0a90e3aa2"},
        request=request,
        body=json.dumps(answer).encode(),
    )


def answer_of(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))["answer"]


def values_of(readings):
    return {field.name: readings.entries(field.name) for field in readings.source.fields}


def counts(evidence):
    listing = list_users(evidence)
    report = read_rows(evidence, listing.index, BY_NAME["userRegistrationDetails"], {})
    return count_registration(evidence, listing, report)


@pytest.mark.parametrize(
    ("source", "page", "values"),
    [
        ("requirements", "authentication-get-requirements", {"requirements.perUserMfaState": "enforced"}),
        (
            "signInPreferences",
            "authentication-get-signinpreferences",
            {
                "signInPreferences.isSystemPreferredAuthenticationMethodEnabled": False,
                "signInPreferences.userPreferredMethodForSecondaryAuthentication": "push",
            },
        ),
    ],
)
def test_the_answers_about_one_user(tmp_path, source, page, values):
    user = "071cc716-8147-4397-a5ba-b2105951cc0b"
    item = Item(source, user)
    batch = {"responses": [{"id": item.id, "status": 200, "body": answer_of(page)}]}
    with Journal(tmp_path) as journal:
        journal.append(response(BATCH, batch, request_body([item], BY_NAME)))

    found, _ = read_per_user(tmp_path, [source], {user: 0})

    assert found[source].reasons == [None]
    assert values_of(found[source]) == {name: [value] for name, value in values.items()}


def test_the_rows_of_the_registration_report(recorded):
    evidence = recorded(userRegistrationDetails=answer_of("authenticationmethodsroot-list-userregistrationdetails"))
    alex, allan = "86462606-fde0-4fc4-9e0c-a20eb73e54c6", "c6ad1942-4afa-47f8-8d48-afb5d8d69d2f"

    report = read_rows(evidence, {alex: 0, allan: 1}, BY_NAME["userRegistrationDetails"], {})

    # The page's timestamp has a seventh digit, which a datetime cannot hold.
    refreshed = datetime(2023, 3, 13, 19, 15, 41, 619583, tzinfo=UTC)
    assert report.orphans == []
    assert values_of(report.readings) == {
        "registration.isAdmin": [False, False],
        "registration.isMfaRegistered": [True, False],
        "registration.isMfaCapable": [True, False],
        "registration.isPasswordlessCapable": [False, False],
        "registration.isSsprRegistered": [False, False],
        "registration.isSsprEnabled": [False, False],
        "registration.isSsprCapable": [False, False],
        "registration.methodsRegistered": [("microsoftAuthenticatorPush", "softwareOneTimePasscode"), ()],
        "registration.userPreferredMethodForSecondaryAuthentication": ["push", "none"],
        "registration.lastUpdatedDateTime": [refreshed, refreshed],
    }


@pytest.mark.parametrize("bare", [False, True], ids=["as the page has it", "as an object"])
def test_the_row_of_one_user(recorded, bare):
    source, alex = BY_NAME["userRegistrationDetails"], "86462606-fde0-4fc4-9e0c-a20eb73e54c6"
    answer = answer_of("userregistrationdetails-get")
    found = replace(
        response(source.name, answer["value"] if bare else answer),
        url=f"https://graph.microsoft.com/v1.0{source.of_one.format(id=alex)}",
    )
    folder = recorded().folder
    with Journal(folder) as journal:
        journal.append(found)

    users = take_some(folder, [alex]).users

    assert users["registration_isMfaCapable"].to_list() == [True]
    assert users["registration_methodsRegistered"].to_list() == [
        ["microsoftAuthenticatorPush", "softwareOneTimePasscode"]
    ]
    assert users["registration_lastUpdatedDateTime"].to_list() == [
        datetime(2023, 3, 13, 19, 15, 41, 619583, tzinfo=UTC)
    ]


def test_a_user_of_the_list_and_what_the_default_properties_do_not_tell(recorded):
    listing = list_users(recorded(users=answer_of("user-list")))

    assert listing.ids == ["6ea91a8d-e32e-41a1-b7bd-d2d185eed0e0"]
    values = {name: entries[0] for name, entries in values_of(listing.readings).items()}
    assert values["user.displayName"] == "Conf Room Adams"
    assert values["user.userPrincipalName"] == "Adams@contoso.com"
    # They were not selected: not a default, and not what null would mean.
    assert {values[name] for name in ("user.accountEnabled", "user.userType", "user.onPremisesSyncEnabled")} == {
        NOT_SENT
    }


def test_the_summaries_by_feature_and_by_method(recorded):
    found = counts(
        recorded(
            usersRegisteredByFeature=answer_of("authenticationmethodsroot-usersregisteredbyfeature"),
            usersRegisteredByMethod=answer_of("authenticationmethodsroot-usersregisteredbymethod"),
        )
    )

    assert found.total == 23123
    assert found.by_feature == {
        "ssprRegistered": 23423,
        "ssprEnabled": 4234,
        "ssprCapable": 4234,
        "passwordlessCapable": 323,
        "mfaCapable": 3345,
    }
    assert found.by_method == {"password": 12209, "windowsHelloForBusiness": 223, "mobilePhone": 4234}


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("reportroot-getcredentialuserregistrationcount", {"registered": 23423}),
        ("reportroot-getcredentialuserregistrationcount-older", {"registered": 23423}),
        (
            "credentialuserregistrationcount",
            {"registered": 23423, "enabled": 4234, "capable": 323, "mfaRegistered": 33},
        ),
    ],
)
def test_the_older_count_under_each_of_its_spellings(recorded, page, expected):
    source, answer = "getCredentialUserRegistrationCount", answer_of(page)
    # The page of the resource shows one without its collection.
    collection = answer if "value" in answer else {"value": [answer]}

    found = counts(recorded(**{source: collection}))

    theirs = {one.what: one.theirs for one in found.comparisons if one.theirs_from == source}
    missing = dict.fromkeys(("registered", "enabled", "capable", "mfaRegistered"), STRANGE)
    assert theirs == {"Users in the older report": 23123} | missing | expected


def test_the_use_of_methods_as_its_three_pages_show_it(recorded):
    found = read_activity(
        recorded(
            userRegistrationActivity=answer_of("authenticationmethodsroot-userregistrationactivity"),
            userSignInsByAuthMethodSummary=answer_of("authenticationmethodsroot-usersigninsbyauthmethodsummary"),
            userMfaSignInSummary=answer_of("authenticationmethodsroot-list-usermfasigninsummary"),
        )
    )

    assert {(row.feature, row.method): (row.succeeded, row.failed) for row in found.activities} == {
        ("registration", "windowsHelloForBusiness"): (1, 0),
        ("registration", "microsoftAuthenticatorPush"): (83, 214),
        ("registration", "email"): (0, 0),
        ("registration", "externalAuthMethod"): (0, 0),
        ("reset", "email"): (0, 0),
    }
    assert found.total("registration").failure_rate == Fraction(214, 298)
    assert found.total("reset").failure_rate is None
    assert {row.method: row.succeeded for row in found.sign_ins}["passKeyDeviceBound"] == 843
    # On the page the total is less than one of its parts.
    assert found.days[date(2025, 7, 16)].total == 1000
    assert (found.single_factor, found.multi_factor) == (100, 9900)
    assert [remark for remark in found.remarks if "2025-07-16" in remark]


@pytest.mark.parametrize("page", ["", "-older"])
def test_failed_sign_ins_are_the_same_under_both_ways_of_writing_a_time(recorded, page):
    source = "getMetricsForMfaSignInFailure"
    evidence = recorded(**{source: answer_of(f"serviceactivity-{source.lower()}{page}")})
    day = date(2023, 1, 10)

    found = read_metrics(evidence, datetime(2023, 1, 10, tzinfo=UTC), datetime(2023, 1, 10, 0, 30, tzinfo=UTC))

    assert found.failure == {day: 4 + 5 + 4}
    assert found.success == NOT_ASKED


def test_intervals_outside_the_window_that_was_asked_for_are_not_counted(recorded):
    # The page asks for the first of January and shows the tenth.
    source = "getMetricsForMfaSignInFailure"
    evidence = recorded(**{source: answer_of(f"serviceactivity-{source.lower()}")})

    found = read_metrics(evidence, datetime(2023, 1, 1, tzinfo=UTC), datetime(2023, 1, 1, 0, 20, tzinfo=UTC))

    assert found.failure == STRANGE
