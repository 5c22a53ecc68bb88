"""The sample of a tenant's own pack: it can be copied and used as it stands."""

from mfaaudit.findings import expected, load_packs, mismatches
from mfaaudit.shipped import policies

PACK = load_packs([str(policies().joinpath("examples", "our-rules.yaml"))])[0]
RULES = {rule.id: rule for rule in PACK.rules}


def test_its_examples_hold():
    assert all(rule.examples for rule in RULES.values())
    assert list(mismatches(PACK)) == []


def test_it_shows_a_change_an_omission_an_inclusion_and_a_rule_of_its_own():
    assert RULES["BASE-T1"].changed_from.startswith("baseline ")
    assert RULES["BASE-T1"].aggregate.bound == (95,)
    assert set(PACK.left_out) == {"BASE-06"}
    assert [rule.id for rule in PACK.rules if rule.pack == "privileged-accounts"] == ["PRIV-01", "PRIV-04"]
    assert RULES["OUR-01"].pack == "our-rules"
    assert len(RULES["OUR-01"].severity_when) == 2
    assert "registration.methodsRegistered" in expected(RULES["OUR-01"])


def test_it_is_used_beside_what_it_takes_rules_from():
    packs = load_packs([str(policies().joinpath("examples", "our-rules.yaml")), "privileged-accounts"])

    assert {"our-rules", "privileged-accounts"} <= {pack.id for pack in packs}
