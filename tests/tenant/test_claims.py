"""Who ran the audit comes from the token's claims, and the token goes no further."""

import base64
import json
import time

import pytest

from mfaaudit.tenant.claims import claims_of, identity_of
from mfaaudit.tenant.sign_in import GivenToken


def token(claims: object) -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'none'})}.{part(claims)}.c2ln"


def test_a_person():
    claims = {
        "tid": "t",
        "appid": "a",
        "oid": "o",
        "upn": "kim@x.example",
        "scp": "User.Read.All Policy.Read.All",
    }

    who = identity_of(claims_of(token(claims)), auth="browser")

    assert (who.kind, who.user_principal_name) == ("delegated", "kim@x.example")
    assert who.permissions == ("Policy.Read.All", "User.Read.All")


def test_an_application():
    who = identity_of(claims_of(token({"azp": "a", "roles": ["User.Read.All"]})), auth="secret")

    assert (who.kind, who.app_id, who.permissions) == ("application", "a", ("User.Read.All",))


@pytest.mark.parametrize(
    "opaque", ["", "opaque", "a.b", "a.b.c", "a.!!!.c", f"a.{base64.b64encode(b'[1]').decode()}.c"]
)
def test_a_token_that_cannot_be_read_names_nobody(opaque):
    who = identity_of(claims_of(opaque), auth="token")

    assert (who.kind, who.tenant_id, who.permissions) == ("unknown", "", ())


@pytest.mark.parametrize("end", ["1e400", "-1e400", "NaN", "9" * 5000, "1e308", "true", "-5", "[]", '"soon"', "null"])
def test_a_token_that_ends_at_no_time_is_taken_to_last_for_an_hour(end):
    claims = base64.urlsafe_b64encode(f'{{"exp": {end}, "upn": "\\ud800"}}'.encode()).decode().rstrip("=")
    given = GivenToken(f"e30.{claims}.x")

    assert abs(given.get_token().expires_on - time.time() - 3600) < 60
    assert identity_of(claims_of(f"e30.{claims}.x"), auth="token").user_principal_name == "\ufffdD800"


def test_a_token_whose_claims_are_nested_without_end_is_opaque():
    claims = base64.urlsafe_b64encode(b"[" * 100_000).decode().rstrip("=")

    assert claims_of(f"e30.{claims}.x") == {}
