"""A recheck of a tenant that was put right, or not: each finding comes to what has become of its account."""

import csv
import importlib.resources
import io
import json
import stat

import jsonschema
import openpyxl
import pytest
from rechecks_by_hand import ALL, NOW, Log, audit, bytes_of, outcomes_of, planned, recheck

from mfaaudit.errors import UsageProblem
from mfaaudit.manifest import is_unaltered, read_manifest
from mfaaudit.rechecking.outcome import Outcome
from mfaaudit.simulated import open_tenant
from mfaaudit.words import Reason, Severity, Unknown, Verdict

MOODS = ("tidy", "messy", "managed", "unlicensed", "half-forbidden")


def opened(mood="tidy", users=40, seed=7):
    return open_tenant(users=users, seed=seed, mood=mood, now=NOW, quota=False)


@pytest.fixture
def audited(tmp_path):
    """A tenant with its bundle."""

    def make(mood="tidy", packs=("baseline", "legacy-per-user-mfa"), before=lambda _: None, users=40, **how):
        tenant = opened(mood, users)
        before(tenant)
        audit(tenant, tmp_path / "bundle", packs, **how)
        return tenant, tmp_path / "bundle"

    return make


def adds_up(made):
    """Nothing disappears: each finding is one row, and each row has one result."""
    flagged = made.flagged
    assert [row.before for row in made.rows] == list(flagged.findings)
    assert sum(made.counts.values()) == len(flagged.findings) == sum(flagged.by_verdict.values())
    assert {one.user_id for one in flagged.findings} == set(flagged.users)


@pytest.mark.parametrize("mood", MOODS)
def test_where_nothing_was_put_right_every_verdict_is_what_it_was(mood, tmp_path):
    tenant, bundle = opened(mood), tmp_path / "bundle"
    audit(tenant, bundle)
    before = bytes_of(bundle)
    if mood == "messy":
        # Whoever vanished while the audit read is the one difference; the word about the licence comes once.
        assert tenant.directory.gone

    made = recheck(tenant, bundle, tmp_path / "recheck")

    adds_up(made)
    assert len(made.rows) > 3
    for row in made.rows:
        if row.before.user_id in tenant.directory.gone:
            assert row.outcome is Outcome.GONE
        else:
            assert row.now.verdict is row.before.verdict
            assert row.now.reason == row.before.reason
            assert row.now.severity is row.before.severity
            assert row.now.observed == row.before.observed
    assert made.new_failures == ()
    assert made.posture.value == planned(bundle).before.declared.posture.value
    assert bytes_of(bundle) == before


def test_an_audit_that_was_read_in_bulk_is_rechecked_user_by_user(tmp_path):
    tenant, bundle, log = opened("drifting"), tmp_path / "bundle", Log()
    audit(tenant, bundle, way="verified-bulk")

    made = recheck(tenant, bundle, tmp_path / "recheck", log=log)

    adds_up(made)
    assert {row.outcome for row in made.rows} <= {Outcome.STILL_FAILING, Outcome.NOT_READ}
    assert not [one for one in log.asked if "perUserMfaState" in one]


def test_what_was_put_right_is_fixed_and_the_rest_is_not(audited, tmp_path):
    def spoil(tenant):
        for one in [one for one in tenant.directory.accounts if one.enabled and one.user_type == "Member"][:6]:
            one.state = "disabled"

    tenant, bundle = audited(before=spoil)
    failed = [one.user_id for one in planned(bundle, rules=("PUM-01",)).flagged.findings if one.verdict is Verdict.FAIL]
    accounts = {one.id: one for one in tenant.directory.accounts}
    cured, kept, left, off, guest, *_ = failed
    accounts[cured].state = "enforced"
    tenant.directory.gone.add(left)
    accounts[off].enabled = False
    accounts[guest].user_type = "Guest"

    made = recheck(tenant, bundle, tmp_path / "recheck", rules=("PUM-01",))

    adds_up(made)
    found = outcomes_of(made, "PUM-01")
    assert found[cured] is Outcome.FIXED
    assert found[kept] is Outcome.STILL_FAILING
    assert found[left] is Outcome.GONE
    assert found[off] is found[guest] is Outcome.OUT_OF_SCOPE
    assert made.exit_code == 10


