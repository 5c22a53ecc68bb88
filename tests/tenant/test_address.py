"""The token goes to one service, and never in the clear over a network."""

import pytest

from mfaaudit.errors import UsageProblem
from mfaaudit.tenant.address import graph_root, same_service


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080",
        "http://localhost:1/",
        "http://[::1]:9",
        "https://graph.microsoft.com",
        "https://x.example/p",
    ],
)
def test_a_service_that_may_be_asked(url):
    assert graph_root(url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://graph.microsoft.com",
        "http://10.0.0.5",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example:80",
        "http://[::1",
        "http://127.0.0.1:99999",
        "https://graph.microsoft.com/?x=1",
        "https://graph.microsoft.com/#x",
        "ftp://127.0.0.1",
        "127.0.0.1:8080",
        "https://user:pw@graph.microsoft.com",
        "https://",
        "",
    ],
)
def test_a_service_that_may_not(url):
    with pytest.raises(UsageProblem) as problem:
        graph_root(url)

    assert problem.value.hint


@pytest.mark.parametrize(
    "link",
    [
        "https://graph.microsoft.com.evil.example/v1.0/users",
        "https://evil.example/v1.0/users",
        "http://graph.microsoft.com/v1.0/users",
        "https://graph.microsoft.com:444/v1.0/users",
        "https://graph.microsoft.com@evil.example/",
        "https://graph.microsoft.com\\@evil.example/",
        "https://user:pw@graph.microsoft.com/v1.0/users",
        "https://graph.microsoft.com:99999/v1.0/users",
        "https://[graph.microsoft.com/v1.0/users",
        "/v1.0/users",
        "//evil.example/",
        "",
    ],
)
def test_a_link_that_leads_elsewhere(link):
    assert not same_service("https://graph.microsoft.com", link)


@pytest.mark.parametrize(
    ("root", "link"),
    [
        ("https://graph.microsoft.com", "https://graph.microsoft.com/v1.0/users?$skiptoken=1"),
        ("https://graph.microsoft.com", "https://GRAPH.microsoft.com:443/v1.0/users"),
        ("https://proxy.example:443", "https://proxy.example/v1.0/users"),
        ("http://[::1]:8080", "http://[::1]:8080/v1.0/users"),
    ],
)
def test_a_link_that_leads_back(root, link):
    assert same_service(root, link)
