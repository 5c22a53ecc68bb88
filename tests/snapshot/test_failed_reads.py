"""A read that gave nothing is told with all that finds it again: both request-ids, and how often it was asked for."""

from dataclasses import replace

from evidence_by_hand import batch, page, refusal, user, write

from mfaaudit.snapshot import take

EVERYBODY = page("users", [user("a"), user("b")])
NO, DENIED = (503, "serviceNotAvailable"), (403, "Denied")


def failures(tmp_path, *answers):
    write(tmp_path / "evidence", *answers)
    return {(one.source, one.user_id): one for one in take(tmp_path / "evidence").failures}


def called(response, name):
    return replace(response, headers={**response.headers, "client-request-id": name})


def test_a_list_has_the_ids_and_the_attempt_of_its_last_answer(tmp_path):
    found = failures(
        tmp_path,
        EVERYBODY,
        called(refusal("roleDefinitions", 503), "ours-1"),
        called(refusal("roleDefinitions", 503, attempt=2), "ours-2"),
    )["roleDefinitions", ""]

    assert (found.request_id, found.client_request_id, found.attempts) == ("roleDefinitions-2", "ours-2", 2)


def test_a_read_of_a_user_counts_its_own_attempts_and_not_those_of_the_batch(tmp_path):
    both = {("requirements", "a"): NO, ("requirements", "b"): DENIED}
    again = called(batch({("requirements", "a"): NO}, attempt=2), "ours-2")
    last = called(batch({("requirements", "a"): NO, ("signInPreferences", "b"): DENIED}, attempt=3), "ours-3")
    found = failures(tmp_path, EVERYBODY, called(batch(both), "ours-1"), again, last)

    asked = {key: (one.client_request_id, one.attempts) for key, one in found.items() if key[1]}
    assert asked == {
        ("requirements", "a"): ("ours-3", 3),
        ("requirements", "b"): ("ours-1", 1),
        ("signInPreferences", "b"): ("ours-3", 1),
    }


def test_what_came_in_the_end_is_no_failure(tmp_path):
    well = batch({("requirements", "a"): {"perUserMfaState": "disabled"}}, attempt=2)

    assert ("requirements", "a") not in failures(tmp_path, EVERYBODY, batch({("requirements", "a"): NO}), well)
