"""A copy holds nothing that it should not: every byte of it is searched for everything that names somebody."""

import base64
import gzip
import json
import zipfile
import zlib

import pytest
from searching import found_in, layers, text_of

NAMING = ("display names", "all display names", "classes", "requests", "all requests")
"""What an internal copy must not hold either."""


@pytest.mark.parametrize("wrap", [gzip.compress, zlib.compress, bytes])
def test_the_search_finds_what_is_packed_into_a_page(wrap):
    packed = base64.b64encode(wrap(b"Some words, and then Ada Lovelace, and then some more words to make it long."))
    found = b"\n".join(layers(b'<script type="data">' + packed + b"</script>"))

    assert b"Ada Lovelace" in found


def test_the_search_looks_into_archives_and_names_of_files(tmp_path):
    with zipfile.ZipFile(tmp_path / "some.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "<c>O&#39;Brien &amp; Ada</c>" * 50)
    (tmp_path / "Grace.csv").touch()

    assert found_in(text_of(tmp_path), {"o'brien & ADA", "grace", "Hedy"}) == {"o'brien & ADA", "grace"}


def test_the_search_reads_text_in_json_as_it_was_meant(tmp_path):
    (tmp_path / "a.ndjson").write_text(json.dumps({"x": ['O"Brien 🦄']}) + "\n" + json.dumps({"svc\\_erp": 1}), "ascii")

    assert found_in(text_of(tmp_path), {'o"brien 🦄', "SVC_ERP", "Hedy"}) == {'o"brien 🦄', "SVC_ERP"}


@pytest.mark.parametrize("file", ["findings.ocsf.ndjson", "assessment-results.oscal.json", "junit.xml"])
def test_the_formats_for_programs_name_people_in_the_full_copy(copies, tmp_path, file):
    """Else nothing could be found in the others."""
    (tmp_path / file).write_bytes((copies.of("full") / file).read_bytes())

    shown = copies.audit.shown()
    for sort in ("user principal names", "object ids", "tenant", "requests"):
        assert bool(found_in(text_of(tmp_path), shown[sort])) == (sort != "requests"), sort


def test_the_full_copy_holds_all_that_is_searched_for(copies):
    """Else a search that found nothing would prove nothing."""
    text = text_of(copies.of("full"))

    for sort, words in copies.audit.shown().items():
        assert words, sort
        assert found_in(text, words) == words, sort


def test_the_pseudonymous_copy_holds_nothing_that_names_somebody(copies):
    text = text_of(copies.of("pseudonymous"))

    for sort, words in copies.audit.known().items():
        assert words, sort
        assert found_in(text, words) == set(), sort


def test_the_internal_copy_holds_no_names_no_requests_and_nothing_written(copies):
    text, known = text_of(copies.of("internal")), copies.audit.known()

    for sort in NAMING:
        assert found_in(text, known[sort]) == set(), sort
    # The ids of exceptions and tickets are references of the house.
    assert found_in(text, known["exceptions"]) == {"EX-PERSON-ZEBULON", "TICKET-ZEBULON-77"}


def test_the_internal_copy_says_whom_it_is_about(copies):
    text, shown = text_of(copies.of("internal")), copies.audit.shown()

    for sort in ("user principal names", "object ids"):
        assert found_in(text, shown[sort]) == shown[sort]


def test_the_key_is_in_no_copy(copies):
    secret = copies.key.read_text("ascii").strip()

    assert found_in(text_of(copies.of("pseudonymous")), {secret, secret[:16], str(copies.key)}) == set()
    assert bytes.fromhex(secret) not in b"".join(
        layer for path in copies.of("pseudonymous").iterdir() for layer in layers(path.read_bytes())
    )
