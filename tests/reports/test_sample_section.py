"""The sample can be drawn again by hand from what the sheet says, and leaves room to write."""

from dataclasses import replace
from hashlib import sha256

from judged_by_hand import CAPABLE, MFA, OPEN, entry, facts, material, pack, rows, rule, uid

from mfaaudit.reports.sampling import SHARE, SIZE, Stratum, sample_of
from mfaaudit.reports.sections import sample

ADMIN = {"derived.roles": ("r-1",), "registration.isAdmin": True}
PACKS = (pack("mine", rule(), rule("R-2", {CAPABLE: True})),)
WELL = {MFA: True, CAPABLE: True}


def many():
    """100 users: 8 administrators, 7 with an exception, 6 open, 9 failing, and the rest pass."""
    kinds = [WELL | ADMIN] * 8 + [{MFA: False, CAPABLE: True}] * 7 + [{MFA: OPEN, CAPABLE: True}] * 6
    kinds += [{MFA: True, CAPABLE: False}] * 9 + [WELL] * 70
    entries = [entry(f"E-{number}", subject={"userId": uid(number)}) for number in range(8, 15)]
    return material(*kinds, packs=PACKS, entries=entries)


def by_hand(run, candidates, taken, size):
    left = [one for one in candidates if one not in taken]
    return sorted(left, key=lambda one: sha256(f"{run}:{uid(one)}".encode()).digest())[:size]


def test_the_sample_is_the_one_that_the_sheet_describes():
    drawn = sample_of(many())
    taken = []
    for stratum, candidates in (
        (Stratum.ADMINISTRATOR, range(8)),
        (Stratum.FAIL, range(21, 30)),
        (Stratum.WAIVED, range(8, 15)),
        (Stratum.OPEN, range(15, 21)),
        (Stratum.PASS, [*range(8), *range(30, 100)]),
    ):
        mine = by_hand("run-1", candidates, taken, SHARE)
        assert [one.row for one in drawn if one.stratum is stratum] == sorted(mine), stratum
        taken += mine
    assert len(drawn) == len(taken) == SIZE


def test_places_that_a_stratum_leaves_are_filled_out_of_everybody():
    made = material(*[WELL] * 40, packs=PACKS)
    drawn = sample_of(made)

    assert len({one.row for one in drawn}) == SIZE
    assert [one.stratum for one in drawn] == [Stratum.PASS] * SHARE + [Stratum.ANY] * (SIZE - SHARE)
    assert {one.row for one in drawn} == set(by_hand("run-1", range(40), [], SIZE))


def test_another_run_draws_others_and_the_same_run_the_same():
    made = many()
    other = replace_run(made, "run-2")

    assert sample_of(made) == sample_of(made)
    assert {one.row for one in sample_of(other)} != {one.row for one in sample_of(made)}


def replace_run(made, run_id):
    snapshot = made.snapshot
    return replace(made, snapshot=type(snapshot)(**vars(snapshot) | {"run": type(snapshot)(id=run_id, cloud="global")}))


def test_a_small_tenant_is_looked_at_whole():
    part = sample.section(material(WELL, {MFA: False, CAPABLE: False}, packs=PACKS))

    assert facts(part)["Users in the sample"].value == 2
    found = {row["userId"].lower(): row for row in rows(part, "ReportToPortal")}
    assert (found[uid(1)]["stratum"], found[uid(1)]["worst"], found[uid(1)]["failed"]) == (
        "failing",
        "FAIL",
        "R-1, R-2",
    )
    assert (found[uid(0)]["stratum"], found[uid(0)]["failed"]) == ("passing", None)
    assert rows(sample.section(material(packs=PACKS)), "ReportToPortal") == []


def test_what_a_person_fills_in_is_empty_and_says_what_to_write():
    _, to_portal, to_report = sample.section(many()).tables
    for table in (to_portal, to_report):
        own = [number for number, column in enumerate(table.columns) if column.input is not None]
        assert len(own) >= 5
        assert all(table.columns[number].input.prompt for number in own)
        assert all(row[number] is None for row in table.rows() for number in own)
    (agrees,) = [one for one in to_portal.columns if one.key == "agrees"]
    assert agrees.input.choices == ("Yes", "No", "Partly")
    (day,) = [one for one in to_portal.columns if one.key == "testedOn"]
    assert day.input.is_date


def test_the_auditor_has_five_picks_of_their_own():
    found = rows(sample.section(many()), "PortalToReport")

    assert [row.pop("number") for row in found] == [1, 2, 3, 4, 5]
    assert all(value is None for row in found for value in row.values())


def test_how_it_was_drawn_is_said_in_words():
    text = " ".join(sample.section(many()).lead)

    assert "SHA-256 of run id, colon and object id" in text
    assert "administrator, failing, waived, not evaluated, passing" in text
    assert f"the {SHARE} users" in text


def test_the_strata_say_how_many_are_in_them_and_how_many_were_drawn():
    found = {row["stratum"]: row for row in rows(sample.section(many()), "SampleStrata")}

    numbers = {name: (row["users"], row["left"], row["drawn"]) for name, row in found.items()}
    assert numbers == {
        "administrator": (8, 8, 5),
        "failing": (9, 9, 5),
        "waived": (7, 7, 5),
        "not evaluated": (6, 6, 5),
        "passing": (78, 73, 5),
        "anybody": (100, 75, 0),
    }
    assert all(row["meaning"] and row["inUsers"] for row in found.values())
