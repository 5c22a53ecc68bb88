"""Polars with one thread in this process: small frames are slower with more, and the workers share the cores.

Programs that a test starts, and every test with MFAAUDIT_DEEP=1, have as many threads as the machine has cores.
"""

import os

from depth import DEEP

if not DEEP:
    os.environ["POLARS_MAX_THREADS"] = "1"

import polars as pl

if not DEEP:
    assert pl.thread_pool_size() == 1, "something has imported polars before"
    del os.environ["POLARS_MAX_THREADS"]
