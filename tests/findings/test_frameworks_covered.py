"""The guide to rules says of each framework which version was read, from what and when, and what is covered."""

import re
from pathlib import Path

import pytest

from mfaaudit.findings import load_pack, shipped_packs
from mfaaudit.findings.policy import Assessment

GUIDE = (Path(__file__).resolve().parents[2] / "policies" / "README.md").read_text(encoding="utf-8")
PACKS = {pack.id: pack for name in shipped_packs() if (pack := load_pack(name)).framework is not None}


def table(head):
    lines = GUIDE[GUIDE.index(f"| {head} |") :].split("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in line.strip().strip("|").split(" | ")] for line in lines]
    return {row[0].strip("`"): row[1:] for row in cells}


READ, COVERED = table("Framework pack"), table("Controls of")


def test_every_framework_has_its_rows_in_order():
    assert list(READ) == list(COVERED) == list(PACKS)


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_the_version_the_text_and_the_day_are_named(pack):
    version, text, read_from, read_on = READ[pack.id]

    assert (version, text) == (pack.framework.version, pack.framework.source)
    assert read_from
    assert re.match(r"\d{4}-\d\d-\d\d\b", read_on)


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_the_controls_are_those_of_the_pack(pack):
    kinds = (Assessment.FULL, Assessment.PARTLY, Assessment.MANUAL)
    expected = [
        ", ".join(control.id for control in pack.controls if control.assessment is kind) or "none" for kind in kinds
    ]

    *covered, left_out = COVERED[pack.id]

    assert covered == expected, f"write: | `{pack.id}` | {' | '.join(expected)} | {left_out} |"
    assert left_out
    # What is said not to be covered is no control of the pack.
    assert {control.id for control in pack.controls}.isdisjoint(re.split(r", | to ", left_out))
