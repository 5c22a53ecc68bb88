"""Builds the organisation: the same number of users, seed and mood always give the same people."""

from __future__ import annotations

import random
import unicodedata
import uuid
from datetime import datetime, timedelta

from mfaaudit.simulated import newer_methods
from mfaaudit.simulated.account import Account
from mfaaudit.simulated.agents import give_agents
from mfaaudit.simulated.kinds_of_guests import spread_kinds
from mfaaudit.simulated.mood import Mood
from mfaaudit.simulated.names import (
    DEPARTMENTS,
    DOMAIN,
    FAMILY,
    GIVEN,
    INITIAL_DOMAIN,
    OFFICES,
    OTHER_SCRIPTS,
    PARTNERS,
)
from mfaaudit.simulated.roles import (
    DIRECTORY_SYNCHRONIZATION,
    GLOBAL_ADMINISTRATOR,
    HELPDESK,
    ON_PREMISES_SYNC,
    READER,
    ROLES,
    SYNCHRONIZATION,
)

METHOD_SETS: tuple[tuple[tuple[str, ...], str | None, int], ...] = (
    (("microsoftAuthenticatorPush", "mobilePhone"), "push", 34),
    (("microsoftAuthenticatorPush", "softwareOneTimePasscode"), "push", 20),
    (("microsoftAuthenticatorPush", "windowsHelloForBusiness", "mobilePhone"), "push", 12),
    (("passKeyDeviceBoundAuthenticator", "microsoftAuthenticatorPush"), "push", 6),
    (("fido2SecurityKey", "windowsHelloForBusiness"), None, 5),
    (("softwareOneTimePasscode", "email"), "oath", 5),
    (("mobilePhone", "email"), "sms", 9),
    (("mobilePhone",), "voiceMobile", 4),
    (("hardwareOneTimePasscode",), "oath", 2),
    (("microsoftAuthenticatorPush", "email", "securityQuestion"), "push", 3),
)
"""Methods, the preference that goes with them, and how many of a hundred registered people have them."""


