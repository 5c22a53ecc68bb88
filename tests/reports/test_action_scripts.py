"""Ready-made changes: nothing is changed unless somebody says so, and then only what the audit saw."""

import asyncio
import csv
import hashlib
import json
import re
import shutil
import subprocess
from datetime import UTC, datetime

import httpx
import pytest
from actions_by_hand import MFA, RUN_ID, STATE, TENANT_ID, UPN, audit, person, uid
from by_hand import NASTY

from mfaaudit.reports.actions_files import write_actions
from mfaaudit.simulated import open_tenant

OUT = {"user.department": "Gone"}


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "actions"


def drawn(folder, *users, **how):
    write_actions(audit(*users, **how), folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def rows(content):
    return list(csv.DictReader(content.decode("utf-8-sig").splitlines()))


def script(folder, name="off", **how):
    return drawn(folder, person(0, **{STATE: "enforced"}, **OUT), **how)[f"{name}.ps1"].decode("ascii")


def code(text):
    """The script without its comments and without what stands in quotes."""
    text = re.sub(r"<#.*?#>", "", text, flags=re.DOTALL)
    text = re.sub(r"(?m)^\s*#.*$", "", text)
    return re.sub(r"'[^']*'|\"(?:[^\"`]|`.)*\"", "''", text)


def test_the_list_of_a_script_holds_who_is_ready_and_nobody_else(folder):
    emergency = {"derived.accountClass": "breakGlass"}
    files = drawn(folder, person(0, **{STATE: "enforced"}), person(1, **{STATE: "enabled"}, **emergency), person(2))

    assert rows(files["off.list.csv"]) == [
        {"userId": uid(0), "userPrincipalName": "user0@contoso.example", "seen": "enforced", "to": "disabled"}
    ]
    assert rows(files["off.not-yet.csv"]) == [
        {
            "userId": uid(1),
            "userPrincipalName": "user1@contoso.example",
            "seen": "enabled",
            "state": "by hand: the account's class is breakGlass",
        }
    ]
    assert uid(1) not in files["off.batch.json"].decode()


def test_without_anybody_ready_there_is_no_script(folder):
    rules = [
        {"id": "R-3", "require": {STATE: "disabled"}, "action": "off", "blocked_by": ["R-1"]},
        {"id": "R-1", "require": {MFA: True}},
    ]
    files = drawn(folder, person(0, **{STATE: "enforced", MFA: False}), rules=rules)

    assert {name for name in files if name.startswith("off")} == {"off.csv", "off.not-yet.csv"}
    assert rows(files["off.not-yet.csv"])[0]["state"] == "not yet: waits for R-1"
    assert "No script: nobody is ready for it." in files["README.txt"].decode()


def test_a_script_knows_its_audit_its_tenant_and_the_hash_of_its_list(folder):
    files = drawn(folder, person(0, **{STATE: "enforced"}))
    text = files["off.ps1"].decode("ascii")
    sha256 = hashlib.sha256(files["off.list.csv"]).hexdigest()

    for name, value in (
        ("RunId", RUN_ID),
        ("TenantId", TENANT_ID),
        ("ListFile", "off.list.csv"),
        ("ListSha256", sha256.upper()),
        ("Version", "beta"),
        ("Path", "/users/{id}/authentication/requirements"),
        ("Select", ""),
        ("Key", "perUserMfaState"),
        ("To", "disabled"),
    ):
        assert text.count(f"\r\n${name} = '{value}'\r\n") == 1
    assert "$Values = @('disabled', 'enabled', 'enforced')" in text
    assert "$IsBoolean = $false" in text
    assert "@@" not in text
    assert "$context.TenantId -ne $TenantId" in text
    assert "$hash -ne $ListSha256" in text


def test_the_script_that_disables_accounts_sets_a_true_or_false(folder):
    text = script(folder, "out")

    assert "$IsBoolean = $true" in text
    assert "$Version = 'v1.0'" in text
    assert "$Select = 'id,accountEnabled'" in text
    assert "$To = 'false'" in text
    assert "User.EnableDisableAccount.All,User.Read.All" in text


def test_a_script_changes_nothing_unless_told_to(folder):
    text = script(folder)
    body = code(text)

    assert "[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]" in text
    assert re.search(r"\[switch\] \$Apply,", text)
    assert "$Apply =" not in body
    # One place changes something, and it is called from one place: after the dry run has gone its own way, after
    # somebody confirmed, and after the state before was written down.
    assert re.findall(r"-Method (?:PATCH|POST|PUT|DELETE)", body) == ["-Method PATCH"]
    assert body.index("function Set-State") < body.index("-Method PATCH") < body.index("Get-MgContext")
    order = ["-not $now.Known", "-ne $one.Seen", "-not $Apply) {\r\n", ".ShouldProcess(", "$rollbackFile @Record"]
    main = body[body.index("foreach ($one in $work)") :]
    places = [main.index(one) for one in (*order, "Set-State $one.UserId", "Get-State $one.UserId\r\n            $ch")]
    assert places == sorted(places)
    assert main.count("Set-State") == body.count("Set-State ") - body.count("function Set-State ") == 1


def test_a_script_checks_tenant_and_list_before_it_asks_for_anything(folder):
    body = code(script(folder))
    main = body[body.index("$context = Get-MgContext") :]

    places = [main.index(one) for one in ("$TenantId) { throw", "$ListSha256) { throw", "foreach ($one in $work)")]
    assert places == sorted(places)
    assert "Invoke-Graph" not in main[: places[-1]]


def test_a_script_waits_as_long_as_it_is_told(folder):
    body = code(script(folder))

    assert "429, 503, 504" in body
    assert "Start-Sleep -Seconds (Get-Wait $headers $attempt)" in body


def test_brackets_of_a_script_are_closed(folder):
    body = code(script(folder))
    waiting, closing = [], {")": "(", "}": "{", "]": "["}
    for letter in body:
        if letter in closing.values():
            waiting.append(letter)
        elif letter in closing:
            assert waiting.pop() == closing[letter]
    assert waiting == []


@pytest.mark.skipif(shutil.which("pwsh") is None, reason="no PowerShell on this machine")
def test_powershell_can_read_a_script(folder):
    script(folder)
    read = "$e = $null; [void][Management.Automation.Language.Parser]::ParseFile('{}', [ref]$null, [ref]$e); $e.Count"
    command = ["pwsh", "-NoProfile", "-Command", read.replace("{}", str(folder / "off.ps1"))]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "0"


def test_nothing_that_a_tenant_says_is_in_a_script(folder, tmp_path):
    plain = drawn(folder, person(0, **{STATE: "enforced"}))
    for number, text in enumerate(NASTY):
        name = text.encode("utf-8", "replace").decode()
        hostile = person(0, **{STATE: "enforced", UPN: name, "user.displayName": name, "user.department": name})
        files = drawn(tmp_path / str(number), hostile)
        swap = re.compile(rb"\$ListSha256 = '[0-9A-F]{64}'")
        assert swap.sub(b"", files["off.ps1"]) == swap.sub(b"", plain["off.ps1"])
        facts = json.loads(files["off.batch.json"])
        assert facts["apply"] == json.loads(plain["off.batch.json"])["apply"]


@pytest.mark.parametrize(
    "ids", [{"tenant_id": "'; Remove-Item *"}, {"run_id": "x'; $y"}, {"ids": ["x' + $z"]}, {"ids": ["../../me"]}]
)
def test_an_id_that_is_none_makes_no_script(folder, ids):
    files = drawn(folder, person(0, **{STATE: "enforced"}), **ids)

    assert not [name for name in files if name.endswith((".ps1", ".json", ".list.csv"))]


def test_batches_are_of_twenty_at_most_and_name_each_user_once(folder):
    files = drawn(folder, *(person(n, **{STATE: "enforced" if n % 2 else "enabled"}) for n in range(45)))
    batch = json.loads(files["off.batch.json"])
    listed = rows(files["off.list.csv"])

    assert batch["list"] == {"file": "off.list.csv", "sha256": hashlib.sha256(files["off.list.csv"]).hexdigest()}
    assert (batch["version"], batch["property"], batch["to"]) == ("beta", "perUserMfaState", "disabled")
    for kind, method in (("dryRun", "GET"), ("apply", "PATCH"), ("rollback", "PATCH")):
        assert [len(body["requests"]) for body in batch[kind]] == [20, 20, 5]
        requests = [one for body in batch[kind] for one in body["requests"]]
        assert [one["id"] for one in requests] == [str(n) for n in range(1, 46)]
        assert {one["method"] for one in requests} == {method}
        assert [one["url"] for one in requests] == [
            f"/users/{row['userId']}/authentication/requirements" for row in listed
        ]
    applied = [one for body in batch["apply"] for one in body["requests"]]
    assert {json.dumps(one["body"]) for one in applied} == {'{"perUserMfaState": "disabled"}'}
    assert {json.dumps(one["headers"]) for one in applied} == {'{"Content-Type": "application/json"}'}
    back = [one["body"]["perUserMfaState"] for body in batch["rollback"] for one in body["requests"]]
    assert back == [row["seen"] for row in listed]
    assert set(back) == {"enforced", "enabled"}


def test_the_batches_of_accounts_set_a_true_or_false_and_back(folder):
    batch = json.loads(drawn(folder, person(0, **OUT))["out.batch.json"])

    assert batch["dryRun"][0]["requests"][0]["url"] == f"/users/{uid(0)}?$select=id,accountEnabled"
    assert batch["apply"][0]["requests"][0]["body"] == {"accountEnabled": False}
    assert batch["rollback"][0]["requests"][0]["body"] == {"accountEnabled": True}


def test_a_tenant_answers_the_reads_of_a_batch_and_one_that_only_reads_refuses_the_changes(folder):
    tenant = open_tenant(users=30, seed=7, mood="tidy", now=datetime(2026, 3, 2, tzinfo=UTC), quota=False)

    def ask(method, url, body=None):
        async def exchange():
            transport = httpx.ASGITransport(app=tenant.app)
            bearer = {"Authorization": f"Bearer {tenant.access_token()}"}
            async with httpx.AsyncClient(transport=transport, base_url="https://graph.microsoft.com") as client:
                return (await client.request(method, url, headers=bearer, json=body)).json()

        return asyncio.run(exchange())

    def post(version, body):
        return ask("POST", f"/{version}/$batch", body)["responses"]

    there = [one["id"] for one in ask("GET", "/v1.0/users")["value"]]
    users = [person(n, **{STATE: "enforced"}, **OUT) for n in range(len(there))]
    files = drawn(folder, *users, ids=there)
    for name, key in (("off", "perUserMfaState"), ("out", "accountEnabled")):
        batch = json.loads(files[f"{name}.batch.json"])
        answers = [one for body in batch["dryRun"] for one in post(batch["version"], body)]
        assert len(answers) == len(there)
        assert all(one["status"] == 200 and key in one["body"] for one in answers)
        assert {one["status"] for one in post(batch["version"], batch["apply"][0])} == {405}
