"""How often interactive MFA sign-ins were not completed, in intervals of some minutes over the last days."""

from mfaaudit.sources.source import Bucket, Shape, Source

SOURCE = Source(
    name="getMetricsForMfaSignInFailure",
    title="MFA sign-ins not completed",
    version="beta",
    path=(
        "/reports/serviceActivity/getMetricsForMfaSignInFailure(inclusiveIntervalStartDateTime={start},"
        "exclusiveIntervalEndDateTime={end},aggregationIntervalInMinutes={interval})"
    ),
    shape=Shape.PAGES,
    permissions=("Reports.Read.All",),
    directory_roles=(
        "Reports Reader",
        "Security Reader",
        "Security Operator",
        "Security Administrator",
        "Global Reader",
    ),
    bucket=Bucket.REPORTS,
    global_cloud_only=True,
    page="serviceactivity-getmetricsformfasigninfailure",
)
