"""A copy in the formats for programs is as whole as the report: others' validators read it."""

import json

import jsonschema
import junitparser
import pytest
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

from mfaaudit.cli.report import MODES


@pytest.mark.parametrize("mode", MODES)
def test_findings_are_events_of_the_schema(copies, mode):
    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version="1.8.0")).get_class_schema("compliance_finding")
    validator = jsonschema.validators.validator_for(schema)(schema)
    events = [json.loads(one) for one in (copies.of(mode) / "findings.ocsf.ndjson").read_text("ascii").splitlines()]

    assert len(events) > 100
    for one in events:
        assert list(validator.iter_errors(one)) == []


@pytest.mark.parametrize("mode", MODES)
def test_as_many_findings_of_each_sort_as_in_the_full_copy(copies, mode):
    def sorts(folder):
        events = [json.loads(one) for one in (folder / "findings.ocsf.ndjson").read_text("ascii").splitlines()]
        return [
            (one["compliance"]["checks"][0]["uid"], one["unmapped"]["verdict"], one["unmapped"].get("counts"))
            for one in events
        ]

    assert sorts(copies.of(mode)) == sorts(copies.of("full"))


@pytest.mark.parametrize("mode", MODES)
def test_assessment_results_are_read_by_trestle(copies, mode):
    from trestle.oscal.assessment_results import Model

    read = [
        Model.model_validate(json.loads((copies.of(one) / "assessment-results.oscal.json").read_text("utf-8")))
        for one in (mode, "full")
    ]
    ours, full = (one.assessment_results.results[0] for one in read)

    assert len(ours.observations) == len(full.observations)
    assert [one.target.status.state for one in ours.findings] == [one.target.status.state for one in full.findings]
    assert len(ours.risks or ()) == len(full.risks or ())


@pytest.mark.parametrize("mode", MODES)
def test_suites_have_the_same_sums(copies, mode):
    def sums(folder):
        found = junitparser.JUnitXml.fromfile(str(folder / "junit.xml"))
        return [(one.tests, one.failures, one.errors, one.skipped) for one in found]

    assert sums(copies.of(mode)) == sums(copies.of("full"))
