"""Finds the data that ships with the program: rule packs and templates, in a checkout or in a wheel."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable


def policies() -> Traversable:
    """The folder of shipped rule packs."""
    return _folder("policies", "policies")


def templates() -> Traversable:
    """The folder of the page's template, style and script."""
    return _folder("templates", "reports/templates")


def _folder(in_wheel: str, in_checkout: str) -> Traversable:
    package = files("mfaaudit")
    shipped = package.joinpath("_shipped", in_wheel)
    # In a checkout, installed editable or not, the data stands beside the package.
    return shipped if shipped.is_dir() else package.joinpath("..", *in_checkout.split("/"))
