"""An odd value in any place of any source's answers ends in values or reasons, in every report, and in no traceback.

Each run tries one odd value in one place of every source at once. All of them are tried with MFAAUDIT_SOAK=1; without,
each place is tried with one odd value.
"""

import json
import os
import re
from contextlib import suppress
from dataclasses import replace
from itertools import cycle

import pytest
from broken_off import session, tenant_of
from odd_answers import altered, at, places, put, small_audit, spots

from mfaaudit.bundle import EVIDENCE
from mfaaudit.cli import main
from mfaaudit.errors import MfaAuditError
from mfaaudit.evidence.run import Order
from mfaaudit.snapshot import take

DEEP = json.loads("[" * 150 + "]" * 150)
HALF = "\ud800"
ODD = {
    "a number": 5,
    "a text": "x",
    "null": None,
    "a list": [],
    "a list of null": [None],
    "an object": {},
    "yes": True,
    "a number beyond all": "@@1e400",
    "5,000 digits": "@@" + "9" * 5000,
    "no number": "@@NaN",
    "a deep list": DEEP,
    "a deeper list": "@@" + "[" * 5_000 + "]" * 5_000,
    "before year 1": "0001-01-01T00:00:00+14:00",
    "after year 9999": "9999-12-31T23:59:59.9999999-12:00",
    "year 10000": "10000-01-01T00:00:00Z",
    "half a pair": HALF,
    "NUL": "a\x00\x1b[31mb",
    "given twice": '@@1, "other": 2, "other": {}',
}
THOROUGH = os.environ.get("MFAAUDIT_SOAK") == "1"
RUNS = 15
"""In which each odd value is tried without MFAAUDIT_SOAK; with other places each time."""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """The evidence of a small audit that asked for everything; nobody changes it."""
    return small_audit(tmp_path_factory.mktemp("small") / "bundle")


def written(value):
    """The JSON of a value in which a text after two signs stands for itself."""
    return re.sub(r'"@@((?:[^"\\]|\\.)*)"', lambda match: json.loads(f'"{match[1]}"'), json.dumps(value))


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_value_in_any_place_is_unknown_and_nothing_worse(odd, bundle, tmp_path):
    found = places(bundle)
    most = max(map(len, found.values()))
    order = list(ODD).index(odd)
    turns = range(most) if THOROUGH else [(order + step * len(ODD)) % most for step in range(RUNS)]
    snapshots = 0
    for turn in turns:

        def change(name, lines, turn=turn):
            # The end of each list of places is reached by going round.
            number, spot = found[name][turn % len(found[name])]
            if name == "users.jsonl.gz" and len(spot) < 3:
                return
            lines[number]["body"] = written(put(lines[number]["body"], spot, ODD[odd]))

        with suppress(MfaAuditError):
            snapshot = take(altered(bundle, tmp_path / str(turn), change) / EVIDENCE)
            snapshots += 1
            assert snapshot.users.height == snapshot.population.enumerated
            # A body that is nested too deeply is no list of users, and the population says so.
            assert snapshot.population.enumerated >= 11 or not snapshot.population.complete
    assert snapshots


def change_texts(line, chosen, becomes):
    """Changes each text of an answer that is chosen by its place, in keys too."""
    for spot in sorted(spots(line["body"]), key=len, reverse=True):
        text = at(line["body"], spot)
        if isinstance(text, str) and chosen(spot, text):
            line["body"] = put(line["body"], spot, becomes(text))


def with_halves(bundle, to, chosen):
    """A copy in which each text that is chosen by its place ends in half a surrogate pair, in keys too."""

    def change(name, lines):
        for line in lines:
            if not isinstance(line["body"], str):
                change_texts(line, lambda spot, text: chosen(name, spot, text), lambda text: text + HALF)
                line["headers"]["request-id"] += HALF

    return altered(bundle, to, change)


IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def is_free_text(name, spot, text):
    """Names, titles, addresses: whatever nothing else refers to."""
    return not IDS.search(text) and "id" not in spot and not str(spot[-1]).startswith("@odata")


def is_structure(name, spot, text):
    """Ids, links and types, but for the ids of users and of the items in batches."""
    return not is_free_text(name, spot, text) and name not in ("users.jsonl.gz", "perUser.jsonl.gz")


def is_user(name, spot, text):
    """The ids of users, wherever they stand alone."""
    return spot[-1] == "id" and name in ("users.jsonl.gz", "userRegistrationDetails.jsonl.gz", "managers.jsonl.gz")


