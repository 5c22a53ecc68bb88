"""Groups of so few users that a number about one would be a number about a person."""

from __future__ import annotations

from collections.abc import Mapping

FEWEST = 5
"""Users of a group that is named."""


def too_small(sizes: Mapping[str, int]) -> frozenset[str]:
    """The groups that stand together, by name; where they are few even so, the smallest of the others go with them."""
    together, found = 0, set()
    for name, users in sorted(sizes.items(), key=lambda one: (one[1], one[0])):
        if users < FEWEST or 0 < together < FEWEST:
            together += users
            found.add(name)
    return frozenset(found)
