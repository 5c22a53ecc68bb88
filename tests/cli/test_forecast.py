"""`mfaaudit forecast` over a real socket: a table, the same as JSON, and nothing left behind."""

import json

import pytest

from mfaaudit.cli.forecast import duration, size


@pytest.fixture
def forecast(mfaaudit, served, token):
    def go(*more, **given):
        token(served.tenant.access_token(**given))
        return mfaaudit("forecast", "--graph-url", served.url, "--auth", "token", "--quiet", *more)

    return go


def line_of(said, head):
    return next(line for line in said.out.splitlines() if line.startswith(head))


def test_the_numbers_stand_in_a_table_with_what_they_rest_on(forecast, served, tmp_path):
    said = forecast()
    assert (said.code, said.err) == (0, "")
    users = served.tenant.user_count
    assert line_of(said, "Users       ").split()[-1] == str(users)
    assert line_of(said, "Per-user MFA state").split()[-2:] == [str(users), str(users)]
    assert line_of(said, "Batches of per-user reads").split()[-1] == str(2 * users // 20)
    assert " to " in line_of(said, "Time ")
    assert "Graph's pages do not say so" in " ".join(said.out.split())
    assert list((tmp_path / "work").iterdir()) == []


def test_the_same_as_json_and_nothing_else(forecast, served):
    said = forecast("--json")
    found = json.loads(said.out)
    assert said.code == 0
    assert found["users"] == served.tenant.user_count
    assert found["tenant"]["id"] == served.tenant.tenant_id
    assert found["requests"] == sum(one["requests"] or 0 for one in found["sources"])
    assert found["requests"] == sum(one["requests"] for one in found["buckets"])
    assert found["units"] == sum(one["units"] or 0 for one in found["sources"])
    assert found["requestsMade"] == 5


def test_each_way_and_each_option_has_a_line_with_its_price(forecast, served):
    said = forecast()
    users = served.tenant.user_count
    assert str(2 * users) in line_of(said, "per-user ").split()
    assert " to " in line_of(said, "verified-bulk ")
    assert line_of(said, "--with-signin-activity").split()[1:3] == ["1", "6"]
    assert "or more" in line_of(said, "--with-eligible-roles")
    assert line_of(said, "--with-policy-groups").endswith("Members of groups that policies name")


def test_a_price_that_could_not_be_told_says_so(forecast):
    said = forecast(permissions=["User.Read.All", "RoleManagement.Read.Directory"])
    assert said.code == 0
    assert "could not be told" in line_of(said, "--with-policy-groups")


def test_users_that_may_not_be_counted(forecast):
    said = forecast(permissions=["User.Read"])
    assert said.code == 1
    assert said.out == ""
    assert "User.Read.All" in said.err


def test_another_tenant(forecast):
    assert forecast("--tenant", "contoso.example").code == 1


@pytest.mark.parametrize("arguments", [("--collect", "by-hand"), ("--graph-url", "ftp://x", "--auth", "token")])
def test_usage(mfaaudit, arguments):
    assert mfaaudit("forecast", *arguments).code == 2


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 s"),
        (119.5, "2 min"),
        (80, "80 s"),
        (121, "3 min"),
        (7_199, "2 h 0 min"),
        (12_000, "3 h 20 min"),
        (400_000, "4 d 15 h"),
    ],
)
def test_a_duration_is_rounded_up_and_short(seconds, words):
    assert duration(seconds) == words


@pytest.mark.parametrize(("count", "words"), [(44_800, "45 kB"), (137_000_000, "137 MB"), (1_530_000_000, "1.5 GB")])
def test_a_size_is_short(count, words):
    assert size(count) == words
