"""How many examples Hypothesis draws: few, and the same ones every time; or with MFAAUDIT_DEEP=1 many, and others."""

import os

from hypothesis import HealthCheck, settings

DEEP = os.environ.get("MFAAUDIT_DEEP") == "1"
TIMES = 10

# A machine that has other work to do is no reason for a test to fail.
UNHURRIED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("quick", max_examples=100, derandomize=True, database=None, **UNHURRIED)
settings.register_profile("deep", max_examples=100 * TIMES, print_blob=True, **UNHURRIED)
settings.load_profile("deep" if DEEP else "quick")


def examples(count, **more):
    """So many examples for everyday use, and ten times as many for a deep look."""
    return settings(max_examples=count * TIMES if DEEP else count, **more)
