"""Whatever stands in the answers: a snapshot comes of it, or a word; never a crash."""

import gzip
import io
import json
from contextlib import redirect_stdout, suppress

import pytest
from depth import examples
from hypothesis import given
from hypothesis import strategies as st
from leaping_loop import no_waiting

from mfaaudit.cli import main
from mfaaudit.errors import MfaAuditError
from mfaaudit.snapshot import take

STRANGE = st.sampled_from(
    [None, True, 0, -1, 1e308, 10**30, "", "x" * 5000, "\x00", "=1+1", [], {}, [[]], {"a": {}}, [None], "9999-12-31"]
)
FILES = ("users", "perUser", "userRegistrationDetails", "organization", "userCount", "conditionalAccessPolicies")


@pytest.fixture(scope="module")
def evidence(tmp_path_factory):
    """Evidence of one audit, to be changed and put back; of few users, as each change is read with all of them."""
    bundle = tmp_path_factory.mktemp("hostile") / "bundle"
    command = ["demo", "--users", "30", "--mood", "messy", "--format", "json", "--quiet", "--out", str(bundle)]
    with no_waiting(), redirect_stdout(io.StringIO()):
        assert main(command) == 0
    return bundle / "evidence"


def places(value, path=()):
    yield path
    if isinstance(value, dict):
        for key, one in value.items():
            yield from places(one, (*path, key))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from places(one, (*path, number))


def put(value, path, other):
    if not path:
        return other
    value[path[0]] = put(value[path[0]], path[1:], other)
    return value


@examples(100)
@given(data=st.data())
def test_one_strange_value_anywhere_in_an_answer(evidence, data):
    name = data.draw(st.sampled_from(FILES))
    path = evidence / f"{name}.jsonl.gz"
    content = path.read_bytes()
    lines = [json.loads(line) for line in gzip.decompress(content).splitlines()]
    line = data.draw(st.sampled_from(lines))
    try:
        body = json.loads(line["body"])
    except (ValueError, KeyError):
        body = {}
    where = data.draw(st.sampled_from(list(places(body))))
    line["body"] = json.dumps(put(body, where, data.draw(STRANGE)))
    path.write_bytes(b"".join(gzip.compress(json.dumps(one).encode() + b"\n") for one in lines))
    try:
        with suppress(MfaAuditError):
            found = take(evidence)
            assert found.users.height == found.population.enumerated
    finally:
        path.write_bytes(content)
