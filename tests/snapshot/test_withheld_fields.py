"""What an identity may not see of users is NO_PERMISSION: neither null nor absence says anything of them."""

from dataclasses import replace

from evidence_by_hand import NOBODY, page, user, write

from mfaaudit.snapshot import take
from mfaaudit.words import Reason


def test_null_is_no_value_where_the_permission_does_not_show_it(tmp_path):
    rows = [user("a"), {"id": "b", "displayName": "B", "userPrincipalName": "b@x.example"}]
    write(tmp_path, page("users", rows), identity=replace(NOBODY, permissions=("User.ReadBasic.All",)))

    users = take(tmp_path).users

    assert users["user_displayName"].to_list() == ["User a", "B"]
    # Null would mean "never synchronized" to whoever may read it.
    assert users["user_onPremisesSyncEnabled"].to_list() == users["user_accountEnabled"].to_list() == [None, None]
    assert set(users["user_onPremisesSyncEnabled_reason"].cast(str)) == {Reason.NO_PERMISSION.value}
    assert set(users["user_userType_reason"].cast(str)) == {Reason.NO_PERMISSION.value}
