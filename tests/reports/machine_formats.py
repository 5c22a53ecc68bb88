"""The formats for programs, drawn and read again, with the validators that others wrote for them."""

import functools
import json
import tempfile
import warnings
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import jsonschema
import junitparser
from judged_by_hand import NOW, material
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

from mfaaudit.evidence.run import Identity, Run
from mfaaudit.reports.junit import write_junit
from mfaaudit.reports.ocsf import write_ocsf
from mfaaudit.reports.oscal import write_oscal

KEPT = 16
"""Audits of which is kept what was drawn."""
VERSIONS = ("1.5.0", "1.6.0", "1.8.0")
TENANT = "44b99f10-ff88-58a5-9a4c-134806071d7b"
READER = "0b5c8a52-1111-4222-8333-444455556666"
IDENTITY = Identity(
    kind="delegated",
    auth="browser",
    app_id="app",
    app_name="Audit",
    object_id=READER,
    user_principal_name="reader@contoso.example",
    tenant_id=TENANT,
    permissions=(),
)
RUN = {
    "id": "run-1",
    "tool": "mfaaudit",
    "tool_version": "9.9",
    "started_at": NOW,
    "finished_at": NOW + timedelta(minutes=5, milliseconds=250),
    "tenant_id": TENANT,
    "tenant_name": "Contoso",
    "default_domain": "contoso.example",
    "cloud": "global",
    "simulated": False,
    "identity": IDENTITY,
}


class RunByHand(SimpleNamespace):
    """As much of a run as the formats look at."""

    tenant_called = Run.tenant_called


def by_hand(*users, run=None, **how):
    """An audit of users by hand, with the facts of a run."""
    return with_run(material(*users, **how), **(run or {}))


def with_run(made, **facts):
    """The same audit, read by somebody at some time."""
    snapshot = SimpleNamespace(**(vars(made.snapshot) | {"run": RunByHand(**(RUN | facts))}))
    return replace(made, snapshot=snapshot)


DRAWN = {}
"""What was drawn last, by the identity of the audit, which is kept so that no other one comes to have it."""


def bytes_of(write, made):
    """What one format writes; tests of the same audit share it."""
    if id(made) not in DRAWN:
        while len(DRAWN) >= KEPT:
            DRAWN.pop(next(iter(DRAWN)))
        DRAWN[id(made)] = (made, {})
    drawn = DRAWN[id(made)][1]
    if write not in drawn:
        drawn[write] = draw(write, made)
    return drawn[write]


def draw(write, made):
    """What one format writes now."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "drawn"
        write(made, path)
        return path.read_bytes()


def events_of(made):
    """The events; each line is one, and ends nowhere else."""
    content = bytes_of(write_ocsf, made)
    assert content.isascii()
    lines = content.decode("ascii").splitlines()
    assert content == "".join(f"{line}\n" for line in lines).encode()
    return [json.loads(line) for line in lines]


def document_of(made):
    """The assessment results."""
    return json.loads(bytes_of(write_oscal, made))["assessment-results"]


def suites_of(made):
    """The root of the JUnit file."""
    return ElementTree.fromstring(bytes_of(write_junit, made))  # noqa: S314


@functools.cache
def _ocsf(version):
    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=version)).get_class_schema("compliance_finding")
    return jsonschema.validators.validator_for(schema)(schema)


def check_ocsf(events):
    """Whether each event is one of the class Compliance Finding in every version."""
    for version in VERSIONS:
        validator = _ocsf(version)
        for event in events:
            problems = [f"{list(one.path)}: {one.message}" for one in validator.iter_errors(event)]
            assert not problems, (version, problems)


def check_oscal(document):
    """The document as compliance-trestle reads it, with every reference in it leading somewhere."""
    from trestle.oscal.assessment_results import Model

    with warnings.catch_warnings():
        # Serializing is not what is tried here, and its models warn of their own enumerations.
        warnings.filterwarnings("ignore", module="pydantic")
        found = Model.model_validate({"assessment-results": document}).assessment_results
    text = json.dumps(document)
    ids = Counter(_values(document, "uuid"))
    assert max(ids.values()) == 1, "each id names one thing"
    for name in ("observation-uuid", "risk-uuid", "subject-uuid", "actor-uuid", "component-uuid"):
        assert set(_values(document, name)) <= set(ids), name
    for href in _values(document, "href"):
        assert not href.startswith("#") or href[1:] in ids, href
    assert "null" not in text.replace('"null', "")
    return found


def _values(part, name):
    if isinstance(part, dict):
        for key, value in part.items():
            if key == name:
                yield value
            yield from _values(value, name)
    elif isinstance(part, list):
        for one in part:
            yield from _values(one, name)


def check_junit(made):
    """The file as junitparser reads it: what it counts for itself is what the file says."""
    content = bytes_of(write_junit, made)
    found = junitparser.JUnitXml.fromstring(content)
    told = [(one.tests, one.failures, one.errors, one.skipped) for one in found]
    root = found.tests, found.failures, found.errors
    found.update_statistics()
    assert told == [(one.tests, one.failures, one.errors, one.skipped) for one in found]
    assert root == (found.tests, found.failures, found.errors)
    return found


def props_of(part):
    """The properties of a part of OSCAL by their names."""
    found = {one["name"]: one["value"] for one in part.get("props", ())}
    assert {one["ns"] for one in part.get("props", ())} <= {"urn:mfaaudit"}
    return found
