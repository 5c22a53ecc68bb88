"""The user accounts of AI agents: listed with the users, without a password, a method or a row in the report."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Sequence

from mfaaudit.simulated.account import Account

AGENTS = 3


def give_agents(accounts: Sequence[Account]) -> None:
    """Turns some accounts of programs into those of agents (agentUser resource page)."""
    programs = (one for one in accounts if one.user_principal_name.startswith("svc-"))
    for account in itertools.islice(programs, AGENTS):
        account.display_name = f"Agent {account.display_name}"
        account.agent_of = str(uuid.uuid5(uuid.UUID(account.id), "agent identity"))
        account.methods, account.capable, account.preferred = (), False, None
        account.state = "disabled"
        account.in_report = False
        account.department = None
