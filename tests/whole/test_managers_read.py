"""An audit with managers: everybody has the one that the directory has, whatever went wrong on the way."""

from types import SimpleNamespace
from urllib.parse import unquote

import httpx
import pytest
from broken_off import in_pieces, session, tenant_of
from one_check import check_of
from test_forecasting import counting, forecast_of, options_of

from mfaaudit.brief import brief
from mfaaudit.bundle import EVIDENCE
from mfaaudit.evidence.journal import read_journal
from mfaaudit.evidence.run import Order
from mfaaudit.judging import judge_snapshot
from mfaaudit.reports.sections.users import section
from mfaaudit.simulated.account import Account
from mfaaudit.snapshot import take
from mfaaudit.sources.managers import FIELDS
from mfaaudit.words import Reason, Unknown

ORDER = Order(options=("managers",))
COLUMNS = [field.column for field in FIELDS]
REASONS = [f"{column}_reason" for column in COLUMNS]


def read_of(snapshot):
    """Each user's four values with their reasons, by the id of the user."""
    rows = snapshot.words().select("user_id", *COLUMNS, *REASONS).iter_rows()
    return {user: tuple(values) for user, *values in rows}


def told_by(directory):
    """The same, as the directory has it, for whoever may not read contacts."""
    found = {}
    for account in directory.accounts:
        manager = directory.managers.get(account.id)
        if manager is None:
            values, reasons = ("",) * 4, (None,) * 4
        elif isinstance(manager, Account):
            name = manager.user_principal_name
            mail = "" if "#EXT#" in name else name
            values, reasons = (manager.id, manager.display_name or "", name, mail), (None,) * 4
        else:
            refused = Reason.NO_PERMISSION.value
            values, reasons = (manager.id, None, "", None), (None, refused, None, refused)
        found[account.id] = values + reasons
    return found


@pytest.mark.parametrize("mood", ["tidy", "messy", "half-forbidden", "unlicensed"])
def test_everybody_has_the_manager_of_the_directory(tmp_path, mood):
    tenant = tenant_of(mood)
    assert session(tenant, tmp_path / "bundle", order=ORDER)

    snapshot = take(tmp_path / "bundle" / EVIDENCE)
    assert read_of(snapshot) == told_by(tenant.directory)
    (found,) = [one for one in snapshot.coverage if one.source == "managers"]
    assert (found.wanted, found.read, found.reasons) == (130, 130, {})


@pytest.mark.parametrize("collect", ["per-user", "verified-bulk"])
def test_in_the_storm_too(tmp_path, collect):
    tenant = tenant_of("stormy")
    assert session(tenant, tmp_path / "bundle", order=Order(collect=collect, options=("managers",)))

    assert read_of(take(tmp_path / "bundle" / EVIDENCE)) == told_by(tenant.directory)


@pytest.mark.parametrize("torn", [False, True])
def test_an_audit_that_was_broken_off_has_the_same_managers_and_asks_for_no_page_twice(tmp_path, torn):
    bundle, tenant = tmp_path / "bundle", tenant_of("tidy")
    assert in_pieces(tenant, bundle, 3, order=ORDER, torn=torn, most=40 if torn else 15) > 1

    assert read_of(take(bundle / EVIDENCE)) == told_by(tenant.directory)
    asked = [unquote(one.url) for one in read_journal(bundle / EVIDENCE, "managers") if one.ok]
    assert torn or len(asked) == len(set(asked)) == 2


def test_without_the_option_no_request_is_made_for_them(tmp_path):
    bundle, answered = tmp_path / "bundle", []
    assert session(tenant_of("tidy"), bundle, order=Order(), answered=answered)

    assert list(read_journal(bundle / EVIDENCE, "managers")) == []
    assert set(read_of(take(bundle / EVIDENCE)).values()) == {(None,) * 4 + (Reason.NOT_REQUESTED.value,) * 4}


def test_every_other_value_is_the_same_with_them_and_without(tmp_path):
    frames = []
    for name, order in (("without", Order()), ("with", ORDER)):
        assert session(tenant_of("tidy"), tmp_path / name, order=order)
        frames.append(take(tmp_path / name / EVIDENCE).words())
    own = [name for name in frames[0].columns if name.startswith("manager_")]
    varies = [name for name in frames[0].columns if name.endswith(("_readAt", "_requestId"))]

    plain, asked = (frame.drop(*own, *varies, strict=False) for frame in frames)
    assert plain.equals(asked)
    assert len(own) == 10


