"""The folder of a copy: what is in it, what it says of itself, and that another copy can be laid beside it."""

import csv
import hashlib
import json
import os
import stat
import zipfile
from functools import cache
from io import BytesIO
from itertools import zip_longest
from xml.etree import ElementTree

import openpyxl
import pytest
from click.testing import CliRunner
from searching import text_of

from mfaaudit.cli import main
from mfaaudit.cli.report import MODES, report
from mfaaudit.cli.terminal import State
from mfaaudit.sharing.becomes import Mode
from mfaaudit.sharing.modes import CLASSIFICATIONS, WORDS

FILES = {
    "report.xlsx",
    "report.html",
    "findings.csv",
    "results.json",
    "findings.ocsf.ndjson",
    "assessment-results.oscal.json",
    "junit.xml",
    "manifest.json",
}
POSIX = pytest.mark.skipif(os.name != "posix", reason="rights are those of POSIX")


@cache
def book_of(folder):
    """The workbook of a copy; nobody changes it."""
    return openpyxl.load_workbook(BytesIO((folder / "report.xlsx").read_bytes()), read_only=True)


@cache
def rows_of(folder, sheet):
    """The values of all rows of one sheet."""
    return list(book_of(folder)[sheet].iter_rows(values_only=True))


def _share(bundle, mode, out, *options):
    return main(["report", str(bundle), "--share", mode, "--out", str(out), "--quiet", *map(str, options)])


def _refused(*arguments):
    """What the command says of options that it refuses."""
    result = CliRunner().invoke(report, [str(one) for one in arguments], obj=State())
    assert result.exception is not None
    return str(result.exception)


def _manifest(folder):
    return json.loads((folder / "manifest.json").read_text("utf-8"))


@pytest.mark.parametrize("mode", MODES)
def test_a_copy_is_the_reports_and_a_manifest_and_nothing_else(copies, mode):
    folder = copies.of(mode)
    manifest = _manifest(folder)

    assert {one.name for one in folder.iterdir()} == FILES
    assert {one["path"] for one in manifest["files"]} == FILES - {"manifest.json"}
    for one in manifest["files"]:
        assert hashlib.sha256((folder / one["path"]).read_bytes()).hexdigest() == one["sha256"]
    source = (copies.audit.bundle / "manifest.json").read_bytes()
    assert manifest["sourceManifestSha256"] == hashlib.sha256(source).hexdigest()
    assert manifest["copy"]["mode"] == mode


@POSIX
@pytest.mark.parametrize("mode", MODES)
def test_only_its_owner_may_open_a_copy(copies, mode):
    folder = copies.of(mode)

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(one.stat().st_mode) for one in (*folder.iterdir(), copies.mapping, copies.key)} == {0o600}


@pytest.mark.parametrize("mode", MODES)
def test_a_copy_names_the_evidence_that_it_rests_on(copies, mode):
    told = {value for row in rows_of(copies.of(mode), "Run") for value in row}

    for file in (copies.audit.bundle / "evidence").iterdir():
        assert hashlib.sha256(file.read_bytes()).hexdigest() in told, file.name


@pytest.mark.parametrize("mode", MODES)
def test_every_format_says_which_copy_it_is(copies, mode):
    folder = copies.of(mode)
    words, classification = WORDS[Mode(mode)], CLASSIFICATIONS[Mode(mode)]

    page = (folder / "report.html").read_text("utf-8")
    assert words in page
    assert classification in page
    book = book_of(folder)
    cover = [cell for row in rows_of(folder, "Cover") for cell in row if cell]
    assert words in cover
    assert book.properties.category == classification
    assert "About this copy" in book.sheetnames
    results = json.loads((folder / "results.json").read_text("utf-8"))
    assert results["copy"]["statement"] == words
    with (folder / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["copy"] for row in csv.DictReader(file)} == {mode}
    events = (folder / "findings.ocsf.ndjson").read_text("ascii").splitlines()
    assert {tuple(json.loads(one)["metadata"]["labels"]) for one in events} == {("simulated", f"copy:{mode}")}
    metadata = json.loads((folder / "assessment-results.oscal.json").read_text("utf-8"))["assessment-results"][
        "metadata"
    ]
    assert {one["value"] for one in metadata["props"] if one["name"] == "copy"} == {mode}
    assert metadata["remarks"] == words
    properties = ElementTree.parse(folder / "junit.xml").findall("testsuite/properties")  # noqa: S314
    assert properties
    for one in properties:
        assert {each.get("value") for each in one if each.get("name") == "copy"} == {mode}