class Builder:
    """Makes accounts one after another from one stream of random numbers."""

    def __init__(self, seed: int, mood: Mood, now: datetime) -> None:
        self.random = random.Random(f"mfaaudit {seed}")  # noqa: S311 - a seeded play, not a secret
        self.mood = mood
        self.now = now
        self._taken: dict[str, int] = {}
        self._departments = [entry for entry in DEPARTMENTS for _ in range(entry[1])]
        sets = METHOD_SETS + newer_methods.METHOD_SETS if mood.newer_methods else METHOD_SETS
        self._methods = [entry for entry in sets for _ in range(entry[2])]

    def people(self, count: int) -> list[Account]:
        """The whole directory, in the order in which it lists itself."""
        fixed = [self.break_glass(1), self.break_glass(2), self.sync_account()]
        accounts = fixed[: max(0, min(count, 3))]
        while len(accounts) < count:
            accounts.append(self._next(len(accounts)))
        if self.mood.agents:
            give_agents(accounts)
        self._give_roles(accounts)
        for account in accounts:
            if not account.agent_of:
                self.give_state(account)
        if self.mood.kinds_of_guests:
            spread_kinds(accounts)
        # A directory lists by no order that a person would see.
        self.random.shuffle(accounts)
        return accounts

    def _next(self, number: int) -> Account:
        draw = self.random.random()
        if draw < 0.08:
            return self.guest()
        if draw < 0.10:
            return self.service(number)
        if draw < 0.125:
            return self.shared_mailbox(number)
        person = self.person()
        if draw > 0.945:
            person.enabled = False
            person.in_report = False
        return person

    def guid(self) -> str:
        """An object id."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def _base(self, name: str, upn: str, *, days: int | None = None, synced: bool | None = None) -> Account:
        age = self.random.randint(20, 3200) if days is None else days
        created = self.now - timedelta(days=age, seconds=self.random.randint(0, 86_000))
        return Account(
            id=self.guid(),
            display_name=name,
            user_principal_name=upn,
            enabled=True,
            user_type="Member",
            created=created,
            synced=synced,
            department=None,
            job_title=None,
            office=None,
        )

    def person(self) -> Account:
        """An employee."""
        given, family = self.random.choice(GIVEN), self.random.choice(FAMILY)
        recent = self.random.random() < 0.02
        account = self._base(
            f"{given} {family}",
            f"{self._local(given, family)}@{DOMAIN}",
            days=self.random.randint(1, 12) if recent else None,
            synced=True if self.random.random() < 0.7 else None,
        )
        if self.random.random() < 0.01:
            account.display_name = self.random.choice(OTHER_SCRIPTS)
        department = self.random.choice(self._departments)
        account.department = department[0]
        account.job_title = self.random.choice(department[2])
        account.office = self.random.choice(OFFICES)
        self.give_methods(account, none=0.01 if not self.mood.messy else 0.07)
        return account

    def guest(self) -> Account:
        """Somebody of another organisation."""
        given, family = self.random.choice(GIVEN), self.random.choice(FAMILY)
        local = f"{self._local(given, family)}_{self.random.choice(PARTNERS)}"
        account = self._base(f"{given} {family}", f"{local}#EXT#@{INITIAL_DOMAIN}")
        account.user_type = "Guest"
        account.creation, account.invitation = "Invitation", "Accepted"
        account.identities = (("federated", "ExternalAzureAD"), ("userPrincipalName", INITIAL_DOMAIN))
        self.give_methods(account, none=0.6)
        return account

    def service(self, number: int) -> Account:
        """An account that a program signs in with."""
        purpose = self.random.choice(("backup", "scanner", "erp", "reporting", "gate-kiosk"))
        account = self._base(f"Service {purpose} {number}", f"svc-{purpose}-{number}@{DOMAIN}")
        account.department = "Information Technology"
        if not self.mood.messy:
            self.give_methods(account, none=0.0)
        return account

    def shared_mailbox(self, number: int) -> Account:
        """A mailbox or a room that nobody should sign in to."""
        kind = self.random.choice(("Room", "Mailbox"))
        account = self._base(f"{kind} {number}", f"{kind.lower()}{number}@{DOMAIN}")
        account.enabled = self.mood.messy and self.random.random() < 0.15
        account.in_report = account.enabled
        return account

    def break_glass(self, number: int) -> Account:
        """An emergency account: cloud-only, with a security key, and a global administrator."""
        account = self._base(f"Emergency access {number}", f"emergency{number}@{INITIAL_DOMAIN}", days=900)
        account.methods, account.capable = ("fido2SecurityKey",), True
        account.roles = (GLOBAL_ADMINISTRATOR,)
        return account

    def sync_account(self) -> Account:
        """The account that brings the users from on-premises."""
        account = self._base(
            "On-Premises Directory Synchronization Service Account", f"Sync_NH-DC01_5f2b@{INITIAL_DOMAIN}", days=2100
        )
        account.roles = (ON_PREMISES_SYNC if self.mood.newer_sync else DIRECTORY_SYNCHRONIZATION,)
        if not self.mood.messy:
            account.methods, account.capable = ("softwareOneTimePasscode",), True
        return account

    def _local(self, given: str, family: str) -> str:
        plain = unicodedata.normalize("NFKD", f"{given}.{family}".replace("ı", "i").replace("ł", "l").replace("ø", "o"))
        name = "".join(sign for sign in plain.lower() if sign.isascii() and (sign.isalnum() or sign == "."))
        number = self._taken.get(name, 0)
        self._taken[name] = number + 1
        return name if number == 0 else f"{name}{number + 1}"

    def give_methods(self, account: Account, *, none: float) -> None:
        """What somebody has registered: nothing, of that share of people."""
        if self.random.random() < none:
            return
        account.methods, account.preferred, _ = self.random.choice(self._methods)
        strong = any(not name.startswith(("mobile", "email")) for name in account.methods)
        # The messy tenant has switched text messages off and left people behind who have nothing else.
        account.capable = strong or not self.mood.messy or self.random.random() < 0.6

    def _give_roles(self, accounts: list[Account]) -> None:
        staff = [one for one in accounts if one.department == "Information Technology" and one.enabled]
        for account, role in zip(staff, [role for role in ROLES if role not in SYNCHRONIZATION], strict=False):
            account.roles = (role,)
        for account in staff[len(ROLES) - 1 : len(ROLES) + 3]:
            account.group_roles = (HELPDESK,)
        guests = [one for one in accounts if one.user_type == "Guest" and one.enabled]
        if self.mood.messy and guests:
            guests[0].roles = (READER,)

    def give_state(self, account: Account) -> None:
        """The per-user state, and whether system-preferred MFA is on."""
        draw = self.random.random()
        if account.user_type == "Guest":
            account.state = "enforced" if account.is_admin and not self.mood.messy else "disabled"
        elif self.mood.managed:
            account.state = _left_over(account, draw)
            account.system_preferred = draw > 0.11
        elif self.mood.messy:
            account.state = (
                "disabled" if draw < 0.16 or not account.enabled else "enabled" if draw < 0.24 else "enforced"
            )
            account.system_preferred = draw > 0.11
        elif not account.enabled:
            account.state = "disabled"
        else:
            account.state = "enforced" if account.registered else "enabled"
        if account.is_admin and not self.mood.messy:
            account.state = "enforced"


def _left_over(account: Account, draw: float) -> str:
    # Whoever moved to Conditional Access disabled per-user MFA for people, and forgot programs and late comers.
    if not account.enabled or account.department is None:
        return "disabled"
    if account.user_principal_name.startswith("svc-"):
        return "enforced" if draw < 0.5 else "disabled"
    if not account.registered:
        return "enabled" if draw < 0.4 else "disabled"
    return "enforced" if draw < 0.06 else "disabled"
