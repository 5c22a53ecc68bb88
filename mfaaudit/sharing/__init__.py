"""Copies of the reports that may be passed on: what each person may see, and nothing else."""
