"""Pseudonyms: stable under one key, unlike under another, and never the same for two."""

import hashlib
import hmac

import pytest

from mfaaudit.declared.register import folded
from mfaaudit.sharing.key import Key
from mfaaudit.sharing.pseudonyms import LEAST, Issued, Pseudonyms, length_of, names_of

KEY, OTHER = Key(b"k" * 32), Key(b"o" * 32)
TENANT = "11111111-AAAA-0000-0000-000000000000"
ADA, GRACE = "aaaaaaaa-0000-0000-0000-000000000001", "aaaaaaaa-0000-0000-0000-000000000002"
ACCOUNTS = {ADA: "ada@contoso.example", GRACE: ""}


def test_whoever_holds_the_key_can_work_one_out():
    expected = hmac.new(b"k" * 32, (TENANT.lower() + ADA).encode(), hashlib.sha256).hexdigest()[:12]

    assert Pseudonyms(KEY, TENANT, ACCOUNTS).account(ADA) == f"u-{expected}"


def test_the_same_key_gives_the_same_whoever_else_is_in_the_tenant():
    one, other = Pseudonyms(KEY, TENANT, ACCOUNTS), Pseudonyms(KEY, TENANT.lower(), {ADA.upper(): "changed@name"})

    assert one.account(ADA) == other.account(ADA) == other.account(ADA.upper())
    assert one.other("policy", "Everybody") == other.other("policy", "Everybody")


def test_another_key_or_tenant_gives_others():
    made = [Pseudonyms(KEY, TENANT, ACCOUNTS), Pseudonyms(OTHER, TENANT, ACCOUNTS), Pseudonyms(KEY, "2222", ACCOUNTS)]

    assert len({one.account(ADA) for one in made}) == 3
    assert len({one.other("group", "g") for one in made}) == 3


def test_two_sorts_of_one_text_are_told_apart():
    made = Pseudonyms(KEY, TENANT, ACCOUNTS)

    kinds = ("policy", "group", "exception", "person")
    assert len({made.other(kind, "Pilot").split("-")[1] for kind in kinds}) == len(kinds)


def test_where_two_would_be_the_same_all_get_longer():
    alike = ["a" * 12 + "1" + "0" * 51, "a" * 12 + "2" + "0" * 51, "b" * 64]

    assert length_of(alike) == 16
    assert length_of(alike[1:]) == LEAST
    assert length_of([alike[0], alike[0]]) == LEAST
    assert length_of([]) == LEAST


def test_it_is_known_what_each_stands_for():
    made = Pseudonyms(KEY, TENANT, ACCOUNTS)
    policy = made.other("policy", "Everybody")

    assert made.issued[made.account(ADA)] == Issued("u", ADA, "ada@contoso.example")
    assert made.issued[policy] == Issued("policy", "Everybody", "")
    assert len(made.issued) == 3


def test_a_name_that_two_have_names_nobody():
    names = names_of(
        [(ADA, "ada@contoso.example", "The  Board"), (GRACE, None, "the board"), (ADA.upper(), None, None)]
    )

    assert names["ada@contoso.example"] == ADA
    assert names[GRACE] == GRACE
    assert names[ADA] == ADA
    assert "the board" not in names


@pytest.mark.parametrize(
    "name", ["Ada  LOVELACE", "\tada\x0blovelace ", "ada\x1clovelace", "Ádá Lovelace", "a\u200bda", "ＡＤＡ"]
)
def test_names_are_looked_up_as_the_register_folds_them(name):
    assert names_of([(ADA, name, None)])[folded(name)] == ADA