def test_when_all_are_cured_or_gone_nothing_fails(audited, tmp_path):
    tenant, bundle = audited(before=lambda tenant: [setattr(one, "state", "disabled") for one in members(tenant)[:3]])
    for one in members(tenant):
        one.state = "enforced"
    tenant.directory.gone.add(members(tenant)[0].id)

    made = recheck(tenant, bundle, tmp_path / "recheck", rules=("PUM-01",))

    assert {one for one, count in made.counts.items() if count} == {Outcome.FIXED, Outcome.GONE}
    assert made.exit_code == 0


def members(tenant):
    return [one for one in tenant.directory.accounts if one.enabled and one.user_type == "Member"]


def test_a_remedy_that_breaks_another_rule_is_told_apart_from_the_findings(audited, tmp_path):
    tenant, bundle = audited(before=lambda tenant: [setattr(one, "state", "disabled") for one in members(tenant)[:2]])
    (user, *_) = [one for one in members(tenant)[:2] if not one.is_admin]
    user.state, user.methods, user.preferred = "enforced", (), None

    made = recheck(tenant, bundle, tmp_path / "recheck", rules=("PUM-01",))

    assert outcomes_of(made, "PUM-01")[user.id] is Outcome.FIXED
    new = {(one.rule.id, one.user_id) for one in made.new_failures}
    assert ("BASE-01", user.id) in new
    assert {who for _, who in new} == {user.id}
    assert all(one.before is not Verdict.FAIL for one in made.new_failures)
    adds_up(made)
    assert made.exit_code == 10


def test_nobody_else_is_asked_about(audited, tmp_path):
    tenant, bundle = audited("messy")
    log = Log()

    made = recheck(tenant, bundle, tmp_path / "recheck", log=log, least=Severity.HIGH)

    flagged = set(made.flagged.users)
    others = [one.id for one in tenant.directory.accounts if one.id not in flagged]
    assert len(others) > len(flagged) > 3
    assert [log.about(user) for user in others] == [[]] * len(others)
    # Whoever is there is asked for by id, four times: the account, its two own reads, and its row.
    there = next(user for user in made.flagged.users if user not in tenant.directory.gone)
    assert {one.split("?")[0] for one in log.about(there)} == {
        "/v1.0/$batch",
        "/beta/$batch",
        f"/v1.0/reports/authenticationMethods/userRegistrationDetails/{there}",
    }
    lists = ("/v1.0/users?", "/v1.0/users/$count", "/v1.0/reports/authenticationMethods/userRegistrationDetails?")
    assert not [one for one in log.asked if one.startswith(lists)]


def test_of_too_many_users_the_whole_report_is_read(audited, tmp_path, monkeypatch):
    tenant, bundle = audited("messy")
    one_by_one = recheck(tenant, bundle, tmp_path / "one-by-one")
    monkeypatch.setattr("mfaaudit.tenant.by_id.ONE_BY_ONE", dict.fromkeys(("reports", "sign-in activity"), 2))
    log = Log()

    made = recheck(tenant, bundle, tmp_path / "listed", log=log)

    report = "/v1.0/reports/authenticationMethods/userRegistrationDetails"
    assert {one.split("?")[0] for one in log.asked if one.startswith(report)} == {report}
    assert [row.outcome for row in made.rows] == [row.outcome for row in one_by_one.rows]
    assert [row.now.observed for row in made.rows] == [row.now.observed for row in one_by_one.rows]


def test_whom_an_exception_covers_is_read_only_on_request(audited, tmp_path):
    user = members(opened())[0]
    register = tmp_path / "register.yaml"
    register.write_text(_register(user.id), encoding="utf-8")
    tenant, bundle = audited(
        before=lambda tenant: [setattr(one, "state", "disabled") for one in members(tenant)[:2]], exceptions=register
    )

    unasked = recheck(tenant, bundle, tmp_path / "without", rules=("PUM-01",))
    asked = recheck(tenant, bundle, tmp_path / "with", rules=("PUM-01",), with_waived=True)

    assert user.id not in unasked.flagged.users
    assert outcomes_of(asked, "PUM-01")[user.id] is Outcome.WAIVED
    assert asked.counts[Outcome.STILL_FAILING] == unasked.counts[Outcome.STILL_FAILING] == 1


def _register(user):
    day = NOW.date().isoformat()
    return f"""schema: 1
exceptions:
  - id: EXC-1
    kind: waiver
    rules: [PUM-01]
    subject: {{userId: {user}}}
    reason: Shared kiosk account; interactive sign-in is blocked outside the site.
    compensating_control: A policy blocks the account from any other network; reviewed each month.
    requested_by: it-ops@contoso.example
    approved_by: ciso@contoso.example
    approved_on: {day}
    expires_on: {day}
    ticket: CHG-4711
"""


