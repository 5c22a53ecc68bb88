"""Whether MFA that an account has done in its home tenant counts here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mfaaudit.facts.given import Fact, Given
from mfaaudit.sources.field import STRANGE, Field, Kind, Value
from mfaaudit.words import Unknown

FIELD = Field(name="derived.isMfaTrustedFromHome", title="MFA trusted from the home tenant", kind=Kind.BOOLEAN)

DEFAULT, PARTNERS = "crossTenantAccessPolicyDefault", "crossTenantAccessPolicyPartners"
FOREIGN = "#ext#"
"""In lower case: part of the user principal name of an account whose home is another tenant."""

Truth = bool | Unknown


def mfa_trusted_from_home(given: Given) -> Sequence[Value | Unknown]:
    """For a guest, what the tenant accepts; false for an account from here, which has no other home.

    Which tenant is a guest's home is not read. Where the settings of partners differ from the default or among each
    other, it is unknown for every guest.
    """
    accepted = _accepted(given)
    if accepted is False:
        return [False] * len(given.user_ids)
    people = zip(given.column("user.userType"), given.column("user.userPrincipalName"), strict=True)
    return [_of_account(is_guest(kind, name), accepted) for kind, name in people]


def is_guest(user_type: Value | Unknown, name: Value | Unknown) -> Truth:
    """Whether an account is a guest by its type, or by a name that says that its home is another tenant."""
    if user_type == "Guest" or (not isinstance(name, Unknown) and FOREIGN in str(name).lower()):
        return True
    return next((one for one in (user_type, name) if isinstance(one, Unknown)), False)


def _of_account(guest: Truth, accepted: Truth) -> Truth:
    return accepted if guest is True else guest


def _accepted(given: Given) -> Truth:
    """What holds for every tenant that a guest may come from."""
    found = list(_settings(given))
    gap = next((one for one in found if isinstance(one, Unknown)), None)
    if gap is not None:
        return gap
    return found[0] if len(set(found)) == 1 else STRANGE


def _settings(given: Given) -> Iterator[Truth]:
    default, partners = given.objects(DEFAULT), given.objects(PARTNERS)
    yield default if isinstance(default, Unknown) else _is_accepted(default[-1])
    if isinstance(partners, Unknown):
        yield partners
        return
    for partner in partners:
        # What is null there follows the default.
        if partner.get("inboundTrust", STRANGE) is not None:
            yield _is_accepted(partner)


def _is_accepted(settings: Mapping[str, Any]) -> Truth:
    trust = settings.get("inboundTrust")
    accepted = trust.get("isMfaAccepted") if isinstance(trust, dict) else None
    return accepted if isinstance(accepted, bool) else STRANGE


FACT = Fact(field=FIELD, source=DEFAULT, also=(PARTNERS,), of_user=mfa_trusted_from_home)
