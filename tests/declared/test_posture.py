"""How MFA is enforced: declared, or inferred where what was not read could not change the answer."""

from itertools import product

import pytest
from declared_by_hand import declared, fact, tenant

from mfaaudit.declared.posture import applies, posture_of
from mfaaudit.declared.words import CHOICES, POSTURES
from mfaaudit.errors import UsageProblem
from mfaaudit.findings.read_rule import POSTURES as OF_PACKS
from mfaaudit.words import Reason, Unknown

GAP = Unknown(Reason.NO_PERMISSION)
LATE = Unknown(Reason.TIMEOUT)


def row(defaults, for_all, policies, states):
    """A tenant's row; True and False for the lists of policies mean some and none."""

    def listed(value):
        return value if isinstance(value, Unknown) else ("One",) if value else ()

    return tenant(
        tenant__securityDefaults__isEnabled=defaults,
        derived__allUsersMfaPolicies=listed(for_all),
        derived__hasAllUsersMfaPolicy=for_all,
        derived__isPerUserMfaInUse=states,
        policies=None if policies is None else listed(policies),
    )


@pytest.mark.parametrize(
    ("defaults", "for_all", "policies", "states", "expected"),
    [
        (True, False, False, False, "security-defaults"),
        (True, True, True, True, "security-defaults"),
        (True, GAP, GAP, GAP, "security-defaults"),
        (False, True, True, False, "conditional-access"),
        (False, True, True, True, "conditional-access"),
        (False, True, GAP, GAP, "conditional-access"),
        (False, True, None, GAP, "conditional-access"),
        (False, False, True, True, "mixed"),
        (False, False, True, False, "conditional-access"),
        (False, GAP, True, False, "conditional-access"),
        (False, False, False, True, "per-user"),
        (False, False, False, False, "none"),
        (GAP, False, False, False, None),
        (GAP, True, True, False, None),
        (False, GAP, True, True, None),
        (False, GAP, GAP, True, None),
        (False, False, True, GAP, None),
        (False, False, GAP, True, None),
        (False, False, GAP, False, None),
        (False, False, None, False, None),
        (GAP, GAP, GAP, GAP, None),
    ],
)
def test_a_posture_is_inferred_where_only_one_fits(defaults, for_all, policies, states, expected):
    found = posture_of("auto", row(defaults, for_all, policies, states))

    assert found.value == expected
    assert (found.reason is None) == (expected is not None)
    assert ("--posture" in found.statement) == (expected in (None, "none"))
    assert len(found.inputs) == 4
    assert found.remarks == ()


def test_nothing_else_could_be_inferred_from_what_is_missing():
    # An unknown input has an answer only if both of its values lead there.
    for values in product((True, False, LATE), repeat=4):
        completed = [(True, False) if one is LATE else (one,) for one in values]
        answers = {posture_of("auto", row(*one)).value for one in product(*completed)}
        found = posture_of("auto", row(*values))
        assert found.value == (answers.pop() if len(answers) == 1 else None)
        assert found.reason is (None if found.value else Reason.TIMEOUT)


def test_the_reason_is_that_of_the_first_gap():
    assert posture_of("auto", row(LATE, GAP, GAP, GAP)).reason is Reason.TIMEOUT
    assert posture_of("auto", row(False, False, None, True)).reason is Reason.NOT_REQUESTED


def test_inputs_are_sentences():
    assert posture_of("auto", row(True, True, False, True)).inputs == (
        "Security defaults are on.",
        "Policies that ask all users for MFA on all resources: One.",
        "Policies that ask somebody for MFA: none.",
        "Per-user MFA is on for at least one user.",
    )
    assert posture_of("auto", row(False, False, GAP, False)).inputs == (
        "Security defaults are off.",
        "Policies that ask all users for MFA on all resources: none.",
        "Which Conditional Access policies ask for MFA is not known (NO_PERMISSION).",
        "Per-user MFA is on for nobody.",
    )


def test_a_sentence_stays_short():
    names = ("x" * 40_000, *(f"P{n}" for n in range(1_200)))
    sentence = posture_of("auto", tenant(policies=names)).inputs[2]

    assert sentence.endswith("…, P0, P1, P2, P3 and 1,196 more.")
    assert len(sentence) < 200


@pytest.mark.parametrize(
    ("asked", "given", "remarks"),
    [
        ("conditional-access", (False, True, True, True), []),
        ("conditional-access", (False, False, True, False), ["no policy asks all users for MFA"]),
        ("conditional-access", (True, True, True, False), ["security defaults are on"]),
        ("security-defaults", (True, False, False, True), []),
        ("security-defaults", (False, False, False, False), ["security defaults are off"]),
        ("security-defaults", (True, False, True, False), ["Conditional Access policies ask for MFA"]),
        ("per-user", (False, False, True, True), []),
        ("per-user", (False, True, True, True), ["a policy asks all users for MFA"]),
        ("per-user", (True, False, False, False), ["security defaults are on", "per-user MFA is on for nobody"]),
        ("third-party", (False, False, True, False), []),
        ("third-party", (False, True, True, False), ["a policy asks all users for MFA"]),
        ("mixed", (False, False, True, True), []),
        (
            "mixed",
            (False, False, False, False),
            ["per-user MFA is on for nobody", "no Conditional Access policy asks anybody for MFA"],
        ),
    ],
)
def test_what_contradicts_a_declared_posture_is_said(asked, given, remarks):
    found = posture_of(asked, row(*given))

    assert found.value == found.asked == asked
    assert found.reason is None
    assert found.remarks == tuple(f"Declared {asked}, but {text}." for text in remarks)
    assert ("contradicts" in found.statement) == bool(remarks)
    assert len(found.inputs) == 4


@pytest.mark.parametrize("asked", [one for one in CHOICES if one != "auto"])
def test_what_was_not_read_contradicts_nothing(asked):
    found = posture_of(asked, row(GAP, GAP, GAP, GAP))

    assert (found.value, found.remarks) == (asked, ())


@pytest.mark.parametrize("asked", ["none", "any", "Auto", ""])
def test_no_other_posture_can_be_declared(asked):
    with pytest.raises(UsageProblem) as caught:
        posture_of(asked, row(True, True, True, True))
    assert "per-user" in caught.value.hint


@pytest.mark.parametrize(
    ("pack", "posture", "expected"),
    [
        ("any", None, True),
        ("per-user", None, None),
        ("mixed", None, None),
        ("per-user", "per-user", True),
        ("per-user", "conditional-access", False),
        ("conditional-access", "security-defaults", False),
        ("security-defaults", "conditional-access", False),
        ("conditional-access", "third-party", False),
        ("mixed", "per-user", False),
    ],
)
def test_a_pack_fits_its_posture(pack, posture, expected):
    assert applies(pack, posture) is expected


@pytest.mark.parametrize("pack", OF_PACKS)
def test_every_pack_fits_where_several_ways_are_in_use_or_none(pack):
    assert applies(pack, "mixed") is applies(pack, "none") is True
    assert applies("any", pack) is True


def test_every_posture_that_a_pack_can_have_is_one_of_a_tenant():
    assert set(OF_PACKS) - {"any"} <= set(POSTURES)


def test_the_posture_is_a_value_of_the_tenant():
    assert fact(declared(of_tenant=row(True, GAP, GAP, GAP)).tenant, "declared.posture") == "security-defaults"
    assert fact(declared(of_tenant=row(LATE, GAP, GAP, GAP)).tenant, "declared.posture") is Reason.TIMEOUT
    assert fact(declared(of_tenant=row(LATE, GAP, GAP, GAP), asked="per-user").tenant, "declared.posture") == "per-user"
