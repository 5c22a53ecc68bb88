"""Speaks Graph: knows addresses and status codes, knows no rule."""
