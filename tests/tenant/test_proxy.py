"""Which proxy leads where: the variables as curl reads them, errors that name the variable, and never for loopback."""

import pytest

from mfaaudit.errors import UsageProblem
from mfaaudit.tenant.proxy import proxy_for

GRAPH = "https://graph.microsoft.com/v1.0/users"
PROXY = "http://proxy.example:3128"
SECRET = "s3cr3t"


def found(url=GRAPH, **environment):
    return proxy_for(url, environment)


def without(no_proxy, url=GRAPH):
    """Whether NO_PROXY takes an address out; by either spelling of the variable."""
    upper, lower = (found(url, HTTPS_PROXY=PROXY, **{name: no_proxy}) for name in ("NO_PROXY", "no_proxy"))
    assert upper == lower
    return upper is None


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
def test_each_variable_names_the_proxy(variable):
    assert found(**{variable: PROXY}).url == PROXY
    assert found(**{variable: PROXY}).variable == variable


def test_the_scheme_comes_before_all_and_lower_case_before_upper():
    assert found(HTTPS_PROXY=PROXY, ALL_PROXY="http://other.example:1").url == PROXY
    assert found(https_proxy=PROXY, HTTPS_PROXY="http://other.example:1").url == PROXY
    # As for Python and its clients: a variable that is set to nothing switches the proxy off.
    assert found(https_proxy="", HTTPS_PROXY=PROXY) is None
    assert found(HTTP_PROXY=PROXY) is None
    assert found() is None


@pytest.mark.parametrize(
    ("value", "url", "credentials"),
    [
        ("proxy.example:3128", "http://proxy.example:3128", None),
        ("http://proxy.example", "http://proxy.example:80", None),
        ("https://proxy.example/", "https://proxy.example:443", None),
        (" http://[fd00::1]:8080 ", "http://[fd00::1]:8080", None),
        ("http://u%40d:p%23%3A@proxy.example:1", "http://proxy.example:1", ("u@d", "p#:")),
        ("http://user@proxy.example:1", "http://proxy.example:1", ("user", "")),
    ],
)
def test_what_a_variable_may_hold(value, url, credentials):
    proxy = found(HTTPS_PROXY=value)
    assert (proxy.url, proxy.credentials) == (url, credentials)
    assert "p#" not in repr(proxy)


@pytest.mark.parametrize(
    "value",
    [
        f"http://user:{SECRET}@proxy.example:port",
        f"http://user:{SECRET}@proxy.example:70000",
        f"http://user:{SECRET}#1@proxy.example:3128",
        f"http://user:{SECRET}/1@proxy.example:3128",
        f"http://user:{SECRET}@[fd00::1",
        f"http://user:{SECRET}@:3128",
        f"ftp://user:{SECRET}@proxy.example:21",
        f"socks5://user:{SECRET}@proxy.example:1080",
        f"socks5h://user:{SECRET}@proxy.example:1080",
        f"not an address {SECRET}",
        f"http://user:{SECRET}@pro xy.example:1",
        f"://{SECRET}",
    ],
)
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "all_proxy"])
def test_what_is_no_proxy_is_an_error_that_names_the_variable_and_no_secret(variable, value):
    with pytest.raises(UsageProblem) as problem:
        found(**{variable: value})

    assert variable in str(problem.value)
    assert SECRET not in f"{problem.value} {problem.value.hint}"
    # Nor does a traceback show it, as --verbose would.
    assert problem.value.__cause__ is None
    assert problem.value.__suppress_context__ or problem.value.__context__ is None


@pytest.mark.parametrize(
    "no_proxy",
    [
        "*",
        "graph.microsoft.com",
        "GRAPH.Microsoft.com",
        ".microsoft.com",
        "microsoft.com",
        "*.microsoft.com",
        "microsoft.com.",
        ".com",
        "graph.*.com",
        "graph.microsoft.com:443",
        "microsoft.com:443",
        "one.example,graph.microsoft.com",
        "one.example graph.microsoft.com",
        "one.example , ,, \t graph.microsoft.com ,",
        "10.0.0.0/8,fe80::/10,microsoft.com",
        "[::1],*",
    ],
)
def test_what_excludes_a_host(no_proxy):
    assert without(no_proxy)
    assert without(no_proxy, "https://graph.microsoft.com./v1.0")


