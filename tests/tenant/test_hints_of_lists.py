"""What is said of a list that could not be read fits a list, whatever the status."""

from datetime import UTC, datetime

import pytest

from mfaaudit.errors import Refused, Unreachable
from mfaaudit.evidence.response import NOT_PREMIUM, Response
from mfaaudit.reports.cures import meaning_of, what_to_do
from mfaaudit.sources import OF_ONE, SOURCES, organization, user_count, users
from mfaaudit.sources.source import Shape
from mfaaudit.tenant.organisation import cannot_do_without
from mfaaudit.words import Reason

LISTS = (organization.SOURCE, user_count.SOURCE, users.SOURCE)
STATUSES = {
    200: "proxy or a sign-in page",
    302: "proxy or a sign-in page",
    400: "did not understand the request",
    401: "sign in again",
    403: "Grant the permission",
    404: "no such list at this address: check --cloud, --tenant and --graph-url",
    405: "did not understand the request",
    407: "HTTPS_PROXY",
    410: "no such list at this address",
    414: "did not understand the request",
    429: "quieter hour",
    500: "request-id",
    503: "request-id",
    504: "request-id",
}


def answer(source, status, body=b'{"error": {"code": "x"}}', **changes):
    return Response(
        source=source.name, method="GET", url="", read_at=datetime.now(UTC), status=status, body=body, **changes
    )


@pytest.mark.parametrize("source", LISTS, ids=lambda source: source.name)
@pytest.mark.parametrize("status", STATUSES)
def test_each_status_has_a_hint_about_the_list(source, status):
    error = cannot_do_without(source, answer(source, status))

    assert isinstance(error, Refused)
    assert STATUSES[status] in error.hint
    assert "account was deleted" not in error.hint
    assert str(status) in error.message


def test_a_license_that_no_page_asks_for_is_named_as_such():
    body = f'{{"error": {{"code": "{NOT_PREMIUM}"}}}}'.encode()

    assert "no license" in cannot_do_without(users.SOURCE, answer(users.SOURCE, 403, body)).hint


def test_silence_and_a_walk_that_was_ended_here_have_hints_of_their_own():
    silent = cannot_do_without(users.SOURCE, answer(users.SOURCE, 0, b"", problem="ConnectError: x"))
    ended = cannot_do_without(users.SOURCE, answer(users.SOURCE, 0, b"", problem="the list goes on", attempt=0))

    assert isinstance(silent, Unreachable)
    assert "Check the network" in silent.hint
    assert "--resume" in ended.hint
    assert "proxy" in ended.hint


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_only_a_read_of_one_user_is_explained_by_a_deleted_account(source):
    said = f"{meaning_of(Reason.NOT_FOUND, source)} {what_to_do(Reason.NOT_FOUND, source)}"

    assert ("account was deleted" in said) == (source.shape is Shape.PER_USER)
    assert ("Look where it is still named" in said) == (source in OF_ONE)


@pytest.mark.parametrize("path", ["organization", "users"])
def test_an_audit_of_the_wrong_address_says_so(path, on):
    import httpx

    from mfaaudit.tenant.organisation import read_tenant

    with pytest.raises(Refused, match="Graph answered 404") as error:
        on(lambda _: httpx.Response(404, json={"error": {"code": "ResourceNotFound"}}), read_tenant)
    assert "check --cloud, --tenant" in error.value.hint


ODD = [5, "x", None, [], {}, True, [5], [None], {"name": "x"}]


@pytest.mark.parametrize("odd", ODD, ids=repr)
@pytest.mark.parametrize("name", ["id", "displayName", "verifiedDomains"])
def test_odd_values_of_the_tenant_are_left_out_or_say_that_it_does_not_name_itself(name, odd, on):
    import httpx

    from mfaaudit.tenant.organisation import read_tenant

    first = {"id": "t", "displayName": "T", "verifiedDomains": [{"name": "t.example", "isDefault": True}]}
    body = {"value": [first | {name: odd}]}
    if name == "id" and odd != "x":
        with pytest.raises(Refused, match="gave no usable answer"):
            on(lambda _: httpx.Response(200, json=body), read_tenant)
        return
    tenant = on(lambda _: httpx.Response(200, json=body), read_tenant)
    assert isinstance(tenant.name, str)
    assert name != "verifiedDomains" or tenant.domains == ()
