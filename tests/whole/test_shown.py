"""What the README and the guide to rules show is so: commands, permissions, exit codes, packs, operators, links."""

import re
import shlex
from pathlib import Path

import click
import pytest
from ruamel.yaml import YAML

from mfaaudit.cli import group
from mfaaudit.errors import TenantProblem, UsageProblem
from mfaaudit.findings import load_pack, load_packs, mismatches, shipped_packs
from mfaaudit.findings.operators import OPERATORS
from mfaaudit.reports.conclusion import CLEAN, FINDINGS, GAPS
from mfaaudit.reports.sections import SHEETS
from mfaaudit.sources import SOURCES
from mfaaudit.vocabulary import FIELDS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "policies" / "README.md").read_text(encoding="utf-8")


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def rows(text, head):
    """The rows of the table under a heading row that begins with a word."""
    table = text[text.index(f"| {head} |") :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table]


COMMANDS = [
    line.split("#")[0].strip()
    for block in blocks(README, "sh") + blocks(GUIDE, "sh")
    for line in block.splitlines()
    if line.startswith("mfaaudit ")
]


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_is_understood(line, tmp_path, monkeypatch):
    for name in ("BUNDLE", "OTHER-BUNDLE", "LAST-QUARTER", "THE-ONE-BEFORE", "AUDITS"):
        (tmp_path / name).mkdir()
    (tmp_path / "report.xlsx").touch()
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line)[1:]
    command, context = group, click.Context(group)
    while isinstance(command, click.Group):
        command = command.get_command(context, words.pop(0))
        assert command is not None, line
        context = click.Context(command, parent=context)
    command.parse_args(context, words)


def test_the_sheets_of_the_workbook_in_their_order():
    shown = [title for row in rows(README, "Sheet") for title in row[0].split(", ")]
    assert shown == ["Cover", *SHEETS]


def test_the_first_commands_are_the_two_that_set_everything_up():
    first = [line.split("#")[0].strip() for line in blocks(README, "sh")[0].splitlines()]
    assert first == ["make demo", "make test"]
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"`?make ([a-z]+)", README)) <= set(targets)


def test_the_permissions_are_the_least_of_every_source():
    # The directory's own sources take any of several; the list of users asks for the one that suffices for all.
    least = {source.permissions[0] for source in SOURCES} - {"User.Read", "Policy.Read.AuthenticationMethod"}
    hidden = {source.hidden for source in SOURCES} - {""}
    assert {row[0].strip("`") for row in rows(README, "Permission")} == least | hidden
    assert [row[0] for row in rows(README, "Permission") if row[2] == "there is no audit"] == ["`User.Read.All`"]
    for source in SOURCES:
        assert set(source.permissions) & least, source.name


def test_the_exit_codes():
    shown = [int(row[0]) for row in rows(README, "Code")]
    assert shown == [CLEAN, TenantProblem.exit_code, UsageProblem.exit_code, FINDINGS, GAPS]


def test_the_packs():
    shown = {row[0].strip("`"): row[2] for row in rows(README, "Pack")}
    assert set(shown) == set(shipped_packs())
    for name in shipped_packs():
        pack = load_pack(name)
        own = [rule.id for rule in pack.rules if rule.pack == name]
        others = len(pack.rules) - len(own)
        said = f"{own[0]} to {own[-1]}" if len(own) > 1 else "".join(own)
        parts = [said, f"{others} of other packs" if others else ""]
        assert shown[name] == ", and ".join(part for part in parts if part)


def test_the_files_of_a_bundle(messy):
    shown = {row[0].strip("`").rstrip("/") for row in rows(README, "File")}
    # The lock is empty, and nothing for a reader.
    assert shown | {"audit.lock"} == {path.name for path in messy.bundle.iterdir()}


def test_the_rule_in_the_readme_is_the_shipped_one():
    (shown,) = YAML(typ="safe").load(blocks(README, "yaml")[0])
    shipped = next(rule for rule in load_packs(["baseline"])[0].rules if rule.id == shown["id"])
    assert (shown["title"], shown["rationale"], shown["severity"]) == (
        shipped.title,
        shipped.rationale,
        shipped.severity,
    )
    assert list(shown["require"]) == list(shipped.observed_fields)


def test_the_packs_in_the_guide_can_be_used_and_their_examples_hold(tmp_path):
    text, idle, many, include, extending, standard = blocks(GUIDE, "yaml")
    file = tmp_path / "ours.yaml"

    def read(written):
        file.write_text(written, encoding="utf-8")
        return load_packs([str(file)])[0]

    assert not list(mismatches(read(text)))
    # The rules that are shown alone, put under the same head.
    head = text.split("rules:")[0]
    first, second = read(f"{head}rules:\n{idle}{many}").rules
    assert {name.split(".")[0] for name in first.observed_fields} == {"derived", "signInActivity"}
    assert second.aggregate is not None
    assert {"BASE-02", "PHR-01"} <= {rule.id for rule in read(head + include).rules}
    changed = {rule.id: rule.changed_from for rule in read(extending).rules}
    assert changed["BASE-T1"].startswith("baseline ")
    assert "BASE-06" not in changed
    assert [control.id for control in read(standard).controls] == ["4.1", "4.2"]


def test_the_guide_names_every_operator_and_every_field():
    assert [re.search(r"\{(\w+):", row[0])[1] for row in rows(GUIDE, "Operator")] == list(OPERATORS)
    for row in rows(GUIDE, "Operator"):
        name = re.search(r"\{(\w+):", row[0])[1]
        assert {one.strip() for one in row[1].split(",")} == {kind.value for kind in OPERATORS[name].kinds}
    assert [row[0].strip("`") for row in rows(GUIDE, "Field")] == list(FIELDS)


@pytest.mark.parametrize("file", ["README.md", "policies/README.md", "CHANGELOG.md"])
def test_links_lead_somewhere(file):
    for link in re.findall(r"\]\(([^)#]+)\)", (ROOT / file).read_text(encoding="utf-8")):
        if not link.startswith("https://"):
            assert (ROOT / file).parent.joinpath(link).exists(), link
