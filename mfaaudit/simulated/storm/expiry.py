"""Links that run out in the storm: one of each long list, once; whoever begins that list again gets through."""

from __future__ import annotations

REPORT = "/reports/authenticationmethods/userregistrationdetails"
ASSIGNMENTS = "/rolemanagement/directory/roleassignments"

PAGE_THAT_RUNS_OUT = {"/users": 2, REPORT: 1, ASSIGNMENTS: 1}
"""By path: the first page is number 0."""
LARGEST_PAGE_OF_ASSIGNMENTS = 8
"""So that there is another page in a tenant of any size."""


def runs_out(path: str, number: int, walk: int, struck: dict[str, int]) -> bool:
    """Whether the link to page `number` of a list is no longer good.

    The first walk that gets there is struck, and whenever it asks for that page again, too: `struck` keeps which one it
    was. A walk that began elsewhen has links of its own.
    """
    if number != PAGE_THAT_RUNS_OUT.get(path):
        return False
    return struck.setdefault(path, walk) == walk
