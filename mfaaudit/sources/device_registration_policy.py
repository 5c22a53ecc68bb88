"""Whether the tenant's own setting requires MFA to register or join a device."""

from mfaaudit.sources.field import Field, Kind, Scope
from mfaaudit.sources.options import DEVICE_REGISTRATION
from mfaaudit.sources.source import Shape, Source

FIELDS = (
    Field(
        name="tenant.deviceRegistrationPolicy.multiFactorAuthConfiguration",
        title="MFA to register or join devices, by the device settings",
        kind=Kind.ENUM,
        scope=Scope.TENANT,
        values=("notRequired", "required"),
    ),
)

SOURCE = Source(
    name="deviceRegistrationPolicy",
    title="Device registration policy",
    version="v1.0",
    path="/policies/deviceRegistrationPolicy",
    shape=Shape.OBJECT,
    # Policy.Read.All suffices as well, but for a signed-in user alone: an application needs this one.
    permissions=("Policy.Read.DeviceConfiguration",),
    directory_roles=("Global Reader", "Cloud Device Administrator", "Intune Administrator"),
    option=DEVICE_REGISTRATION.name,
    fields=FIELDS,
    page="deviceregistrationpolicy-get",
)
