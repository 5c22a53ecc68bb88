"""When each user last signed in: a listing of its own, because its quota is by far the smallest."""

from mfaaudit.sources.field import Field, Kind
from mfaaudit.sources.options import SIGN_IN_ACTIVITY
from mfaaudit.sources.source import Bucket, Shape, Source
from mfaaudit.words import Reason, Unknown

# The resource page: the record goes back to April 2020 (interactive), May 2020 (others) and December 2023 (successful),
# and nothing was filled in for earlier. Where it holds no time there was none since; derived.hasSignedIn says so.
NONE_ON_RECORD = Unknown(Reason.OUT_OF_SOURCE_WINDOW)


def _time(name: str, title: str) -> Field:
    return Field(
        name=f"signInActivity.{name}", title=title, kind=Kind.TIME, within="signInActivity", null=NONE_ON_RECORD
    )


FIELDS = (
    # The first two count attempts that failed as well.
    _time("lastSignInDateTime", "Last interactive sign-in, tried"),
    _time("lastNonInteractiveSignInDateTime", "Last non-interactive sign-in, tried"),
    _time("lastSuccessfulSignInDateTime", "Last successful sign-in"),
)

SOURCE = Source(
    name="signInActivity",
    title="Sign-in activity",
    version="v1.0",
    # With this property a page holds 500 users at most.
    path="/users?$select=id,signInActivity&$top=500",
    of_one="/users/{id}?$select=id,signInActivity",
    shape=Shape.PAGES,
    # Beside User.Read.All, without which nobody can be listed at all.
    permissions=("AuditLog.Read.All",),
    directory_roles=("Reports Reader", "Security Reader", "Global Reader"),
    bucket=Bucket.SIGN_IN_ACTIVITY,
    premium=True,
    option=SIGN_IN_ACTIVITY.name,
    fields=FIELDS,
    page="signinactivity",
)
