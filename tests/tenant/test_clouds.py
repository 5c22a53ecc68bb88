"""Each cloud has its own Graph and its own authority, as Microsoft's deployments page lists them."""

import pytest

from mfaaudit.cli.options import CLOUDS as CHOICES
from mfaaudit.tenant.clouds import CLOUDS
from mfaaudit.tenant.sign_in import scopes_for

DEPLOYMENTS = {
    "global": ("https://graph.microsoft.com", "https://login.microsoftonline.com"),
    "usgov": ("https://graph.microsoft.us", "https://login.microsoftonline.us"),
    "dod": ("https://dod-graph.microsoft.us", "https://login.microsoftonline.us"),
    "china": ("https://microsoftgraph.chinacloudapi.cn", "https://login.chinacloudapi.cn"),
}


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_a_cloud_leads_to_its_own_graph_and_its_own_authority(name):
    cloud = CLOUDS[name]

    assert (cloud.graph, cloud.authority) == DEPLOYMENTS[name]


@pytest.mark.parametrize(("name", "graph"), [(name, graph) for name, (graph, _) in DEPLOYMENTS.items()])
def test_a_token_is_asked_for_the_graph_of_its_cloud_and_no_other(name, graph):
    cloud = CLOUDS[name]

    assert cloud.scope == f"{graph}/.default"
    assert all(scope.startswith(f"{graph}/") for scope in scopes_for("browser", cloud))


def test_no_two_clouds_share_a_graph():
    assert len({cloud.graph for cloud in CLOUDS.values()}) == len(CLOUDS)


def test_the_command_line_offers_exactly_the_clouds_that_exist():
    assert set(CHOICES) == set(CLOUDS) == set(DEPLOYMENTS)
    assert all(cloud.name == name for name, cloud in CLOUDS.items())
