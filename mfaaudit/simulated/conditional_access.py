"""Conditional Access policies: whom they name and leave out, and what they ask for."""

from __future__ import annotations

from itertools import islice
from typing import Any

from mfaaudit.simulated.directory import Directory
from mfaaudit.simulated.groups import DELETED, EXCLUSIONS, PILOT, group_id
from mfaaudit.simulated.managed_policies import managed_policies
from mfaaudit.simulated.new_words import new_words, some_guests
from mfaaudit.simulated.policy_edits import edit
from mfaaudit.simulated.policy_json import OLD_CLIENTS, make_policy, users_of
from mfaaudit.simulated.preview_policies import preview_policy
from mfaaudit.simulated.roles import GLOBAL_ADMINISTRATOR, ROLES

FINANCE = "c9a559d2-7aab-4f13-a6ed-e7e9c52aec87"


def policies(directory: Directory, *, beta: bool = False) -> list[dict[str, Any]]:
    """All of them, as they are now; v1.0 leaves out those with preview features."""
    made = _made(directory)
    made += new_words() if directory.mood.new_words else []
    made += [some_guests()] if directory.mood.kinds_of_guests else []
    if directory.mood.later_words:
        made.append(make_policy("1e", "CA011 Remediate user risk", "enabled", controls=["riskRemediation"]))
        made[-1]["conditions"]["userRiskLevels"] = ["high"]
        made[-1]["conditions"]["platforms"] = {"includePlatforms": ["linux"], "excludePlatforms": []}
    people = (one.id for one in directory.founders if one.roles and one.department)
    edit(made, directory.quarter, directory.made, list(islice(people, 1)))
    if not beta or not directory.mood.previews:
        return made
    preview = preview_policy()
    if directory.mood.hidden_groups:
        users_of(preview)["excludeGroups"] = [group_id(directory.seed, EXCLUSIONS)]
    return [*made, preview]


def _made(directory: Directory) -> list[dict[str, Any]]:
    """Policies that look like protection; in the tidy organisation the one that per-user MFA leaves to do."""
    exclusions, pilot, deleted = (group_id(directory.seed, name) for name in (EXCLUSIONS, PILOT, DELETED))
    old = make_policy("0d", "Block legacy clients", "enabled", controls=["block"], clients=OLD_CLIENTS)
    users_of(old)["excludeGroups"] = [exclusions]
    glass = sorted(directory.groups[exclusions].users)
    if directory.mood.managed:
        return managed_policies(glass=glass, exclusions=exclusions, deleted=deleted, old=old)
    if not directory.mood.messy:
        return [old]
    made = [
        make_policy("0a", "MFA for all users (pilot)", "enabledForReportingButNotEnforced"),
        make_policy("0b", "MFA for administrators", "enabled", everybody=False),
        make_policy("0c", "MFA outside the office", "enabled", locations=True),
        old,
        make_policy("0e", "MFA for the finance system", "disabled", applications=[FINANCE]),
        make_policy("0f", "MFA for the pilot", "enabled", everybody=False),
    ]
    users_of(made[0]).update(excludeUsers=glass, excludeGroups=[exclusions])
    users_of(made[1]).update(includeRoles=[GLOBAL_ADMINISTRATOR, *list(ROLES)[2:6]], excludeGroups=[exclusions])
    # A policy goes on naming a group that was deleted.
    users_of(made[2]).update(excludeUsers=glass[:1], excludeGroups=[deleted, exclusions])
    users_of(made[5]).update(includeGroups=[pilot, deleted])
    return made