OWN = """\
pack: {id: own, version: "1.0.0", title: Somebody to ask}
population: {user.accountEnabled: true, user.userType: Member}
rules:
  - id: OWN-01
    title: Somebody manages whoever signs in
    rationale: Nobody can be asked about an account that nobody answers for.
    severity: low
    require: {not: {manager.mail: {empty: true}}}
    remediation: Name a manager.
    examples:
      - given: {user.accountEnabled: true, user.userType: Member, manager.mail: ann@x.example}
        verdict: PASS
      - given: {user.accountEnabled: true, user.userType: Member, manager.mail: ""}
        verdict: FAIL
      - given: {user.accountEnabled: true, user.userType: Member, manager.mail: {unknown: NO_PERMISSION}}
        verdict: NOT_EVALUATED
"""


@pytest.fixture(scope="module")
def audited(tmp_path_factory):
    """An audit of the tidy tenant with managers, judged by a rule that asks for them; nobody changes it."""
    folder = tmp_path_factory.mktemp("managed")
    (folder / "own.yaml").write_text(OWN, encoding="utf-8")
    tenant = tenant_of("tidy")
    assert session(tenant, folder / "bundle", order=ORDER)
    how = brief((str(folder / "own.yaml"),), "low", "json", posture="per-user")
    return SimpleNamespace(tenant=tenant, made=judge_snapshot(take(folder / "bundle" / EVIDENCE), how))


def test_a_rule_tells_who_has_no_manager_from_whose_could_not_be_read(audited):
    (result,) = [one for one in audited.made.findings.results if one.rule.id == "OWN-01"]
    verdicts = dict(zip(audited.made.users["user_id"], result.frame["verdict"].cast(str), strict=True))

    judged = {user: verdicts[user] for user, row in told_by(audited.tenant.directory).items()}
    for one in audited.tenant.directory.accounts:
        _, _, _, mail, *_, reason = told_by(audited.tenant.directory)[one.id]
        if not one.enabled or one.user_type != "Member":
            assert judged[one.id] == "NOT_APPLICABLE"
        else:
            assert judged[one.id] == ("NOT_EVALUATED" if reason else "PASS" if mail else "FAIL")
    assert {"PASS", "FAIL", "NOT_EVALUATED"} <= set(judged.values())


def test_the_sheet_of_users_has_the_managers_and_shows_what_was_not_read_as_such(audited):
    made = section(audited.made)
    (table,) = made.tables
    places = {column.key: place for place, column in enumerate(table.columns)}
    assert {field.name for field in FIELDS} <= set(places)
    assert not [line for line in made.lead if "--with-managers" in line]

    told = told_by(audited.tenant.directory)
    for row in table.rows():
        shown = [row[places[field.name]] for field in FIELDS]
        values, reasons = told[row[places["userId"]]][:4], told[row[places["userId"]]][4:]
        gaps = [None if one is None else Unknown(Reason(one)) for one in reasons]
        assert shown == [value if gap is None else gap for value, gap in zip(values, gaps, strict=True)]


def without_managers(request):
    if "$expand" not in request.url.params or not request.url.path.endswith("/users"):
        return None
    error = {"code": "Authorization_RequestDenied", "message": "No."}
    return httpx.Response(403, json={"error": error})


def test_a_check_asks_for_one_manager_and_a_gap_there_is_none_of_an_audit_without_them():
    made, refused = check_of("tidy"), check_of("tidy", before=without_managers)

    assert (made.rows["managers"]["ability"], made.rows["managers"]["option"]) == ("READABLE", "--with-managers")
    (call,) = [one for one in made.calls if "$expand" in one.url.params and one.url.path.endswith("/users")]
    assert call.url.params["$top"] == "1"
    row = refused.rows["managers"]
    assert (row["ability"], row["fields"]) == ("NO_PERMISSION", [field.name for field in FIELDS])
    assert refused.found["missing"] == made.found["missing"]
    assert refused.found["conclusion"]["exitCode"] == made.found["conclusion"]["exitCode"] == 0


def test_a_forecast_tells_the_price_and_leaves_it_out_of_the_sum():
    made = forecast_of(users=1, change=counting(100_000))
    assert "managers" not in made.lines
    option = options_of(made)["--with-managers"]
    assert (option["requests"], option["units"], option["atLeast"]) == (1_000, 2_000, False)
    assert option["price"] == "--with-managers adds 1,000 requests, one after another."
