"""Every cloud that can be audited has an admin center, and a cloud that nobody knows has no link."""

import pytest

from mfaaudit.reports.entra_links import CENTERS, user_link
from mfaaudit.tenant.clouds import CLOUDS


def test_every_cloud_has_an_address():
    assert set(CENTERS) == set(CLOUDS)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_object_id_goes_into_the_address(cloud):
    link = user_link(cloud)

    assert link.startswith("https://entra.microsoft")
    assert link.count("{}") == 1
    assert link.format("an-id").endswith("/userId/an-id")


def test_of_a_cloud_that_is_not_known_there_is_no_link():
    assert user_link("elsewhere") == ""
