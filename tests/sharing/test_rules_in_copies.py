"""Rules in a copy: they say what they ask, and whom their author named is not."""

import json

import pytest

from mfaaudit.findings import expected
from mfaaudit.findings.read_pack import read_pack
from mfaaudit.sharing.becomes import Mode
from mfaaudit.sharing.key import Key
from mfaaudit.sharing.parts import part
from mfaaudit.sharing.pseudonyms import Pseudonyms, names_of
from mfaaudit.sharing.rewriting import Rewriter, merged, name_of_policy, twins_of
from mfaaudit.sharing.texts import Texts

ADA, GROUP, POLICY = "aaaaaaaa-0000-0000-0000-000000000001", "bbbbbbbb-0000-0000-0000-000000000002", "Everybody"
UPN = "ada@contoso.example"
PSEUDONYMS = Pseudonyms(Key(b"k" * 32), "tenant", {ADA: UPN})
ME = PSEUDONYMS.account(ADA)
TEXTS = Texts(
    ids={ADA: ME, GROUP: "group-1"},
    names={"Ada Lovelace", "Operations"},
    domains=["contoso.example"],
    person=lambda address: ME if address.lower() == UPN else "somebody",
)
HOW = {
    Mode.PSEUDONYMOUS: Rewriter(
        Mode.PSEUDONYMOUS,
        pseudonyms=PSEUDONYMS,
        names=names_of([(ADA, UPN, "Ada Lovelace")]),
        texts=TEXTS,
        groupings={"user.department": {"Sales": "Sales"}},
    ),
    Mode.INTERNAL: Rewriter(Mode.INTERNAL, pseudonyms=None, names={}, texts=TEXTS, groupings={}),
}


def _said(require, mode=Mode.PSEUDONYMOUS):
    rule = {"id": "R-1", "title": "A rule", "rationale": "A reason.", "severity": "high", "remediation": "A cure."}
    head = {"id": "by-hand", "version": "1.0.0", "title": "A pack for a test"}
    text = json.dumps({"pack": head, "rules": [rule | {"require": require}]})
    return expected(part(read_pack(text, "by-hand.yaml", "", "_lists.yaml"), HOW[mode]).rules[0])


@pytest.mark.parametrize(
    ("require", "said"),
    [
        ({"user.userPrincipalName": {"ne": UPN}}, f"user.userPrincipalName is not {ME}"),
        ({"user.userPrincipalName": {"ne": UPN.upper()}}, f"user.userPrincipalName is not {ME}"),
        ({"user.userPrincipalName": {"matches": "ada@*"}}, "user.userPrincipalName matches withheld"),
        ({"user.userPrincipalName": {"regex": "^ada"}}, "a match of the regular expression withheld"),
        ({"user.displayName": {"in": ["Ada", "Grace"]}}, "user.displayName is withheld"),
        ({"user.department": {"in": ["Sales", "Board", "Legal"]}}, "user.department is Sales or other (small"),
        ({"user.department": {"matches": "Boa*"}}, "user.department matches withheld"),
        ({"derived.groups": {"contains_any": [GROUP]}}, f"contains {PSEUDONYMS.other('group', GROUP)}"),
        ({"derived.enforcingPolicies": {"contains": POLICY}}, f"contains {PSEUDONYMS.other('policy', POLICY)}"),
        ({"derived.roles": {"contains_any": [ADA]}}, f"derived.roles contains {ADA}"),
        ({"user.accountEnabled": True}, "user.accountEnabled is true"),
        ({"user.createdDateTime": {"older_than_days": 30}}, "more than 30 days ago"),
        ({"registration.methodsRegistered": {"count": {"gte": 2}}}, "holds at least 2"),
        ({"not": {"user.userPrincipalName": {"eq": UPN}}}, f"user.userPrincipalName is not {ME}"),
        (
            {"any_of": [{"user.userPrincipalName": {"eq": UPN}}, {"user.accountEnabled": True}]},
            f"user.userPrincipalName is {ME} or user.accountEnabled is true",
        ),
    ],
)
def test_an_operand_becomes_what_its_values_become(require, said):
    assert said in _said(require)
    assert "ada@" not in _said(require).lower()


def test_a_name_that_is_not_in_the_tenant_is_somebodys_all_the_same():
    said = _said({"user.userPrincipalName": {"ne": "nobody@elsewhere.example"}})

    assert "elsewhere" not in said
    assert "person-" in said


def test_in_an_internal_copy_only_display_names_are_withheld():
    assert UPN in _said({"user.userPrincipalName": {"ne": UPN}}, Mode.INTERNAL)
    assert "Ada" not in _said({"user.displayName": {"ne": "Ada"}}, Mode.INTERNAL)
    assert GROUP in _said({"derived.groups": {"contains_any": [GROUP]}}, Mode.INTERNAL)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (f"See {ADA.upper()}.", f"See {ME}."),
        ("See 12345678-0000-0000-0000-000000000000.", "See 12345678-0000-0000-0000-000000000000."),
        (f"Ask <{UPN}>, or somebody.else@elsewhere.example.", f"Ask <{ME}>, or somebody."),
        ("Sign in at mail.Contoso.Example first", "Sign in at (withheld) first"),
        ("not-contoso.example", "not-contoso.example"),
        ("(ada lovelace's account)", "((withheld)'s account)"),
        # One word may be a word of the language.
        ("Operations may wait", "Operations may wait"),
        ("Nothing to see", "Nothing to see"),
    ],
)
def test_identifiers_are_found_in_what_an_author_wrote(text, made):
    assert TEXTS.rewrite(text) == made


def test_small_groups_stand_together_and_are_never_few():
    import polars as pl

    sizes = {"Sales": 9, "Legal": 6, "Board": 2, "Contoso lab": 7}
    values = pl.Series("department", [name for name, users in sizes.items() for _ in range(users)] + [None] * 20)

    kept = merged(values, "user.department", lambda text: text.replace("Contoso", "(withheld)"))

    # The board alone would still be two: the smallest other department goes with it.
    assert kept == {"Contoso lab": "(withheld) lab", "Sales": "Sales"}


def test_a_policy_with_its_id_and_without_is_one_but_for_twins():
    labels = [f"Everybody ({ADA})", f"Pilot (1) ({ADA})", f"Twin ({ADA})", f"Twin ({GROUP})", "Pilot (2)"]

    assert [name_of_policy(one) for one in labels] == ["Everybody", "Pilot (1)", "Twin", "Twin", "Pilot (2)"]
    assert twins_of(labels) == {"Twin"}
