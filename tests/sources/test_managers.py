"""A manager as it is read: nobody is a value, somebody who may not be read is none, and nothing is made up."""

import pytest

from mfaaudit.facts import WISHED
from mfaaudit.findings.examples import frame
from mfaaudit.sources.field import Kind, Scope
from mfaaudit.sources.managers import FIELDS, SOURCE
from mfaaudit.sources.options import MANAGERS
from mfaaudit.vocabulary import FIELDS as VOCABULARY
from mfaaudit.words import Reason, Unknown

STRANGE, NOT_LET = Unknown(Reason.UNKNOWN_VALUE), Unknown(Reason.NO_PERMISSION)
NOT_SENT = Unknown(Reason.NOT_SENT)
USER = {
    "@odata.type": "#microsoft.graph.user",
    "id": "m",
    "displayName": "Ann",
    "userPrincipalName": "ann@x.example",
    "mail": "a@x.example",
}
CONTACT = {"@odata.type": "#microsoft.graph.orgContact", "id": "c", "displayName": "Bo", "mail": "bo@y.example"}
UNSEEN = CONTACT | {"displayName": None, "mail": None}


def read(row):
    """The four values, in their order: id, name, principal name, address."""
    return tuple(field.read(row) for field in FIELDS)


@pytest.mark.parametrize(
    ("manager", "values"),
    [
        (USER, ("m", "Ann", "ann@x.example", "a@x.example")),
        ({key: value for key, value in USER.items() if key[0] != "@"}, ("m", "Ann", "ann@x.example", "a@x.example")),
        # Somebody without a mailbox, or without a name, is somebody all the same.
        (USER | {"mail": None}, ("m", "Ann", "ann@x.example", "")),
        (USER | {"displayName": None}, ("m", "", "ann@x.example", "a@x.example")),
        (CONTACT, ("c", "Bo", "", "bo@y.example")),
        (CONTACT | {"mail": None}, ("c", "Bo", "", "")),
        # A contact that may not be read: there is a manager, and who it is stays open.
        (UNSEEN, ("c", NOT_LET, "", NOT_LET)),
        ({"@odata.type": CONTACT["@odata.type"], "id": "c"}, ("c", NOT_LET, "", NOT_LET)),
        (UNSEEN | {"userPrincipalName": None}, ("c", NOT_LET, "", NOT_LET)),
    ],
)
def test_who_the_manager_is(manager, values):
    assert read({"id": "u", "manager": manager}) == values


@pytest.mark.parametrize("row", [{"id": "u"}, {"id": "u", "manager": None}])
def test_a_user_who_was_read_and_has_no_manager_has_an_empty_value_and_no_unknown_one(row):
    assert read(row) == ("", "", "", "")


@pytest.mark.parametrize(
    "manager", [[], "Ann", [USER], {"userPrincipalName": 1, "id": 2, "mail": [], "displayName": {}}]
)
def test_what_is_no_manager_is_unknown_and_not_none(manager):
    assert read({"id": "u", "manager": manager}) == (STRANGE,) * 4
    assert read({"id": "u", "manager": {}}) == (NOT_SENT,) * 4


@pytest.mark.parametrize("name", ["id", "displayName", "userPrincipalName", "mail"])
def test_a_property_that_was_asked_for_and_did_not_come_is_unknown(name):
    values = dict(
        zip(
            [field.key for field in FIELDS],
            read({"manager": {k: v for k, v in USER.items() if k != name}}),
            strict=True,
        )
    )

    assert values.pop(name) == NOT_SENT
    assert NOT_SENT not in values.values()


def test_the_names_are_those_that_reports_and_rules_know():
    names = ["manager.id", "manager.displayName", "manager.userPrincipalName", "manager.mail"]

    assert [field.name for field in FIELDS] == names
    assert {(VOCABULARY[name].kind, VOCABULARY[name].scope, WISHED[name]) for name in names} == {
        (Kind.TEXT, Scope.USER, MANAGERS.name)
    }


def test_it_asks_for_what_it_reads_and_for_no_more_users_than_a_page_holds():
    assert SOURCE.path == ("/users?$select=id&$expand=manager($select=id,displayName,userPrincipalName,mail)&$top=100")
    assert SOURCE.needed is SOURCE.premium is False
    assert (SOURCE.option, SOURCE.permissions[0]) == ("managers", "User.Read.All")


def test_the_values_fit_the_columns_that_rules_are_judged_on():
    rows = [
        dict(zip([field.name for field in FIELDS], read({"manager": one}), strict=True)) for one in (USER, UNSEEN, None)
    ]

    made = frame(rows, Scope.USER)

    assert made["manager_mail"].to_list() == ["a@x.example", None, ""]
    assert made["manager_mail_reason"].to_list() == [None, "NO_PERMISSION", None]
