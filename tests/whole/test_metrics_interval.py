"""The minutes of each count of MFA sign-ins: asked for, kept with the audit, shown, and added up by day."""

import json
from collections import Counter

import pytest
from broken_off import session, tenant_of
from raw_evidence import bodies, lines

from mfaaudit.brief import brief
from mfaaudit.cli import main
from mfaaudit.errors import UsageProblem
from mfaaudit.evidence.run import Order
from mfaaudit.judging import judge_bundle

SOURCES = ("getMetricsForMfaSignInSuccess", "getMetricsForMfaSignInFailure")


def test_it_reaches_graph_the_evidence_the_run_and_the_results(tmp_path):
    bundle, tenant = tmp_path / "bundle", tenant_of("tidy")
    assert session(tenant, bundle, order=Order(metrics_interval=5))

    judge_bundle(bundle, brief(("baseline",), "low", "json"), lambda *_: None)

    results = json.loads((bundle / "results.json").read_text("utf-8"))
    assert results["signInMetrics"]["aggregationIntervalInMinutes"] == 5
    assert results["run"]["configuration"]["collecting"]["aggregationIntervalInMinutes"] == 5
    for source, key in zip(SOURCES, ("success", "failure"), strict=True):
        assert {line["url"].rpartition(",")[2] for line in lines(bundle, source)} == {"aggregationIntervalInMinutes=5)"}
        days, minutes = Counter(), Counter()
        for row in (row for body in bodies(bundle, source) for row in body["value"]):
            days[row["intervalStartDateTime"][:10]] += row["value"]
            minutes[row["intervalStartDateTime"][14:16]] += 1
        assert len(minutes) == 12
        assert results["signInMetrics"][key] == days


def test_an_audit_is_gone_on_with_at_its_own_interval_alone(tmp_path):
    bundle, tenant = tmp_path / "bundle", tenant_of("tidy")
    assert not session(tenant, bundle, requests=15, order=Order(metrics_interval=10))

    with pytest.raises(UsageProblem, match="--aggregation-interval 10"):
        session(tenant, bundle)

    assert session(tenant, bundle, order=Order(metrics_interval=10))


@pytest.mark.parametrize("minutes", ["0", "7", "60", "-5", "half"])
def test_another_number_of_minutes_is_refused(minutes, capsys):
    assert main(["audit", "--aggregation-interval", minutes]) == 2

    assert "'5', '10', '15', '30'" in capsys.readouterr().err
