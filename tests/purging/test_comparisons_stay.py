"""A comparison holds the people of the audits that it compares: it is named, and left to its owner."""

import json
from hashlib import sha256

from bundles_to_purge import PERSON, all_in, bundle_by_hand


def comparison_by_hand(folder, *bundles):
    folder.mkdir()
    (folder / "changes.csv").write_text(PERSON)
    compared = [{"manifestSha256": sha256((one / "manifest.json").read_bytes()).hexdigest()} for one in bundles]
    listed = {"path": "changes.csv", "sha256": sha256(PERSON.encode()).hexdigest(), "bytes": len(PERSON)}
    manifest = {"schema": 2, "comparison": {"tenantId": "t", "compared": compared}, "files": [listed]}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def test_a_comparison_with_a_purged_audit_is_named_and_left_alone(tmp_path, purge):
    old, young = bundle_by_hand(tmp_path / "old", 500), bundle_by_hand(tmp_path / "young", 5)
    mine = comparison_by_hand(tmp_path / "mine", old, young)
    comparison_by_hand(tmp_path / "other", young)
    before = all_in(mine)

    told = purge(tmp_path, "--yes")

    assert told.code == 0
    assert "4 in all: 2 comparison, 1 purge, 1 younger" in told.out
    still = [line.split("  ", 1)[-1].strip() for line in told.out.splitlines() if line.startswith("Still there")]
    assert [line.rpartition("/")[2] for line in still] == ["mine: a comparison with old"]
    assert all_in(mine) == before