@pytest.mark.parametrize(
    "no_proxy",
    [
        "",
        " , ,",
        "raph.microsoft.com",
        "soft.com",
        "graph.microsoft.com.evil.example",
        "graph.microsoft.com:80",
        "10.0.0.0/8,fe80::/10",
        "10.0.0.0/8, fe80::/10",
        "[::1]",
        "::1",
        "[::1]:8080",
        "[fe80::]/10",
        "::1,127.0.0.1,localhost,.local",
        "127.0.0.*",
        "fe80::1%eth0",
    ],
)
def test_what_does_not(no_proxy):
    assert not without(no_proxy)


@pytest.mark.parametrize(
    ("no_proxy", "host", "out"),
    [
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("10.9.9.9/8", "10.1.2.3", True),
        ("10.1.2.3", "10.1.2.3", True),
        ("10.1.2.3:8443", "10.1.2.3:8443", True),
        ("10.1.2.3:8443", "10.1.2.3", False),
        ("10.1.2.*", "10.1.2.3", True),
        (".2.3", "10.1.2.3", False),
        ("2.3", "10.1.2.3", False),
        ("fd00::/8", "[fd00::1]", True),
        ("[fd00::]/8", "[fd00::1]", True),
        ("fd00::1", "[fd00:0:0::1]", True),
        ("[fd00::1]", "[fd00::1]", True),
        ("[fd00::1]:8443", "[fd00::1]:8443", True),
        ("[fd00::1]:8443", "[fd00::1]", False),
        ("10.0.0.0/8", "[::ffff:10.1.2.3]", True),
        ("10.0.0.0/8", "host.example", False),
    ],
)
def test_addresses_and_networks(no_proxy, host, out):
    assert without(no_proxy, f"https://{host}/v1.0") == out


@pytest.mark.parametrize(
    "entry",
    ["10.0.0.0/99", "fe80::/129", "host/24", "[::1", "::1]", "[host]", "host:port", "host:0", "host:70000", "a:b:c",
     ".", "https://host", "<local>", "[::1]x", "host:"],
)  # fmt: skip
def test_an_entry_that_cannot_be_used_is_an_error_that_names_it(entry):
    for no_proxy in (entry, f"microsoft.com,{entry}", f"{entry} *"):
        with pytest.raises(UsageProblem) as problem:
            without(no_proxy)
        assert f"NO_PROXY contains {entry!r}, which cannot be used: " in str(problem.value)
        assert problem.value.hint


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST", "localhost.", "graph.localhost", "127.0.0.1", "127.9.8.7", "[::1]", "[::ffff:127.0.0.1]",
     "169.254.169.254", "169.254.8.1", "[fe80::1]"],
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_this_machine_and_its_identity_service_are_never_reached_by_a_proxy(scheme, host):
    every = {f"{name}_PROXY": PROXY for name in ("HTTP", "HTTPS", "ALL")}
    every |= {name.lower(): value for name, value in every.items()}

    assert proxy_for(f"{scheme}://{host}:8080/metadata", every | {"NO_PROXY": ""}) is None
    # Not even an error: what names a proxy is of no interest here.
    assert proxy_for(f"{scheme}://{host}/", {"HTTP_PROXY": "nonsense ", "HTTPS_PROXY": "://", "NO_PROXY": "["}) is None


@pytest.mark.parametrize(
    "name", ["IDENTITY_ENDPOINT", "IMDS_ENDPOINT", "MSI_ENDPOINT", "AZURE_POD_IDENTITY_AUTHORITY_HOST"]
)
def test_the_identity_endpoint_that_a_platform_names_is_reached_directly(name):
    url = "http://10.0.0.4:2377/metadata/identity/oauth2/token"
    every = {"HTTP_PROXY": PROXY, "ALL_PROXY": PROXY}

    assert proxy_for(url, every | {name: url}) is None
    assert proxy_for(url, every | {name: "http://["}) is not None


def test_hosts_that_only_look_like_this_machine_are_others():
    for host in ("localhost.example", "127.0.0.1.example", "notlocalhost", "128.0.0.1"):
        assert proxy_for(f"https://{host}/", {"ALL_PROXY": PROXY}) is not None


def test_the_setting_of_the_system_counts_where_no_variable_names_a_proxy(monkeypatch):
    monkeypatch.setattr("urllib.request.getproxies_environment", dict)
    monkeypatch.setattr("urllib.request.getproxies", lambda: {"https": PROXY})
    monkeypatch.setattr("urllib.request.proxy_bypass", lambda host: host.endswith(".internal"))

    assert found().url == PROXY
    assert found("https://a.internal/") is None
    assert found(HTTPS_PROXY="http://other.example:1").url == "http://other.example:1"
