"""What an audit is told to read is kept beside the evidence, and bundles of earlier versions still say it."""

import dataclasses
import json
from datetime import UTC, datetime

from mfaaudit.evidence.run import Asked, Begun, Identity, Machine, Order, Session

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ONE, OTHER = "0f8a5d6b-86c1-4e57-9a38-b6f1c7d20e94", "5d0f8a86-1c2b-4e57-9a38-b6f1c7d20e94"
NOBODY = Identity(
    kind="delegated",
    auth="token",
    app_id="",
    app_name="",
    object_id="",
    user_principal_name="",
    tenant_id="t",
    permissions=(),
)


def begun(**more):
    return Begun(
        id="run",
        tool="mfaaudit",
        tool_version="0",
        platform="",
        packages={},
        started_at=NOW,
        tenant_id="t",
        tenant_name="T",
        default_domain="x.example",
        cloud="global",
        graph="https://graph.microsoft.com",
        identity=NOBODY,
        collect="per-user",
        simulated=True,
        sessions=(Session(started_at=NOW, ended_at=None, identity=NOBODY, tool_version="0"),),
        **more,
    )


def test_groups_that_are_named_twice_in_any_case_and_order_are_one_order():
    assert Order(groups=(OTHER, ONE.upper(), ONE)).groups == (ONE, OTHER)
    assert Order(groups=(OTHER, ONE.upper())) == Order(groups=(ONE, OTHER)) != Order(groups=(ONE,))


def test_the_groups_are_kept_with_the_audit(tmp_path):
    kept = begun(groups=(ONE, OTHER), options=("policy-groups",))
    (tmp_path / "begun.json").write_text(kept.to_json(), encoding="utf-8")

    assert Begun.load(tmp_path / "begun.json") == kept
    assert kept.order == Order(groups=(ONE, OTHER), options=("policy-groups",))


def test_an_audit_that_was_begun_before_there_were_any_has_none(tmp_path):
    facts = json.loads(begun(groups=(ONE,)).to_json())
    del facts["groups"]
    (tmp_path / "begun.json").write_text(json.dumps(facts), encoding="utf-8")

    assert Begun.load(tmp_path / "begun.json").order == Order()


def test_an_order_in_words_tells_two_orders_apart():
    assert str(Order(options=("policy-groups",))) == "--collect per-user --with-policy-groups"
    assert str(Order(groups=(ONE,))).endswith(f"name the group {ONE}")
    assert str(Order(groups=(ONE, OTHER))).endswith(f"name the groups {ONE}, {OTHER}")


def test_a_session_keeps_from_where_it_read_and_what_it_was_told(tmp_path):
    machine = Machine(host="node-7", account="auditor", system="Linux", python="3.12.1", program_sha256="0" * 64)
    asked = Asked(auth="certificate", tenant="x.example", resume=True)
    session = Session(started_at=NOW, ended_at=NOW, identity=NOBODY, tool_version="0", machine=machine, asked=asked)
    plain = begun()
    kept = dataclasses.replace(plain, sessions=(*plain.sessions, session))
    (tmp_path / "begun.json").write_text(kept.to_json(), encoding="utf-8")

    assert Begun.load(tmp_path / "begun.json") == kept


def test_an_audit_of_an_earlier_version_has_neither_and_is_read_all_the_same(tmp_path):
    facts = json.loads(begun().to_json())
    for one in facts["sessions"]:
        del one["machine"], one["asked"]
    (tmp_path / "begun.json").write_text(json.dumps(facts), encoding="utf-8")

    (session,) = Begun.load(tmp_path / "begun.json").sessions
    assert session.machine is None
    assert session.asked is None


def test_text_that_no_file_can_hold_is_spelled_out(tmp_path):
    half = chr(0xD800)
    path = tmp_path / "begun.json"
    path.write_text(json.dumps(json.loads(begun().to_json()) | {"id": half}), encoding="utf-8")

    assert Begun.load(path).id == "\ufffdD800"


def test_a_name_that_no_file_can_hold_is_kept_as_far_as_it_can(tmp_path):
    path = tmp_path / "begun.json"
    path.write_text(dataclasses.replace(begun(), tenant_name=f"Ann{chr(0xD800)} Ö").to_json(), encoding="utf-8")

    assert Begun.load(path).tenant_name == "Ann\ufffdD800 Ö"


def test_the_interval_of_the_sign_in_counts_is_kept_and_an_older_audit_had_the_default(tmp_path):
    kept = begun(metrics_interval=5)
    (tmp_path / "begun.json").write_text(kept.to_json(), encoding="utf-8")
    assert Begun.load(tmp_path / "begun.json").order == Order(metrics_interval=5)

    facts = json.loads(kept.to_json())
    del facts["metrics_interval"]
    (tmp_path / "begun.json").write_text(json.dumps(facts), encoding="utf-8")
    assert Begun.load(tmp_path / "begun.json").order == Order()
    assert "--aggregation-interval 5" in str(kept.order)
    assert "--aggregation-interval" not in str(Order())
