"""The four clouds: where Graph is, and who issues its tokens (national cloud deployments page)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """One cloud; a token of one is worth nothing in another."""

    name: str
    graph: str
    authority: str

    @property
    def scope(self) -> str:
        """All permissions that have been granted to the application."""
        return f"{self.graph}/.default"


CLOUDS = {
    cloud.name: cloud
    for cloud in (
        Cloud(name="global", graph="https://graph.microsoft.com", authority="https://login.microsoftonline.com"),
        Cloud(name="usgov", graph="https://graph.microsoft.us", authority="https://login.microsoftonline.us"),
        Cloud(name="dod", graph="https://dod-graph.microsoft.us", authority="https://login.microsoftonline.us"),
        Cloud(
            name="china",
            graph="https://microsoftgraph.chinacloudapi.cn",
            authority="https://login.chinacloudapi.cn",
        ),
    )
}