@pytest.mark.parametrize(
    ("rules", "says"),
    [(("NO-SUCH",), "not judged with such a rule"), (("BASE-T1",), "about the tenant or the data")],
)
def test_a_rule_that_cannot_be_meant_is_refused(audited, rules, says):
    _, bundle = audited()

    with pytest.raises(UsageProblem, match=says):
        planned(bundle, rules=rules)


def test_rules_that_need_everybody_are_left_out_and_named(audited, tmp_path):
    tenant, bundle = audited("messy")
    made = recheck(tenant, bundle, tmp_path / "recheck")

    left_out = {one.id for one in made.flagged.left_out}
    assert {"BASE-T1", "BASE-T2", "BASE-T3", "DQ-T1"} <= left_out
    assert not left_out & {row.before.rule.id for row in made.rows}


def test_every_file_says_the_same_and_none_holds_a_formula(audited, tmp_path):
    def rename(tenant):
        for one in members(tenant)[:3]:
            one.state, one.display_name = "disabled", '=HYPERLINK("http://x")<script>alert(1)</script>\u202e'

    tenant, bundle = audited(before=rename)
    folder = tmp_path / "recheck"

    made = recheck(tenant, bundle, folder, formats=ALL, rules=("PUM-01",))

    schema = importlib.resources.files("mfaaudit.rechecking").joinpath("recheck.schema.json").read_text("utf-8")
    results = json.loads((folder / "recheck.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(json.loads(schema)).validate(results)
    assert sum(results["counts"].values()) == results["flagged"]["findings"] == len(results["findings"])
    assert results["recheckOf"]["manifestSha256"] == read_manifest(bundle).sha256
    text = (folder / "recheck.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["result"] for row in rows] == [row.outcome.value for row in made.rows]
    assert {row["displayName"][:2] for row in rows} == {"'="}
    book = openpyxl.load_workbook(folder / "recheck.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    said = {cell.value for cell in cells}
    assert made.population in said
    page = (folder / "recheck.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "not the tenant" in page
    assert "Signature" not in page


def test_the_folder_is_private_and_sealed(audited, tmp_path):
    tenant, bundle = audited("messy")
    folder = tmp_path / "recheck"
    recheck(tenant, bundle, folder, formats=ALL)

    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / "evidence")} == {0o700}
    manifest = read_manifest(folder)
    assert {one.path for one in manifest.files} == {
        path.relative_to(folder).as_posix() for path in files if path.name not in ("manifest.json", "audit.lock")
    }
    assert all(is_unaltered(folder, one) for one in manifest.files)
    sealed = read_manifest(bundle)
    assert manifest.facts["recheckOf"]["runId"] == sealed.facts["run"]["id"]
    assert manifest.facts["recheckOf"]["manifestSha256"] == sealed.sha256


def test_a_row_that_the_report_lacks_is_no_row_and_whoever_is_gone_is_gone(audited, tmp_path):
    tenant, bundle = audited("messy", users=80)
    lacking = [one for one in members(tenant) if not one.in_report and one.id not in tenant.directory.gone]
    assert lacking

    made = recheck(tenant, bundle, tmp_path / "recheck", rules=("BASE-01",))

    rows = {row.before.user_id: row for row in made.rows}
    for one in lacking:
        assert rows[one.id].outcome is Outcome.NOT_READ
        assert rows[one.id].now.reason == Reason.NO_ROW
        assert rows[one.id].now.refreshed_at == Unknown(Reason.NO_ROW)


def test_whoever_has_registered_since_is_newly_judged(audited, tmp_path):
    tenant, bundle = audited("messy", users=80)
    lacking = [one for one in members(tenant) if not one.in_report and one.id not in tenant.directory.gone]
    assert lacking
    for one in lacking:
        one.in_report = True
    del tenant.directory.reported

    made = recheck(tenant, bundle, tmp_path / "recheck", rules=("BASE-01",))

    rows = {row.before.user_id: row for row in made.rows}
    for one in lacking:
        assert rows[one.id].outcome is Outcome.NEWLY_JUDGED
        assert rows[one.id].now.verdict is (Verdict.PASS if one.registered else Verdict.FAIL)
