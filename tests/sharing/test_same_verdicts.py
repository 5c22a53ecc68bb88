"""A copy says what the full report says: verdicts, counts and gaps are those of the full data."""

import csv
import importlib.resources
import json
from collections import Counter

import jsonschema
import pytest

MODES = ("internal", "pseudonymous")
NAMING = (
    "copy",
    "run",
    "posture",
    "controls",
    "exceptions",
)
"""Parts of the results in which something is named; all others are numbers."""


def _results(copies, mode):
    return json.loads((copies.of(mode) / "results.json").read_text("utf-8"))


def _findings(copies, mode):
    with (copies.of(mode) / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _numbers(value):
    """The same without words: what a count is of has another name in a copy, and stands in another order."""
    if isinstance(value, dict):
        return {key: _numbers(one) for key, one in value.items()}
    if isinstance(value, list):
        return sorted((_numbers(one) for one in value), key=json.dumps)
    return None if isinstance(value, str) else value


@pytest.mark.parametrize("mode", MODES)
def test_every_number_is_that_of_the_full_copy(copies, mode):
    full, copy = _results(copies, "full"), _results(copies, mode)

    assert full.keys() == copy.keys()
    for part in full.keys() - set(NAMING):
        assert _numbers(copy[part]) == _numbers(full[part]), part
    assert copy["posture"]["value"] == full["posture"]["value"]
    for name in ("waived", "states", "users", "effectiveUntil", "rules"):
        assert [one[name] for one in copy["exceptions"]] == [one[name] for one in full["exceptions"]]


@pytest.mark.parametrize("mode", MODES)
def test_results_keep_their_schema(copies, mode):
    schema = json.loads(
        importlib.resources.files("mfaaudit.reports").joinpath("results.schema.json").read_text("utf-8")
    )

    jsonschema.validate(_results(copies, mode), schema)


@pytest.mark.parametrize("mode", MODES)
def test_every_finding_stands_in_its_place_with_its_verdict(copies, mode):
    same = ("ruleId", "severity", "status", "reason", "scope", "accountEnabled", "userType", "isAdmin", "blockedBy")

    full, copy = _findings(copies, "full"), _findings(copies, mode)

    assert [[row[one] for one in same] for row in copy] == [[row[one] for one in same] for row in full]


@pytest.mark.parametrize("mode", MODES)
def test_what_is_withheld_is_no_gap_and_a_gap_is_not_withheld(copies, mode):
    for whole, row in zip(_findings(copies, "full"), _findings(copies, mode), strict=True):
        for name, value in row.items():
            assert value.count("NOT READ") == whole.get(name, "").count("NOT READ"), (name, value)
            if name in whole and name != "department":
                assert bool(value) == bool(whole[name]), (name, value)


def test_who_is_one_person_in_the_full_copy_is_one_in_the_other(copies):
    pairs = {
        (whole["userId"], row["userId"])
        for whole, row in zip(_findings(copies, "full"), _findings(copies, "pseudonymous"), strict=True)
        if whole["userId"]
    }

    assert len(pairs) > 20
    assert len({one for one, _ in pairs}) == len({other for _, other in pairs}) == len(pairs)
    assert all(pseudonym.startswith("u-") and len(pseudonym) == 14 for _, pseudonym in pairs)


def test_departments_of_few_stand_together(copies):
    sizes = Counter(copies.audit.users["user_department"].drop_nulls())
    few = {name for name, users in sizes.items() if users < 5}
    told = {row["department"] for row in _findings(copies, "pseudonymous")}

    assert few
    assert told.isdisjoint(few)
    assert "other (small departments)" in told


def test_a_policy_is_one_policy_wherever_it_is_named(messy_copies):
    results = _results(messy_copies, "pseudonymous")
    of_users = {one["policy"] for one in results["enforcement"]["byPolicy"]}

    inputs = " ".join(results["posture"]["inputs"])

    assert any(one in inputs for one in of_users)
    assert all(one.startswith("policy-") for one in of_users)


def test_the_times_of_persons_are_given_to_the_month(messy_copies):
    times = {row["createdDateTime"] for row in _findings(messy_copies, "pseudonymous")} - {""}

    assert times
    assert all(len(one) == len("2026-03") for one in times if not one.startswith("NOT READ"))
