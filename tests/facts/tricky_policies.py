"""Policies that are easily misread: who is really asked for MFA, and the page that says so. One entry, one tenant."""

from tricky_conditions import WHEN, WHERE
from tricky_grants import WHAT
from tricky_joins import JOINS
from tricky_tenants import TOGETHER
from tricky_users import WHO

CASES = [*WHO, *WHAT, *WHERE, *WHEN, *TOGETHER, *JOINS]
