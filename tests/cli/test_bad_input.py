"""Bad input: a clear message with a hint, the right exit code, nothing lost, and no traceback unless asked for."""

import os
import sys
from pathlib import Path

import pytest

GOOD_RULE = """
pack: {id: mine, version: "1", title: Mine}
rules:
  - id: M-1
    title: T
    rationale: R
    severity: high
    require: {registration.isMfaRegistered: true}
    remediation: C
"""


def explained(said, code, *words):
    """One message with a hint on stderr, nothing on stdout, no traceback."""
    assert said.code == code, said.err
    assert said.out == ""
    assert "hint: " in said.err
    assert "Traceback" not in said.err
    for word in words:
        assert word in said.err
    return True


def test_no_command_shows_the_help_and_is_a_usage_error(mfaaudit):
    said = mfaaudit()
    assert said.code == 2
    assert "audit " in said.out


@pytest.mark.parametrize(
    "arguments", [("adit",), ("audit", "--nonsense"), ("demo", "--mood", "angry"), ("demo", "--users", "-1")]
)
def test_what_the_command_line_does_not_know(mfaaudit, arguments):
    said = mfaaudit(*arguments)
    assert said.code == 2
    assert said.err
    assert "Traceback" not in said.err


def test_an_unknown_policy_names_the_nearest_one(mfaaudit):
    assert explained(mfaaudit("demo", "--policy", "basline"), 2, "basline", "baseline")


def test_broken_yaml_names_file_and_line(mfaaudit, tmp_path):
    file = tmp_path / "broken.yaml"
    file.write_text("pack:\n  id: [mine\nrules: []\n", encoding="utf-8")
    assert explained(mfaaudit("demo", "--policy", file), 2, "broken.yaml:")


def test_an_unknown_field_names_its_line_and_the_nearest_word(mfaaudit, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(GOOD_RULE.replace("isMfaRegistered", "isMfaRegisterd"), encoding="utf-8")
    line = GOOD_RULE.splitlines().index("    require: {registration.isMfaRegistered: true}") + 1
    assert explained(mfaaudit("policy", "validate", file), 2, f"mine.yaml:{line}", "registration.isMfaRegistered")


def test_an_unknown_format(mfaaudit):
    assert explained(mfaaudit("demo", "--format", "pdf"), 2, "pdf", "xlsx")


def test_an_output_folder_with_something_in_it_is_left_alone(mfaaudit, tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "evidence.txt").write_text("mine", encoding="utf-8")
    assert explained(mfaaudit("demo", "--out", kept), 2, "kept", "--out")
    assert [one.name for one in kept.iterdir()] == ["evidence.txt"]


def test_personal_data_never_lands_in_the_folder_of_the_committed_sample(mfaaudit):
    reports = Path(__file__).resolve().parents[2] / "reports"
    assert explained(mfaaudit("demo", "--out", reports / "mine"), 2, "personal data")
    assert not (reports / "mine").exists()


def test_an_output_folder_that_is_a_file(mfaaudit, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert explained(mfaaudit("demo", "--out", tmp_path / "file"), 2, "is a file")
    assert explained(mfaaudit("demo", "--out", tmp_path / "file" / "below"), 2, "--out")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a folder in which nobody can make another")
def test_an_output_folder_that_nobody_can_make(mfaaudit):
    assert explained(mfaaudit("demo", "--users", "1", "--out", "/proc/nowhere"), 2, "/proc/nowhere", "--out")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root and Windows may write everywhere")
def test_an_output_folder_that_cannot_be_written(mfaaudit, tmp_path):
    tmp_path.chmod(0o500)
    try:
        assert explained(mfaaudit("demo", "--out", tmp_path / "new"), 2, "cannot be written")
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize(
    "url", ["http://graph.example", "http://10.0.0.1:8080", "http://127.0.0.1.example", "ftp://127.0.0.1"]
)
def test_plain_http_goes_to_this_machine_only(mfaaudit, token, url):
    token("t0k3n")
    said = mfaaudit("audit", "--graph-url", url, "--auth", "token")
    assert explained(said, 2)
    assert "t0k3n" not in said.err


def test_another_service_never_gets_a_token_that_was_not_made_for_it(mfaaudit):
    assert explained(mfaaudit("audit", "--graph-url", "http://127.0.0.1:9", "--auth", "azure-cli"), 2, "--auth token")


@pytest.mark.parametrize(
    ("auth", "variable"),
    [("token", "MFAAUDIT_ACCESS_TOKEN"), ("secret", "AZURE_CLIENT_"), ("certificate", "AZURE_CLIENT_")],
)
def test_what_is_missing_in_the_environment_is_named(mfaaudit, monkeypatch, auth, variable):
    for name in ("MFAAUDIT_ACCESS_TOKEN", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH"):
        monkeypatch.delenv(name, raising=False)
    assert explained(mfaaudit("audit", "--auth", auth, "--tenant", "contoso.example"), 2, variable)


def test_a_folder_that_is_no_bundle(mfaaudit, tmp_path):
    assert explained(mfaaudit("evaluate", tmp_path, "--out", tmp_path / "new"), 1, "not a bundle")
    assert explained(mfaaudit("report", tmp_path), 1, "not a bundle")


def test_a_bundle_of_an_audit_that_was_broken_off(mfaaudit, messy, copy_of, tmp_path):
    bundle = copy_of(messy)
    (bundle / "evidence" / "run.json").unlink()
    assert explained(mfaaudit("evaluate", bundle, "--out", tmp_path / "new"), 1)
    assert not (tmp_path / "new").exists()


def test_evidence_that_is_damaged(mfaaudit, messy, copy_of, tmp_path):
    bundle = copy_of(messy)
    journal = bundle / "evidence" / "users.jsonl.gz"
    journal.write_bytes(journal.read_bytes()[:-40])
    assert explained(mfaaudit("evaluate", bundle, "--out", tmp_path / "new"), 1, "users.jsonl.gz")


def test_reports_are_not_drawn_from_rules_that_were_changed(mfaaudit, messy, copy_of):
    bundle = copy_of(messy)
    file = bundle / "policies" / "baseline" / "baseline.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("severity: high", "severity: low"), encoding="utf-8")
    assert explained(mfaaudit("report", bundle), 1, "baseline.yaml", "evaluate")


def test_verbose_shows_where_it_happened(mfaaudit, tmp_path):
    said = mfaaudit("report", tmp_path, "--verbose")
    assert said.code == 1
    assert "Traceback" in said.err