def test_the_key_id_tells_which_copies_belong_together(copies):
    said = _manifest(copies.of("pseudonymous"))["copy"]["keyId"]

    assert said in (copies.of("pseudonymous") / "report.html").read_text("utf-8")
    assert _manifest(copies.of("full"))["copy"]["keyId"] is None


def test_the_workbook_names_nobody_in_its_properties(copies):
    with zipfile.ZipFile(copies.of("pseudonymous") / "report.xlsx") as archive:
        properties = archive.read("docProps/core.xml").decode() + archive.read("docProps/app.xml").decode()

    assert "mfaaudit" in properties
    assert "tenant-" in properties
    assert os.environ.get("USER", "root") not in properties


def test_nothing_in_a_copy_leads_to_a_portal(copies):
    for mode in ("internal", "pseudonymous"):
        assert "entra.microsoft.com" not in text_of(copies.of(mode))


def test_no_column_of_a_copy_is_withheld_from_top_to_bottom(copies):
    heads = {cell for row in rows_of(copies.of("pseudonymous"), "Users") for cell in row if cell}

    assert "Person" in heads
    assert heads.isdisjoint({"withheld", "Display name", "User principal name", "Object id"})


def _users(folder):
    """The rows of the sheet of users, each by the heads of its columns."""
    rows = rows_of(folder, "Users")
    start = next(number for number, row in enumerate(rows) if "Worst verdict" in row)
    # Cells that end a row and are empty are not there.
    return [dict(zip_longest(rows[start], row)) for row in rows[start + 1 :] if any(row)]


def _read(rows, head):
    return {row[head] for row in rows if row[head] is not None and not str(row[head]).startswith("NOT READ")}


def test_of_roles_a_copy_says_only_whether_there_are_any(messy_copies):
    rows, full = (_users(messy_copies.of(mode)) for mode in ("pseudonymous", "full"))
    heads = [head for head in full[0] if head and "roles" in head.lower()]

    assert len(heads) == 2
    for head in heads:
        assert _read(rows, head) == {"administrator", "none"}
        told, known = ([row[head] == "none" for row in some] for some in (rows, full))
        assert told == known


@pytest.mark.parametrize(
    ("mode", "head", "length"),
    [
        ("pseudonymous", "Created (UTC)", len("2026-03")),
        ("pseudonymous", "Last successful sign-in (UTC)", len("2026-03")),
        ("pseudonymous", "Last interactive sign-in, tried (UTC)", len("2026-03")),
        ("pseudonymous", "Last non-interactive sign-in, tried (UTC)", len("2026-03")),
        ("pseudonymous", "Report row refreshed (UTC)", len("2026-03-31")),
        ("pseudonymous", "State read at (UTC)", len("2026-03-31")),
        ("internal", "Last successful sign-in (UTC)", len("2026-03")),
        ("internal", "Last interactive sign-in, tried (UTC)", len("2026-03")),
        ("internal", "Last non-interactive sign-in, tried (UTC)", len("2026-03")),
    ],
)
def test_the_times_of_persons_are_coarse(messy_copies, mode, head, length):
    found = _read(_users(messy_copies.of(mode)), head)

    assert found
    assert {len(one) for one in found} == {length}


def test_the_mapping_leads_every_pseudonym_back(copies):
    with copies.mapping.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    persons = {row["id"]: row for row in rows if row["kind"] == "u"}

    assert set(copies.audit.users["user_id"]) <= set(persons)
    names = dict(copies.audit.users.select("user_id", "user_userPrincipalName").iter_rows())
    assert {one for one in names if names[one] and persons[one]["userPrincipalName"].lstrip("'") != names[one]} == set()
    issued = {row["pseudonym"] for row in rows}
    with (copies.of("pseudonymous") / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["userId"] for row in csv.DictReader(file) if row["userId"]} <= issued
    assert {"policy", "group", "exception", "tenant", "person"} <= {row["kind"] for row in rows}


def test_the_same_key_gives_the_same_bytes(copies, tmp_path):
    assert _share(copies.audit.bundle, "pseudonymous", tmp_path / "again", "--key", copies.key) == 10

    for name in FILES:
        assert (tmp_path / "again" / name).read_bytes() == (copies.of("pseudonymous") / name).read_bytes(), name


