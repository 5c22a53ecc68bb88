"""Programs that a test looks through; without one it is skipped, or fails where everything has to be there."""

import os
import shutil

import pytest

NEEDED = "MFAAUDIT_NEED_BROWSERS"


def program(*names):
    """The path of the first that is installed."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get(NEEDED) == "1":
            pytest.fail(f"{names[0]} is not installed, and {NEEDED}=1 says that it must be")
        pytest.skip(f"{names[0]} is not installed: this looks at the report through it")
    return found
