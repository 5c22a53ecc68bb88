"""A refusal, and that it comes soon."""

import time

import pytest

from mfaaudit.errors import PolicyProblem

PATIENCE_S = 5
"""Of processor time, where the fault would be minutes."""


def refused(read):
    began = time.process_time()
    with pytest.raises(PolicyProblem) as caught:
        read()
    assert time.process_time() - began < PATIENCE_S
    assert len(str(caught.value)) + len(caught.value.hint) < 2_000
    assert "\n" not in str(caught.value)
    return caught.value