def test_another_key_gives_other_pseudonyms(copies, tmp_path):
    key = tmp_path / "other key"
    options = ("--key", key, "--new-key", "--format", "csv")
    assert _share(copies.audit.bundle, "pseudonymous", tmp_path / "other", *options) == 10

    one, other = _persons(copies.of("pseudonymous")), _persons(tmp_path / "other")
    assert len(one) == len(other) > 0
    assert one.isdisjoint(other)


def test_two_audits_of_a_tenant_can_be_compared_under_one_key(copies, tmp_path):
    """The demo beneath was judged with other rules: whoever has findings in both has one pseudonym."""
    demo = copies.folder / "demo"
    options = ("--key", copies.key, "--format", "csv")
    assert _share(demo, "pseudonymous", tmp_path / "before", *options) == 10

    with copies.mapping.open(encoding="utf-8-sig", newline="") as file:
        assert _persons(tmp_path / "before") <= {row["pseudonym"] for row in csv.DictReader(file)}


def _persons(folder):
    with (folder / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["userId"] for row in csv.DictReader(file) if row["userId"]}


def test_the_bundle_is_left_as_it_was(copies, tmp_path):
    before = {path: path.read_bytes() for path in copies.audit.bundle.rglob("*") if path.is_file()}

    assert _share(copies.audit.bundle, "internal", tmp_path / "copy", "--format", "csv") == 10

    assert {path: path.read_bytes() for path in copies.audit.bundle.rglob("*") if path.is_file()} == before


def test_an_empty_folder_is_taken_and_closed_to_others(messy_copies, tmp_path):
    out = tmp_path / "empty"
    out.mkdir(mode=0o755)

    assert _share(messy_copies.audit.bundle, "full", out, "--format", "json") == 10

    assert {one.name for one in out.iterdir()} == {"results.json", "manifest.json"}
    assert os.name != "posix" or stat.S_IMODE(out.stat().st_mode) == 0o700


def test_a_folder_that_holds_something_is_refused(messy_copies, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").touch()

    said = _refused(messy_copies.audit.bundle, "--share", "full", "--out", tmp_path / "out")

    assert "not empty" in said
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("place", ["copy", "evidence/copy", "..", "."])
def test_a_copy_and_its_bundle_never_lie_inside_one_another(messy_copies, place):
    bundle = messy_copies.audit.bundle

    assert "inside one another" in _refused(bundle, "--share", "full", "--out", bundle / place)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--out", "x"], "--out is only for a copy"),
        (["--key", "k"], "--key is only for a copy"),
        (["--new-key"], "--new-key is only for a copy"),
        (["--mapping", "m"], "--mapping is only for a copy"),
        (["--share", "full"], "needs a folder"),
        (["--share", "internal", "--out", "x", "--key", "k"], "--key is only for --share pseudonymous"),
        (["--share", "full", "--out", "x", "--mapping", "m"], "--mapping is only for --share pseudonymous"),
        (["--share", "pseudonymous", "--out", "x"], "needs --key"),
        (["--share", "pseudonymous", "--out", "x", "--new-key"], "needs --key"),
        (["--share", "pseudonymous", "--out", "x", "--key", "x/k", "--new-key"], "lies inside"),
        (["--share", "pseudonymous", "--out", "x", "--key", "k", "--mapping", "x/m"], "lies inside"),
        (["--share", "pseudonymous", "--out", "x", "--key", "k", "--new-key", "--mapping", "k"], "is the key as well"),
        (["--share", "pseudonymous", "--out", "x", "--key", "k"], "there is no key"),
        (["--share", "pseudonymous", "--out", "x", "--key", "k", "--mapping", "no/m"], "no folder"),
    ],
)
def test_options_that_do_not_go_together_are_refused_before_anything_is_made(
    messy_copies, tmp_path, monkeypatch, options, said
):
    monkeypatch.chdir(tmp_path)

    assert said in _refused(messy_copies.audit.bundle, *options)
    assert list(tmp_path.iterdir()) == []


def test_a_mapping_is_never_written_over(messy_copies, tmp_path):
    (tmp_path / "m").write_text("mine")
    options = ("--key", messy_copies.key, "--mapping", tmp_path / "m")

    said = _refused(messy_copies.audit.bundle, "--share", "pseudonymous", "--out", tmp_path / "out", *options)

    assert "exists already" in said
    assert (tmp_path / "m").read_text() == "mine"
