"""Answers one request as Graph does: token, endpoint, permission, quota, then the data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from mfaaudit.simulated import (
    access,
    authentication,
    conditional_access,
    cross_tenant,
    group_endpoints,
    preview_policies,
    reports,
    role_endpoints,
    role_policies,
    tenant_policies,
    users,
)
from mfaaudit.simulated.access import Access
from mfaaudit.simulated.answer import Answer, Request, bad_request, not_premium, refusal
from mfaaudit.simulated.basic_users import WHOLE, only_basic
from mfaaudit.simulated.directory import Directory
from mfaaudit.simulated.evolvable import as_asked
from mfaaudit.simulated.quota import Quotas, units
from mfaaudit.simulated.revocation import Revocation
from mfaaudit.simulated.tokens import Caller, caller_of

Groups = tuple[str, ...]
Handler = Callable[["Graph", Request, Groups], Answer]

BOTH, BETA = ("v1.0", "beta"), ("beta",)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One path, the versions that have it, and what it asks of the caller."""

    pattern: re.Pattern[str]
    versions: tuple[str, ...]
    access: Access
    handler: Handler
    also: Callable[[Request], Iterable[Access]]
    """What some requests ask beside that."""


class Graph:
    """The service in front of one directory."""

    def __init__(
        self,
        directory: Directory,
        quotas: Quotas | None,
        now: Callable[[], datetime],
        revocation: Revocation | None = None,
    ) -> None:
        self.directory = directory
        self.now = now
        self.revocation = revocation or Revocation(None, "")
        self._quotas = quotas
        self._callers: dict[str, Caller | Answer] = {}
        self._spurious = 1 if directory.mood.messy else 0

    def answer(self, request: Request) -> Answer:
        """The answer to one request, whole or an item of a batch."""
        request = replace(request, path=re.sub("/{2,}", "/", request.path))
        caller = caller_of(request.headers, self.directory.tenant, self._callers)
        if isinstance(caller, Answer):
            return caller
        challenge = self.revocation.challenge(request.headers)
        if challenge is not None:
            return challenge
        if request.version not in BOTH:
            return bad_request(f"Invalid version: {request.version}", "BadRequest")
        found = self._find(request)
        if found is None:
            segment = request.path.strip("/").split("/")[-1]
            return bad_request(f"Resource not found for the segment '{segment}'.", "BadRequest")
        endpoint, groups = found
        if request.version not in endpoint.versions:
            return refusal(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")
        if request.method != "GET":
            return refusal(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")
        asked = [endpoint.access, *endpoint.also(request)]
        for one in asked:
            refused = one.check(caller, self.directory.mood)
            if refused is not None:
                return refused
        answer = self._metered(request, endpoint, groups, asked)
        whole = endpoint.access is not access.USERS or not caller.permissions.isdisjoint(WHOLE)
        return answer if whole else only_basic(answer)

    def holds(self, request: Request, permission: str) -> bool:
        """Whether the token of a request carries a permission."""
        caller = caller_of(request.headers, self.directory.tenant, self._callers)
        return isinstance(caller, Caller) and permission in caller.permissions

    def _metered(self, request: Request, endpoint: Endpoint, groups: Groups, asked: list[Access]) -> Answer:
        path = request.path.lower().rstrip("/")
        cost = units(path, request.query)
        if self._quotas is not None:
            wait = self._quotas.spend(path, cost, activity=access.ACTIVITY in asked)
            if wait is not None:
                return wait
        if self._spurious and any(one.premium for one in asked):
            # Seen in the field: the refusal for want of a licence comes now and then in a licensed tenant.
            self._spurious -= 1
            return not_premium()
        answer = endpoint.handler(self, request, groups)
        if self.directory.mood.later_words:
            answer.body = as_asked(request, answer.body)
        answer.headers["x-ms-resource-unit"] = str(cost)
        if self._quotas is not None and self._quotas.identity.used > 0.8:
            answer.headers["x-ms-throttle-limit-percentage"] = f"{self._quotas.identity.used:.2f}"
        return answer

    def _find(self, request: Request) -> tuple[Endpoint, Groups] | None:
        path = request.path.rstrip("/")
        for endpoint in ENDPOINTS:
            match = endpoint.pattern.fullmatch(path)
            if match is not None:
                return endpoint, tuple(group or "" for group in match.groups())
        return None


def _endpoint(
    pattern: str,
    versions: tuple[str, ...],
    access: Access,
    handler: Handler,
    also: Callable[[Request], Iterable[Access]] = lambda _: (),
) -> Endpoint:
    return Endpoint(re.compile(pattern, re.IGNORECASE), versions, access, handler, also)


def _one(request: Request, context: str, body: dict[str, object]) -> Answer:
    return Answer(body={"@odata.context": f"{request.root}/{request.version}/$metadata#{context}"} | body)


def _conditional_access(graph: Graph, request: Request, _: Groups) -> Answer:
    rows = conditional_access.policies(graph.directory, beta=request.version == "beta")
    return _one(request, "identity/conditionalAccess/policies", {"value": rows})


def _members(graph: Graph, request: Request, groups: Groups) -> Answer:
    transitive = groups[1].lower() == "transitivemembers"
    hidden = graph.holds(request, "Member.Read.Hidden")
    return group_endpoints.members(
        graph.directory, request, groups[0], transitive=transitive, cast=groups[2], sees_hidden=hidden
    )


def _metrics(graph: Graph, request: Request, groups: Groups) -> Answer:
    which = "Success" if groups[0].lower() == "success" else "Failure"
    return reports.sign_in_metrics(graph.directory, request, which, groups[1], graph.now)


# The two that are asked once a user come first.
ENDPOINTS: tuple[Endpoint, ...] = (
    _endpoint(
        r"/users/([^/]+)/authentication/requirements",
        BETA,
        access.REQUIREMENTS,
        lambda g, r, m: authentication.read(g.directory, r, m[0], "requirements"),
    ),
    _endpoint(
        r"/users/([^/]+)/authentication/signInPreferences",
        BETA,
        access.PREFERENCES,
        lambda g, r, m: authentication.read(g.directory, r, m[0], "signInPreferences"),
    ),
    _endpoint(
        r"/me/authentication/requirements",
        BETA,
        access.OWN_REQUIREMENTS,
        lambda g, r, _: authentication.read_own(g.directory, r),
    ),
    _endpoint(r"/users", BOTH, access.USERS, lambda g, r, _: users.listing(g.directory, r), users.also_needed),
    _endpoint(r"/users/\$count", BOTH, access.USERS, lambda g, r, _: users.count(g.directory, r)),
    _endpoint(
        r"/users/([^/]+)",
        BOTH,
        access.USERS,
        lambda g, r, m: users.single(g.directory, r, m[0]),
        users.also_needed,
    ),
    _endpoint(
        r"/reports/authenticationMethods/userRegistrationDetails",
        BOTH,
        access.DETAILS,
        lambda g, r, _: reports.details(g.directory, r),
    ),
    _endpoint(
        r"/reports/authenticationMethods/userRegistrationDetails/([^/]+)",
        BOTH,
        access.DETAILS,
        lambda g, r, m: reports.details_of_one(g.directory, r, m[0]),
    ),
    _endpoint(
        r"/reports/authenticationMethods/(usersRegisteredByFeature|usersRegisteredByMethod)(?:\((.*)\))?",
        BOTH,
        access.SUMMARY,
        lambda g, r, m: reports.summary(g.directory, r, m[0], m[1]),
    ),
    _endpoint(
        r"/reports/authenticationMethods/(userRegistrationActivity|userSignInsByAuthMethodSummary)\((.*)\)",
        BETA,
        access.USE_OF_METHODS,
        lambda g, r, m: reports.use_of_methods(g.directory, r, m[0], m[1]),
    ),
    _endpoint(
        r"/reports/authenticationMethods/userMfaSignInSummary",
        BETA,
        access.MFA_SIGN_INS,
        lambda g, r, _: reports.mfa_sign_in_summary(g.directory, r),
    ),
    _endpoint(
        r"/reports/getCredentialUserRegistrationCount(?:\(\))?",
        BETA,
        access.OLDER,
        lambda g, r, _: reports.older(g.directory, r),
    ),
    _endpoint(
        r"/reports/serviceActivity/getMetricsForMfaSignIn(Success|Failure)\((.*)\)", BETA, access.METRICS, _metrics
    ),
    _endpoint(
        r"/policies/identitySecurityDefaultsEnforcementPolicy",
        BOTH,
        access.POLICY,
        lambda _, r, __: _one(
            r, "policies/identitySecurityDefaultsEnforcementPolicy/$entity", tenant_policies.security_defaults()
        ),
    ),
    _endpoint(
        r"/policies/authenticationMethodsPolicy",
        BOTH,
        access.METHODS_POLICY,
        lambda g, r, _: (
            _one(
                r,
                "authenticationMethodsPolicy",
                tenant_policies.methods_policy(beta=r.version == "beta", mood=g.directory.mood),
            )
            if g.directory.mood.methods_policy
            else bad_request("Resource not found for the segment 'authenticationMethodsPolicy'.", "BadRequest")
        ),
    ),
    _endpoint(
        r"/policies/crossTenantAccessPolicy/default",
        BOTH,
        access.CROSS_TENANT,
        lambda g, r, _: _one(
            r, "policies/crossTenantAccessPolicy/default/$entity", cross_tenant.default(g.directory.mood)
        ),
    ),
    _endpoint(
        r"/policies/crossTenantAccessPolicy/partners",
        BOTH,
        access.CROSS_TENANT,
        lambda g, r, _: _one(
            r, "policies/crossTenantAccessPolicy/partners", {"value": cross_tenant.partners(g.directory.mood)}
        ),
    ),
    _endpoint(
        r"/policies/deviceRegistrationPolicy",
        BOTH,
        access.DEVICE_REGISTRATION,
        lambda g, r, _: _one(
            r, "deviceRegistrationPolicy", tenant_policies.device_registration_policy(g.directory.mood)
        ),
    ),
    _endpoint(
        r"/policies/roleManagementPolicyAssignments",
        BOTH,
        access.ROLE_POLICIES,
        lambda g, r, _: role_policies.assignments(g.directory, r),
    ),
    _endpoint(r"/identity/conditionalAccess/policies", BOTH, access.CONDITIONAL_ACCESS, _conditional_access),
    _endpoint(
        r"/identity/conditionalAccess/plans",
        BETA,
        access.CONDITIONAL_ACCESS,
        lambda g, r, _: preview_policies.plans(g.directory, r),
    ),
    _endpoint(
        r"/identity/conditionalAccess/plans/([^/]+)/rules",
        BETA,
        access.CONDITIONAL_ACCESS,
        lambda g, r, m: preview_policies.rules(g.directory, r, m[0]),
    ),
    _endpoint(
        r"/organization",
        BOTH,
        access.ORGANIZATION,
        lambda g, r, _: _one(
            r, "organization", {"value": [tenant_policies.organization(g.directory.tenant, g.directory.mood)]}
        ),
    ),
    _endpoint(r"/directoryRoles", BOTH, access.ROLES, lambda g, r, _: role_endpoints.roles(g.directory, r)),
    _endpoint(
        r"/directoryRoles/([^/]+)/members",
        BOTH,
        access.ROLES,
        lambda g, r, m: role_endpoints.role_members(g.directory, r, m[0]),
    ),
    _endpoint(
        r"/roleManagement/directory/roleAssignments",
        BOTH,
        access.ROLES,
        lambda g, r, _: role_endpoints.assignments(g.directory, r),
    ),
    _endpoint(
        r"/roleManagement/directory/roleEligibilitySchedules",
        BOTH,
        access.ELIGIBILITY,
        lambda g, r, _: role_endpoints.eligibility(g.directory, r),
    ),
    _endpoint(
        r"/roleManagement/directory/roleDefinitions",
        BOTH,
        access.ROLES,
        lambda g, r, _: role_endpoints.definitions(g.directory, r),
    ),
    _endpoint(r"/groups/([^/]+)", BOTH, access.GROUPS, lambda g, r, m: group_endpoints.single(g.directory, r, m[0])),
    _endpoint(
        r"/groups/([^/]+)/(members|transitiveMembers)(/microsoft\.graph\.(?:user|group))?",
        BOTH,
        access.GROUPS,
        _members,
    ),
)


def moving(now: datetime) -> Callable[[], datetime]:
    """A clock that starts at `now` and goes on as time does."""
    started = datetime.now(UTC)
    return lambda: now + (datetime.now(UTC) - started)
