"""`mfaaudit audit` over a real socket: the same code as on a real tenant, against a service on this machine."""

import json
import socket

import pytest
from leaping_loop import no_waiting


def audit(mfaaudit, served, *more):
    return mfaaudit("audit", "--graph-url", served.url, "--auth", "token", "--quiet", *more)


@pytest.fixture(scope="module")
def short():
    """Formats that are quick to write."""
    return ("--format", "json,csv")


def test_an_audit_leaves_a_bundle_named_for_its_tenant_and_ends_with_its_result(
    mfaaudit, served, token, tmp_path, short
):
    token(served.tenant.access_token())
    said = audit(mfaaudit, served, *short)
    (bundle,) = (tmp_path / "work").iterdir()
    results = json.loads((bundle / "results.json").read_text(encoding="utf-8"))
    assert bundle.name.startswith(f"mfaaudit-{served.tenant.default_domain}-20")
    assert said.code == results["conclusion"]["exitCode"]
    assert said.err == ""
    assert results["population"]["enumerated"] == served.tenant.user_count
    assert results["run"]["graph"] == served.url
    assert results["run"]["tenantId"] == served.tenant.tenant_id
    assert results["run"]["simulated"] is False
    assert not (bundle / "report.xlsx").exists()


def refused(said, *words):
    assert said.code == 1, said.err
    assert said.out == ""
    assert "no audit was performed" in said.err
    assert "hint: " in said.err
    assert "Traceback" not in said.err
    for word in words:
        assert word in said.err
    return True


def test_another_tenant_than_the_one_asked_for(mfaaudit, served, token, tmp_path):
    token(served.tenant.access_token())
    said = audit(mfaaudit, served, "--tenant", "contoso.example", "--out", tmp_path / "new")
    assert refused(said, "contoso.example", served.tenant.tenant_id)
    assert not (tmp_path / "new").exists()


def test_its_domain_and_its_id_name_the_tenant(mfaaudit, served, token, tmp_path, short):
    token(served.tenant.access_token())
    for number, name in enumerate((served.tenant.tenant_id.upper(), served.tenant.default_domain)):
        said = audit(mfaaudit, served, "--tenant", name, "--out", tmp_path / str(number), *short)
        assert said.code in (0, 10, 11), said.err


def test_a_token_that_may_not_list_the_users(mfaaudit, served, token):
    token(served.tenant.access_token(permissions=["Policy.Read.All", "User.Read"]))
    said = audit(mfaaudit, served)
    assert refused(said, "User.Read.All")
    assert "is no report" in said.err


def test_a_token_that_may_list_and_little_else_gives_gaps_and_no_failures(mfaaudit, served, token, tmp_path, short):
    token(served.tenant.access_token(permissions=["User.Read.All"]))
    said = audit(mfaaudit, served, "--out", tmp_path / "new", *short)
    assert said.code == 11
    results = json.loads((tmp_path / "new" / "results.json").read_text(encoding="utf-8"))
    of_tenant = [rule["counts"] for rule in results["rules"] if rule["pack"] != "data-quality"]
    assert all(one["fail"] == one["pass"] == 0 for one in of_tenant)
    reasons = {reason for one in results["coverage"] for reason in one["reasons"]}
    assert reasons == {"NO_PERMISSION"}


def test_nobody_answers(mfaaudit, token, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    token("t0k3n")
    # A connection is refused at once, so that nothing but the pauses before the next attempt is leapt over.
    with no_waiting():
        said = mfaaudit("audit", "--graph-url", url, "--auth", "token")
    assert refused(said)
    assert "t0k3n" not in said.err
    assert list((tmp_path / "work").iterdir()) == []


def test_a_token_that_is_none(mfaaudit, served, token):
    token("not a token")
    said = audit(mfaaudit, served)
    assert said.code in (1, 2)
    assert "hint: " in said.err
    assert "not a token" not in said.err
