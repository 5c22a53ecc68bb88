"""`python -m mfaaudit`."""

from mfaaudit.cli import run

run()
