"""Where a person finds the page of one user in the Microsoft Entra admin center, in each cloud."""

from __future__ import annotations

from collections.abc import Mapping

from mfaaudit.reports.document import Column
from mfaaudit.reports.material import Material

CENTERS: Mapping[str, str] = {
    "global": "https://entra.microsoft.com",
    "usgov": "https://entra.microsoft.us",
    # The Department of Defense signs in where the rest of the US Government does.
    "dod": "https://entra.microsoft.us",
    "china": "https://entra.microsoftonline.cn",
}
"""The admin center of each cloud, as the Microsoft Entra FAQ lists the addresses to let through a proxy."""
USER = "/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/{}"


def user_link(cloud: str) -> str:
    """The address with `{}` for the object id; empty for a cloud whose address is not known."""
    center = CENTERS.get(cloud)
    return "" if center is None else center + USER


def id_column(material: Material, *, on_paper: bool = True) -> Column:
    """The column of the object ids of users, each of which leads to the user's page."""
    return Column(
        key="userId", title="Object id", width=38, on_paper=on_paper, link=user_link(material.snapshot.run.cloud)
    )
