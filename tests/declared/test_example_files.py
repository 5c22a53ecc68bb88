"""The examples that ship can be read as they stand, and name rules that exist."""

from pathlib import Path

from declared_by_hand import declared

from mfaaudit import shipped
from mfaaudit.declared.load import load_overrides, load_register
from mfaaudit.declared.read_register import ALLOWED
from mfaaudit.declared.standing import LONGEST_DAYS
from mfaaudit.declared.words import CLASSES, KINDS
from mfaaudit.findings import load_pack, shipped_packs

EXAMPLES = Path(str(shipped.policies())) / "examples"


def test_the_examples_can_be_read():
    assert len(load_register(EXAMPLES / "exceptions.yaml").entries) == 3
    assert len(load_overrides(EXAMPLES / "classes.yaml").accounts) == 2


def test_the_examples_are_no_packs():
    assert not {"exceptions", "classes", "examples"} & set(shipped_packs())


def test_the_examples_explain_every_word():
    exceptions = (EXAMPLES / "exceptions.yaml").read_text(encoding="utf-8")
    remarks = exceptions[: exceptions.index("schema:")]
    assert all(f"# {key} " in remarks for key in ALLOWED)
    assert all(f" {kind} " in remarks for kind in KINDS)
    assert all(str(days) in remarks for days in LONGEST_DAYS.values())
    classes = (EXAMPLES / "classes.yaml").read_text(encoding="utf-8")
    assert all(name in classes for name in CLASSES)


def test_the_examples_name_rules_that_can_be_waived_and_hold_long_enough():
    rules = {rule.id: rule for name in shipped_packs() for rule in load_pack(name).rules}
    for entry in load_register(EXAMPLES / "exceptions.yaml").entries:
        assert set(entry.rules) <= set(rules)
        longest = 365 if entry.kind == "break_glass" else min(LONGEST_DAYS[rules[one].severity] for one in entry.rules)
        assert (entry.expires_on - entry.approved_on).days <= longest, entry.id


def test_the_examples_are_about_nobody():
    made = declared(load_register(EXAMPLES / "exceptions.yaml"), overrides=load_overrides(EXAMPLES / "classes.yaml"))

    assert [row.users for row in made.entries({})] == [0, 0, None]
    assert len(made.orphaned_overrides) == 2
