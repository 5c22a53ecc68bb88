"""The demo of an organisation that has aged: the same tenant, with other people."""

import json

from leaping_loop import no_waiting


def test_a_demo_some_quarters_later_is_of_the_same_tenant(mfaaudit, tmp_path):
    found = []
    for quarter in ("0", "2"):
        bundle = tmp_path / quarter
        options = ["--users", "20", "--mood", "tidy", "--quarter", quarter, "--format", "json", "--quiet"]
        with no_waiting():
            assert mfaaudit("demo", *options, "--out", bundle).code == 0
        found.append(json.loads((bundle / "results.json").read_text(encoding="utf-8")))
    first, later = found
    assert first["run"]["tenantId"] == later["run"]["tenantId"]
    assert first["population"]["enumerated"] == 20
    assert later["population"]["enumerated"] > 20
