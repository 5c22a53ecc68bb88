"""The manifest of a bundle outlives the people in it: whatever a pack, a register or a tenant says, it names none."""

from searching import found_in

PEOPLE = (
    *("display names", "all display names", "user principal names", "local parts", "object ids"),
    *("exceptions", "classes", "policies", "all policies"),
)


def test_the_manifest_names_nobody_but_who_ran_the_audit(copies):
    manifest = (copies.audit.bundle / "manifest.json").read_text("utf-8").lower()
    identity = copies.audit.snapshot.run.identity
    for own in (identity.user_principal_name, identity.object_id):
        manifest = manifest.replace(own.lower(), "") if own else manifest
    known = copies.audit.known()

    for sort in PEOPLE:
        assert known[sort], sort
        assert found_in(manifest, known[sort]) == set(), sort
