"""A failed read has one reason, taken from status and code, never from the words of the message."""

import pytest

from mfaaudit.evidence.response import error_code, reason_of
from mfaaudit.sources import BY_NAME
from mfaaudit.words import Reason

PREMIUM = {"error": {"code": "Authentication_RequestFromNonPremiumTenantOrB2CTenant", "message": "no permission"}}


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (403, PREMIUM, Reason.NO_LICENSE),
        (403, {"error": {"code": "accessDenied", "message": "premium license needed"}}, Reason.NO_PERMISSION),
        (403, {"error": {"code": ""}}, Reason.NO_PERMISSION),
        (403, None, Reason.NO_PERMISSION),
        (401, {"error": {"code": "InvalidAuthenticationToken"}}, Reason.NO_PERMISSION),
        (404, {"error": {"code": "Request_ResourceNotFound"}}, Reason.NOT_FOUND),
        (429, None, Reason.THROTTLED),
        (500, None, Reason.SERVER_ERROR),
        (424, None, Reason.SERVER_ERROR),
        (400, None, Reason.SERVER_ERROR),
        (200, None, Reason.SERVER_ERROR),
    ],
)
def test_reasons(status, body, reason):
    assert reason_of(status, body) == reason


def test_no_answer_in_time_is_told_from_no_answer_at_all():
    assert reason_of(0, None, problem="ReadTimeout: ") == Reason.TIMEOUT
    assert reason_of(0, None, problem="ConnectError: refused") == Reason.SERVER_ERROR


def test_a_report_that_a_national_cloud_lacks_is_not_a_missing_user():
    source = BY_NAME["getMetricsForMfaSignInFailure"]

    assert reason_of(404, None, source=source) == Reason.CLOUD_UNSUPPORTED


@pytest.mark.parametrize("body", [None, [], {}, {"error": None}, {"error": "x"}, {"error": {"code": 5}}])
def test_an_odd_error_has_no_code(body):
    assert error_code(body) == ""
