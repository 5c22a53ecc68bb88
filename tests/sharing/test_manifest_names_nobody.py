"""The manifest of a bundle outlives the people in it: whatever a pack, a register or a tenant says, it names none."""

import json

from searching import found_in

PEOPLE = (
    *("display names", "all display names", "user principal names", "local parts", "object ids"),
    *("exceptions", "classes", "policies", "all policies"),
)


def test_the_manifest_names_nobody_but_who_ran_the_audit(copies):
    manifest = (copies.audit.bundle / "manifest.json").read_text("utf-8").lower()
    identity = copies.audit.snapshot.run.identity
    for own in (identity.user_principal_name, identity.object_id):
        manifest = manifest.replace(own.lower(), "") if own else manifest
    known = copies.audit.known()

    for sort in PEOPLE:
        assert known[sort], sort
        assert found_in(manifest, known[sort]) == set(), sort


def test_it_says_what_a_sample_proved_and_not_of_whom(messy_copies):
    """The messy tenant of these tests was read in bulk."""
    bundle = messy_copies.audit.bundle
    told = json.loads((bundle / "manifest.json").read_text("utf-8"))["totals"]["verification"]
    results = json.loads((bundle / "results.json").read_text("utf-8"))["verification"]

    assert told
    for one, whole in zip(told, results, strict=True):
        assert one["sampled"] == sum(stratum["verified"] for stratum in whole["strata"])
        assert one["mismatches"] == len(whole["mismatches"])
        assert {key: whole[key] for key in one if key not in ("sampled", "mismatches")} == {
            key: value for key, value in one.items() if key not in ("sampled", "mismatches")
        }