FORMATS = "xlsx,html,csv,json,actions,ocsf,oscal,junit"


@pytest.mark.parametrize("chosen", [is_free_text, is_structure, is_user], ids=lambda chosen: chosen.__name__)
def test_half_a_surrogate_pair_in_every_text_goes_through_every_command(chosen, bundle, tmp_path, capsys):
    broken = with_halves(bundle, tmp_path / "broken", chosen)

    assert main(["evaluate", str(broken), "--format", FORMATS, "--out", str(tmp_path / "judged"), "--quiet"]) in (
        10,
        11,
    )
    judged = str(tmp_path / "judged")
    assert main(["report", judged, "--format", FORMATS, "--quiet"]) in (10, 11)
    assert main(["verify", judged, "--quiet"]) == 0
    user = take(broken / EVIDENCE).users["user_id"][0]
    assert main(["explain", judged, user]) in (0, 10, 11)
    out = capsys.readouterr()
    assert "Traceback" not in out.err
    (tmp_path / "out").write_text(out.out, encoding="utf-8")
    if chosen is is_user:
        assert user.endswith("\ufffdD800")
    results = (tmp_path / "judged" / "results.json").read_text(encoding="utf-8")
    assert json.loads(results)["population"]["enumerated"] == 12


HOSTILE = ("x;=cmd|' /C calc'!A0", 'x;"=1+1', "\uff1d1+1", "a,\t@SUM(A1)\r\n=1;+1")
FORMULA = re.compile('(^|[,;|\t\r\n])[\\s"]*[=+\\-@\uff1d\uff0b\uff0d\uff20]')
"""Where a cell could begin with a sign, whatever a program takes for the separator, and however it reads quotes."""


def test_no_csv_file_of_a_hostile_tenant_holds_a_formula_under_any_separator(bundle, tmp_path):
    texts = cycle(HOSTILE)

    def change(name, lines):
        shown = ("displayName", "userPrincipalName", "department", "mail")
        for line in lines:
            if not isinstance(line["body"], str):
                change_texts(line, lambda spot, text: spot[-1] in shown, lambda text: next(texts))

    hostile, judged = altered(bundle, tmp_path / "hostile", change), tmp_path / "judged"
    assert main(["evaluate", str(hostile), "--format", "csv,actions,json", "--out", str(judged), "--quiet"]) in (10, 11)

    files = sorted(judged.rglob("*.csv"))
    assert {"findings.csv", "tickets.csv"} < {path.name for path in files}
    seen = ""
    for path in files:
        text = path.read_bytes().decode("utf-8-sig")
        assert FORMULA.search(text) is None, path.name
        seen += text
    assert "x;'=cmd" in seen


def test_users_whose_ids_differ_in_a_half_alone_stay_apart(bundle, tmp_path):
    def change(name, lines):
        if name == "users.jsonl.gz":
            rows = lines[0]["body"]["value"]
            rows[0]["id"], rows[1]["id"], rows[2]["id"] = "one\ud800", "one\ud801", "one\udc00"

    snapshot = take(altered(bundle, tmp_path / "apart", change) / EVIDENCE)

    assert snapshot.population.enumerated == 12
    assert snapshot.duplicates == ()
    assert snapshot.users["user_id"].to_list()[:3] == ["one\ufffdD800", "one\ufffdD801", "one\ufffdDC00"]


def test_halves_on_the_wire_are_read_and_gone_on_with(tmp_path):
    """The job over the wire: halves in the answers of a tenant, read, broken off, and gone on with."""
    tenant = tenant_of("tidy")
    honest = tenant.app

    async def app(scope, receive, send):
        async def sending(part):
            if part["type"] == "http.response.body":
                part = part | {"body": re.sub(rb'(Name":"[^"\\]*)"', rb'\1\\ud800"', part["body"])}
            else:
                headers = [pair for pair in part.get("headers", ()) if pair[0] != b"content-length"]
                part = part | {"headers": headers}
            await send(part)

        await honest(scope, receive, sending)

    tenant = replace(tenant, app=app)
    folder = tmp_path / "bundle"
    assert not session(tenant, folder, requests=25, order=Order())
    assert session(tenant, folder, order=Order())

    snapshot = take(folder / EVIDENCE)
    assert snapshot.population.complete
    assert snapshot.users["user_displayName"].str.contains("\ufffdD800").sum() > 60
