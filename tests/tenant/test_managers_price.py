"""What reading managers costs, said before it is read."""

import pytest

from mfaaudit.tenant.cost import Known, lines_for, lines_of_option
from mfaaudit.tenant.price import price_of, prices_for


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"users": 100_000}, "adds 1,000 requests, one after another."),
        ({"users": 101}, "adds 2 requests, one after another."),
        ({"users": 100}, "adds 1 request."),
        ({"users": 0}, "adds 1 request."),
        ({}, "adds a request for every 100 users, one after another."),
    ],
)
def test_the_price_in_a_sentence(given, sentence):
    assert price_of("managers", **given) == f"--with-managers {sentence}"


def test_a_hundred_users_are_a_request_of_two_units_and_the_quota_is_that_of_the_users():
    known = Known(users=100_000)

    (line,) = lines_of_option("managers", known)
    assert (line.source, line.bucket, line.requests, line.units, line.at_least) == (
        "managers",
        "identity",
        1_000,
        2_000,
        False,
    )
    (price,) = [one for one in prices_for(known) if one.option == "managers"]
    assert (price.requests, price.units, price.seconds) == (1_000, 2_000, 2.5)


@pytest.mark.parametrize("way", ["per-user", "verified-bulk"])
def test_nobody_pays_for_what_was_not_asked_for(way):
    assert "managers" not in {line.source for line in lines_for(Known(users=10), way)}
