"""What to do about findings: a user once for each cure, with the rules that it cures."""

from mfaaudit.actions.action import Action, Change, Who
from mfaaudit.actions.catalogue import Catalogue, check_actions, shipped_catalogue
from mfaaudit.actions.due import DAYS
from mfaaudit.actions.plan import NO_PLAN, Plan, State, Step, plan_of

__all__ = [
    "DAYS",
    "NO_PLAN",
    "Action",
    "Catalogue",
    "Change",
    "Plan",
    "State",
    "Step",
    "Who",
    "check_actions",
    "plan_of",
    "shipped_catalogue",
]
