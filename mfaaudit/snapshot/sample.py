"""Which users are drawn as a sample: by a seed, so that anybody can draw the same ones again.

If none of n users that were drawn at random differs, then at 95 % confidence at most 3/n of all of them do: the rule of
three (Hanley and Lippman-Hand, "If nothing goes wrong, is everything all right?", JAMA 249, 1983).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Collection
from hashlib import sha256

RULE_OF_THREE = 3
BOUND = 0.01
"""The share of users, from 0 to 1, that may differ unseen at 95 % confidence where no user of a sample differs."""
SIZE = math.ceil(RULE_OF_THREE / BOUND)
"""Users to draw from each stratum, whatever its size."""


def draw(seed: str, users: Collection[str], size: int = SIZE) -> list[str]:
    """The users with the smallest hashes of seed and object id: `size` of them, or all where there are no more.

    The order in which they are given does not matter, nor the case of their ids.
    """
    if len(users) <= size:
        return list(users)
    return heapq.nsmallest(size, users, key=lambda user: hash_of(seed, user))


def hash_of(seed: str, user: str) -> str:
    """The SHA-256 of the seed, a colon and an object id in lower case, in hexadecimal."""
    return sha256(f"{seed}:{user.lower()}".encode()).hexdigest()


def bound(verified: int) -> float:
    """The share, from 0 to 1, that may differ at 95 % confidence where none of so many users did; 1 for nobody."""
    return min(1.0, RULE_OF_THREE / verified) if verified else 1.0
