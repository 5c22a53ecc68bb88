"""Findings for a SIEM beside an earlier bundle: what goes on is an update of the same finding."""

import json

from bundles_by_hand import PACKS, aged

from mfaaudit.brief import brief
from mfaaudit.judging import judge_earlier, judge_evidence
from mfaaudit.reports.ocsf import write_ocsf


def events(bundle, path, *earlier):
    how = brief(PACKS, "low", "ocsf", earlier=earlier)
    write_ocsf(judge_evidence(bundle, how, lambda *_: None), path)
    return [json.loads(line) for line in path.read_text("ascii").splitlines()]


def shown(found):
    """The findings among the events, by their id."""
    return {
        one["finding_info"]["uid"]: one
        for one in found
        if one["finding_info"]["types"] != ["rule"] and one["compliance"]["status_id"] in (2, 3)
    }


def test_what_the_earlier_audit_sent_as_well_goes_on_and_what_is_none_any_more_is_closed(messy, tmp_path):
    bundle = aged(messy, tmp_path / "past")
    past = judge_earlier([bundle], lambda *_: None)
    before, alone = events(bundle, tmp_path / "before"), events(messy.bundle, tmp_path / "alone")
    beside = events(messy.bundle, tmp_path / "beside", *past)

    # Whoever was created in between had no time to register: a few findings are new, and a few were.
    was, is_ = shown(before), shown(beside)
    assert len(was.keys() & is_.keys()) > 100
    assert is_.keys() == shown(alone).keys() != was.keys()
    for name, one in is_.items():
        assert one["activity_id"] == (2 if name in was else 1), name
    closed = {one["finding_info"]["uid"] for one in beside if one["activity_id"] == 3}
    assert closed == was.keys() - is_.keys()
    assert {one["activity_id"] for one in alone} == {1}
    seen = [one for name, one in is_.items() if one["unmapped"]["verdict"] == "FAIL" and name in was]
    went_on = [one for one in seen if was[one["finding_info"]["uid"]]["unmapped"]["verdict"] == "FAIL"]
    assert {one["finding_info"]["first_seen_time"] for one in went_on} == {int(past[0].started_at.timestamp() * 1000)}
