"""Packs that include rules of others as they are; the lists that rules name, and those that only their user knows."""

import pytest
from packs_beside import BASE, CHILD, HEAD, NEEDS, OWN, of, refused, writer
from packs_by_hand import GOOD, pack, rule

from mfaaudit.findings import Terms, load_kept, load_pack, load_packs, mismatches
from mfaaudit.findings.lists_used import lists_used


@pytest.fixture
def put(tmp_path):
    return writer(tmp_path)


def test_a_pack_that_is_not_there_names_the_nearest(put):
    problem = refused(lambda: load_pack(put("mine", HEAD + "  extends: bas\n")))
    assert (problem.line, problem.message) == (5, "there is no pack 'bas'")
    assert "'base'" in problem.hint

    problem = refused(lambda: load_pack(put("mine", HEAD + "include:\n  baselin: all\n")))
    assert (problem.line, problem.message) == (6, "there is no pack 'baselin'")
    assert "'baseline'" in problem.hint


def test_an_included_rule_stays_what_it_is(put):
    one = load_pack(
        put(
            "mine",
            HEAD + "lists: {phones: [email]}\npopulation: {user.accountEnabled: true}\n"
            "include: {base: [B-1, B-2]}\n" + OWN,
        )
    )
    base = load_pack(put("base", BASE))

    assert [rule.id for rule in one.rules] == ["M-1", "B-1", "B-2"]
    # Its own lists, its own population, its own pack and posture.
    assert one.rules[1:] == base.rules[:2]
    assert one.posture == "any"
    assert of(one, "B-1").postures == ("per-user",)
    assert not list(mismatches(one))


def test_all_rules_of_a_shipped_pack_can_be_included(put):
    one = load_pack(put("mine", HEAD + "include: {baseline: all}\n"))

    assert one.rules == load_pack("baseline").rules
    # With the pack that it includes a rule of itself.
    assert [text.pack for text in one.based_on] == ["enforcement", "baseline"]


def test_a_pack_beside_comes_before_one_that_ships(put):
    put("baseline", BASE.replace("id: base\n", "id: baseline\n"))

    assert [rule.id for rule in load_pack(put("mine", HEAD + "include: {baseline: [B-1]}\n")).rules] == ["B-1"]


def test_a_rule_that_comes_by_two_ways_is_one_rule(put):
    put("second", HEAD.replace("mine", "second") + "include: {base: all}\n" + OWN.replace("M-1", "S-1"))
    one = load_pack(put("mine", HEAD + "include: {base: [B-1, B-1], second: all}\n"))

    assert [rule.id for rule in one.rules] == ["B-1", "S-1", "B-2", "B-3"]
    assert [text.pack for text in one.based_on] == ["base", "second"]


def test_an_included_rule_and_one_of_its_own_cannot_share_an_id(put):
    problem = refused(lambda: load_pack(put("mine", HEAD + "include: {base: all}\n" + OWN.replace("M-1", "B-2"))))

    assert "the rule id 'B-2' comes twice: see " in problem.message
    assert "mine.yaml:7" in problem.message


def test_a_rule_to_include_that_is_none_names_the_nearest(put):
    problem = refused(lambda: load_pack(put("mine", HEAD + "include:\n  base: [B-1,\n    B-33]\n")))

    assert (problem.line, "cannot be 'B-33'" in problem.message, "'B-3'" in problem.hint) == (7, True, True)


def test_an_included_rule_needs_its_blockers(put):
    problem = refused(lambda: load_pack(put("mine", HEAD + "include: {base: [B-2]}\n")))

    assert "B-2 is blocked by 'B-1'" in problem.message


def test_included_rules_of_a_pack_that_is_extended_come_too_and_can_be_left_out(put):
    put("middle", HEAD.replace("mine", "middle") + "include: {base: all}\n" + OWN)
    whole = load_pack(put("mine", HEAD + "  extends: middle\n"))
    part = load_pack(put("mine", HEAD + "  extends: middle\nwithout: {B-3: Not ours.}\n"))

    assert [rule.id for rule in whole.rules] == ["M-1", "B-1", "B-2", "B-3"]
    assert [rule.id for rule in part.rules] == ["M-1", "B-1", "B-2"]
    assert part.left_out == {"B-3": "Not ours."}


def test_an_included_rule_cannot_be_changed_from_below(put):
    put("middle", HEAD.replace("mine", "middle") + "include: {base: all}\n" + OWN)
    problem = refused(lambda: load_pack(put("mine", HEAD + "  extends: middle\nchange:\n  B-3: {severity: low}\n")))

    assert "B-3 is a rule of base, which middle 1 only includes" in problem.message
    assert "extends base" in problem.hint
    assert problem.line == 7


