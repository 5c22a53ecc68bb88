"""Names that lead elsewhere, packs that lead in circles, and files that are none: refused, soon and clearly."""

import os

import pytest
from packs_by_hand import GOOD
from soon import refused

from mfaaudit.findings import load_kept, load_pack

MIB = 1 << 20
HEAD = 'pack:\n  id: mine\n  version: "1"\n  title: Mine\n'
RULE = (
    "{id: M-%d, title: T, rationale: R, severity: low, require: {registration.isMfaRegistered: true}, remediation: C}"
)
of_posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")


@pytest.fixture
def put(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


OUTSIDE = [
    "../outside",
    "sub/outside",
    "./outside",
    "/etc/passwd",
    "..",
    "C:outside",
    "..\\outside",
    "a\x00b",
    "x" * 300,
]


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("key", ["extends", "include"])
def test_a_name_cannot_lead_out_of_the_folder(put, tmp_path, key, name):
    outside = GOOD.replace("id: mine", "id: outside")
    for place in ("outside.yaml", "in/sub/outside.yaml", "in/outside.yaml"):
        put(place, outside)
    word = '"' + name.replace("\\", "\\\\").replace("\0", "\\0") + '"'
    text = f"{HEAD}include: {{{word}: all}}\n" if key == "include" else HEAD + f"  extends: {word}\n"

    problem = refused(lambda: load_pack(put("in/mine.yaml", text)))
    assert (problem.line, problem.file) == (5, str(tmp_path / "in" / "mine.yaml"))
    assert "is no id of a pack" in problem.message or "a key has 300" in problem.message


@pytest.mark.parametrize("name", ["../mine", "mine/../mine", "/etc", "mine/."])
def test_a_bundle_names_no_pack_outside_its_folder(put, tmp_path, name):
    put("policies/mine/mine.yaml", GOOD)
    put("mine/../mine.yaml", GOOD)
    assert load_kept(tmp_path / "policies", ["mine"])

    assert "is not there" in refused(lambda: load_kept(tmp_path / "policies", [name])).message


def test_a_file_that_holds_another_pack_than_it_is_named_for(put):
    put("other.yaml", GOOD.replace("id: mine", "id: baseline"))
    problem = refused(lambda: load_pack(put("mine.yaml", HEAD + "include: {other: all}\n")))

    assert (problem.file.endswith("other.yaml"), problem.line) == (True, 2)
    assert "the file of the pack other holds a pack baseline" in problem.message


def test_utf_16_is_refused(put):
    assert "not UTF-8 (byte 0)" in refused(lambda: load_pack(put("a.yaml", GOOD.encode("utf-16")))).message
    assert "#x0000" in refused(lambda: load_pack(put("b.yaml", GOOD.encode("utf-16-be")))).message


def test_half_a_pair_as_bytes_is_refused(put):
    assert "not UTF-8" in refused(lambda: load_pack(put("a.yaml", b"pack: \xed\xa0\x80\n"))).message


def test_ten_megabytes_are_not_read(put):
    assert "larger than 1 MiB" in refused(lambda: load_pack(put("a.yaml", b"[" * (10 * MIB)))).message


@of_posix
def test_a_folder_a_device_and_a_loop_are_no_packs(tmp_path):
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    (tmp_path / "zero.yaml").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.yaml")

    for name in ("folder.yaml", "loop.yaml", "zero.yaml", "pipe.yaml", "x" * 5_000):
        assert "no file of the name" in refused(lambda name=name: load_pack(str(tmp_path / name))).message


@of_posix
@pytest.mark.parametrize("kind", ["folder", "loop", "device", "pipe", "nowhere"])
def test_lists_that_are_no_file_are_not_passed_over(put, tmp_path, kind):
    path = put("mine.yaml", GOOD)
    lists = tmp_path / "_lists.yaml"
    match kind:
        case "folder":
            lists.mkdir()
        case "pipe":
            os.mkfifo(lists)
        case _:
            lists.symlink_to({"loop": "_lists.yaml", "device": "/dev/zero", "nowhere": "nowhere"}[kind])

    problem = refused(lambda: load_pack(path))
    assert (problem.file, problem.message) == ("_lists.yaml", "this is no file")


def chain(put, length, key):
    """Packs each of which stands on the next."""
    for n in range(length):
        other = f"p{n + 1}"
        below = (
            "" if n == length - 1 else f"  extends: {other}\n" if key == "extends" else f"include: {{{other}: all}}\n"
        )
        head = f'pack:\n  id: p{n}\n  version: "1"\n  title: T\n'
        path = put(f"p{n}.yaml", head + below + (f"rules:\n  - {RULE % n}\n" if n == length - 1 or key else ""))
        if n == 0:
            first = path
    return first


@pytest.mark.parametrize("key", ["extends", "include"])
def test_five_packs_deep_and_no_deeper(put, key):
    assert len(load_pack(chain(put, 5, key)).rules) == 5

    problem = refused(lambda: load_pack(chain(put, 6, key)))
    assert "p0 → p1 → p2 → p3 → p4 → p5 is one pack too many" in problem.message
    assert "is one pack too many" in refused(lambda: load_pack(chain(put, 50, key))).message


def test_a_pack_that_is_known_already_is_no_way_to_go_deeper(put):
    chain(put, 5, "include")
    # p1 lies four deep, and so has been opened when q, which lies above it, is.
    put("q.yaml", f'pack: {{id: q, version: "1", title: T}}\ninclude: {{p1: all}}\nrules: [{RULE % 77}]\n')
    first = put("mine.yaml", HEAD + "include: {p1: all, q: all}\n")

    assert "mine → q → p1 is one pack too many" in refused(lambda: load_pack(first)).message


@pytest.mark.parametrize("key", ["extends", "include"])
def test_packs_that_lead_back_to_one_another(put, key):
    def pack(own, other):
        below = f"  extends: {other}\n" if key == "extends" else f"include: {{{other}: all}}\n"
        return put(f"{own}.yaml", f'pack:\n  id: {own}\n  version: "1"\n  title: T\n{below}rules: [{RULE % 1}]\n')

    assert "the packs a → a lead back" in refused(lambda: load_pack(pack("a", "a"))).message
    first = pack("a", "b")
    pack("b", "c")
    pack("c", "a")
    problem = refused(lambda: load_pack(first))
    assert problem.file.endswith("c.yaml")
    assert "the packs a → b → c → a lead back" in problem.message


def test_packs_that_include_everything_of_each_other_on_every_level(put):
    wide = 12
    for level in range(4):
        below = ", ".join(f"p{level + 1}-{n}: all" for n in range(wide)) if level < 3 else ""
        for one in range(wide):
            own = f"p{level}-{one}"
            text = f'pack: {{id: {own}, version: "1", title: T}}\ninclude: {{{below}}}\n'
            put(f"{own}.yaml", text + f"rules: [{RULE % (level * wide + one)}]\n")
    first = put("mine.yaml", HEAD + f"include: {{{', '.join(f'p0-{n}: all' for n in range(wide))}}}\n")

    # Four levels of twelve are 48 packs, and 20,736 ways through them.
    assert "at most 40 others" in refused(lambda: load_pack(first)).hint


def test_a_circle_of_packs_that_call_themselves_otherwise(put):
    first = put("mine.yaml", HEAD + "include: {loop: all}\n")
    put("loop.yaml", f'pack: {{id: other, version: "1", title: T}}\ninclude: {{loop: all}}\nrules: [{RULE % 1}]\n')

    # The name that a circle is told by is never come by again: the depth ends it.
    assert "is one pack too many" in refused(lambda: load_pack(first)).message