def test_a_pack_with_a_list_to_fill_in_is_not_judged_with_but_can_be_tried(put):
    path = put("needs", NEEDS)
    problem = refused(lambda: load_packs([path]))

    assert problem.message == "the pack needs needs a list emergency: Object ids of the emergency accounts."
    assert "`extends: needs`" in problem.hint
    assert load_packs([path], Terms(allow_samples=True))[0].fill_in == {
        "emergency": "Object ids of the emergency accounts."
    }


def test_the_list_is_filled_in_by_a_pack_that_extends_it(put):
    put("needs", NEEDS)
    filled = put("mine", HEAD + "  extends: needs\nlists: {emergency: [real]}\n")
    still = put("other", HEAD.replace("mine", "other") + "  extends: needs\nlists: {few: [email]}\n")

    assert load_packs([filled])[0].rules[0].require.operand == ("real",)
    assert "the pack other needs a list emergency" in refused(lambda: load_packs([still])).message


def test_a_rule_that_needs_the_list_cannot_be_included_with_the_sample(put):
    put("needs", NEEDS)
    problem = refused(lambda: load_pack(put("mine", HEAD + "include:\n  needs: all\n")))

    assert "the rule N-1 of needs needs the list emergency, of which that pack has only a sample" in problem.message
    assert problem.line == 6
    assert [rule.id for rule in load_packs([put("mine", HEAD + "include: {needs: [N-2]}\n")])[0].rules] == ["N-2"]

    put("filled", HEAD.replace("mine", "filled") + "  extends: needs\nlists: {emergency: [real]}\n")
    assert load_packs([put("mine", HEAD + "include: {filled: all}\n")])[0].rules[0].require.operand == ("real",)


def test_lists_come_from_the_pack_then_from_what_it_extends_then_from_beside(put):
    put("_lists", "lists: {phones: [officePhone], shared: [sms]}\n")
    asked = ", ".join(
        f"{{registration.methodsRegistered: {{contains_any: ${name}}}}}" for name in ("phones", "shared", "own")
    )
    text = OWN.replace("{registration.isMfaCapable: true}", f"{{all_of: [{asked}]}}")
    one = load_pack(put("mine", CHILD + "lists: {own: [email], shared: [alternateMobilePhone]}\n" + text))

    assert lists_used(one) == {
        "outsiders": ("Guest",),
        "phones": ("mobilePhone", "sms"),
        "shared": ("alternateMobilePhone",),
        "own": ("email",),
    }


def test_a_bundle_gives_back_a_pack_and_all_that_it_stands_on(put, tmp_path):
    put("second", HEAD.replace("mine", "second") + "include: {base: all}\n" + OWN.replace("M-1", "S-1"))
    one = load_pack(put("mine", HEAD + "  extends: second\ninclude: {baseline: [BASE-01]}\n"))
    for text in (*one.based_on, one.text):
        folder = tmp_path / "kept" / text.pack
        folder.mkdir(parents=True)
        (folder / f"{text.pack}.yaml").write_text(text.text, encoding="utf-8")
        (folder / "_lists.yaml").write_text(text.lists_text, encoding="utf-8")

    (kept,) = load_kept(tmp_path / "kept", ["mine"])
    assert kept.rules == one.rules
    assert [text.sha256 for text in kept.based_on] == [text.sha256 for text in one.based_on]


def test_lists_used_are_found_wherever_a_rule_names_them():
    lists = {name: ["email"] for name in "abcdefg"}
    methods = "registration.methodsRegistered"

    def any_of(name):
        return {methods: {"contains_any": f"${name}"}}

    one = pack(
        rule(
            {methods: {"count_excluding": {"of": "$a", "gte": 1}}},
            applies_to=any_of("b"),
            population={"not": {"any_of": [any_of("c"), any_of("g")]}},
            severity_when=[{"if": any_of("d"), "severity": "low"}],
        ),
        rule(
            {"count": {"gte": 0}},
            id="R-2",
            scope="tenant",
            aggregate={"count": any_of("e"), "over": any_of("f")},
        ),
        lists=lists,
    )

    assert set(lists_used(one)) == set("abcdefg")
    assert lists_used(one)["a"] == ("email",)


def test_the_pack_of_the_other_tests_uses_no_list(put):
    assert lists_used(load_pack(put("mine", GOOD))) == {}
