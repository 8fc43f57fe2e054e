"""`alloconda inspect`: each disagreement that a wheel can have with itself, made up, and the sentence for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_wheels import (
    AT_ENTRY_POINTS,
    AT_METADATA,
    AT_RECORD,
    AT_WHEEL,
    AUDIT,
    DIST_INFO,
    FACTS,
    LIBRARY,
    NAME,
    Change,
    FakeHost,
    found,
    good,
    put,
    record,
    replace,
    report,
    wheel,
    write_zip,
)

import alloconda.cli
from alloconda.inspection import libraries
from alloconda.inspection.libraries import module_of
from alloconda.inspection.show import facts_lines, wheel_lines
from alloconda.inspection.upload_rules import index_takes
from alloconda.manifest import Tags
from alloconda.toolchain.host import Host


def test_nothing_is_wrong(tmp_path: Path) -> None:
    host = FakeHost()
    made = report(wheel(tmp_path), host)
    assert made.findings == ()
    assert made.is_true
    assert host.asked == [Tags("cp310", "abi3", "manylinux_2_17_x86_64")]
    assert [(one.path, one.module) for one in made.libraries] == [(LIBRARY, "hello._native")]
    assert list(wheel_lines(made)) == [
        str(tmp_path / NAME),
        "  project    hello 0.1.0",
        "  tags       cp310-abi3-manylinux_2_17_x86_64",
        f"  files      5, {made.size} bytes, {made.unpacked_size} unpacked",
        "  Metadata-Version: 2.4",
        "  library    hello/_native.abi3.so, module hello._native",
        "    elf x86_64, 64 bits, little endian",
        "    entry: PyInit__native",
        "    module: hello._native",
        "  nothing is wrong with it",
    ]
    assert json.loads(json.dumps(made.as_json()))["metadata"]["Name"] == "hello"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (replace("METADATA", "Name: hello", "Name: other"),
         f"metadata-name: {AT_METADATA}: it names other, and the file name hello"),
        (replace("METADATA", "0.1.0", "0.2.0"),
         f"metadata-version: {AT_METADATA}: it says 0.2.0, and the file name 0.1.0"),
        (replace("METADATA", "Version: 0.1.0", "Version: x"),
         f"metadata: {AT_METADATA}: version: 'x' is invalid for 'version'"),
        (replace("METADATA", "Version: 0.1.0\n", "Version: 0.1.0\nLicense-File: COPYING\n"),
         f"license-file: METADATA names the licence file COPYING, and it is not in {DIST_INFO}/licenses"),
        (lambda files: files.pop(f"{DIST_INFO}/METADATA"), f"missing-file: {AT_METADATA}: the wheel has no such "
         "file"),
        (lambda files: files.pop(f"{DIST_INFO}/WHEEL"), f"missing-file: {AT_WHEEL}: the wheel has no such file"),
        (put(f"{DIST_INFO}/WHEEL", b"\xff"), f"text-encoding: {AT_WHEEL}: byte 0 is not UTF-8"),
        (replace("WHEEL", "1.0", "2.0"), f"wheel-version: {AT_WHEEL}: Wheel-Version is '2.0', and installers know "
         "1.0"),
        (replace("WHEEL", "false", "no"), f"wheel-purelib: {AT_WHEEL}: Root-Is-Purelib is neither true nor false"),
        (replace("WHEEL", "false", "true"), f"wheel-purelib: {LIBRARY}: Root-Is-Purelib is true, and the wheel has a "
         "library"),
        (replace("WHEEL", "abi3", "cp310"), f"wheel-tags: {AT_WHEEL}: it has the tags "
         "cp310-cp310-manylinux_2_17_x86_64, and the file name cp310-abi3-manylinux_2_17_x86_64"),
        (replace("WHEEL", "Wheel-", "Build: 1\nWheel-"), f"wheel-build: {AT_WHEEL}: Build is 1, and None in the "
         "file name"),
        (put("other-1.dist-info/METADATA"), "dist-info: the wheel has several metadata folders: hello-0.1.0.dist-info, "
         "other-1.dist-info"),
        (put(f"{DIST_INFO}/entry_points.txt", b"[a\n"), f"entry-points: {AT_ENTRY_POINTS}: it cannot be read: "
         "File contains no section headers."),
        (put(f"{DIST_INFO}/entry_points.txt", b"[a]\nx = 1 + 1\n"), f"entry-points: {AT_ENTRY_POINTS}: 'x' = "
         "'1 + 1' is no entry point"),
        (put("hello/_other.abi3.so", b"MZ"), "library: hello/_other.abi3.so: alloconda-host inspect: _other.abi3.so is "
         "no library."),
        (put("hello.libs/libz.so.1", b"\x7fELF"), "library-module: hello.libs/libz.so.1: it is machine code, and its "
         "name is none by which Python imports; it was not compared with the tags"),
    ],
)  # fmt: skip
def test_metadata(tmp_path: Path, change: Change, expected: str) -> None:
    assert found(wheel(tmp_path, change)) == [expected]


def test_entry_points(tmp_path: Path) -> None:
    assert found(wheel(tmp_path, put(f"{DIST_INFO}/entry_points.txt", b"[console_scripts]\nHi = hello:main\n"))) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("hello-0.1.0-cp310-abi3-manylinux_2_36_loongarch64.whl",
         "index-platform: PyPI takes no wheel with the platform tag manylinux_2_36_loongarch64; choose another tag, or "
         "another index"),
        ("Hello-0.1.0-cp310-abi3-manylinux_2_17_x86_64.whl",
         "file-name: the name starts with 'Hello', and the standard writes 'hello'"),
        ("hello-0.1.00-cp310-abi3-manylinux_2_17_x86_64.whl",
         "file-name: the version '0.1.00' is written '0.1.0' by the standard"),
        ("hello-0.1.0-cp310-abi3-win32.manylinux_2_17_x86_64.whl",
         "tag-order: the tags are not in order: the standard writes cp310-abi3-manylinux_2_17_x86_64.win32"),
        ("hello.whl", "file-name: 'hello.whl' is not the name of a wheel: "),
        ("hello-0.2.0-cp310-abi3-manylinux_2_17_x86_64.whl",
         "dist-info: the metadata folder is hello-0.1.0.dist-info, and the file name means hello-0.2.0"),
        ("hello-0.1.0-cp310-abi3-any.whl",
         f"platform-tag: {LIBRARY}: the wheel is for any platform, and has a library"),
    ],
)  # fmt: skip
def test_file_name(tmp_path: Path, name: str, expected: str) -> None:
    # The end of a sentence may be another library's.
    assert any(line.startswith(expected) for line in found(wheel(tmp_path, name=name)))


def test_what_only_the_index_refuses_is_a_note(tmp_path: Path) -> None:
    name = "hello-0.1.0-cp310-abi3-manylinux_2_36_loongarch64.whl"
    made = report(wheel(tmp_path, replace("WHEEL", "2_17_x86_64", "2_36_loongarch64"), name))
    assert [finding.is_note for finding in made.findings] == [True]
    assert made.is_true
    assert any(line.startswith("  note: PyPI takes no wheel") for line in wheel_lines(made))


class TestRecord:
    @staticmethod
    def wheel(folder: Path, old: str, new: str, change: Change | None = None) -> Path:
        files = good()
        text = record(files).decode()
        assert old in text
        if change:
            change(files)
        return write_zip(folder / NAME, {**files, f"{DIST_INFO}/RECORD": text.replace(old, new, 1).encode()})

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            ("sha256=47DEQ", "sha256=57DEQ", "record-hash: hello/__init__.py: the sha256 of the bytes is not the one "
             "in RECORD"),
            (",104\n", ",105\n", f"record-size: {LIBRARY}: RECORD says 105 bytes, and there are 104"),
            (",104\n", ",1e2\n", f"record-size: {LIBRARY}: RECORD gives the size '1e2', which is none"),
            (",104\n", f",{'9' * 30}\n", f"record-size: {LIBRARY}: RECORD gives the size '{'9' * 30}', which is none"),
            ("sha256=47", "md5=47", "record-hash: hello/__init__.py: RECORD gives a hash by 'md5', and not by sha256"),
            ("sha256=47", "sha256==7", "record-hash: hello/__init__.py: RECORD gives a hash that is none"),
            ("=47DEQpj8", "=", "record-hash: hello/__init__.py: RECORD gives a hash that is none"),
            (",0\n", "\n", f"record-format: {AT_RECORD}: a line has 2 columns and not 3"),
            ("RECORD,,\n", "RECORD,,\nhello/gone.py,,\n", "record-missing: hello/gone.py: RECORD lists the file, and "
             "the wheel does not have it"),
            ("RECORD,,\n", "RECORD,,\nhello/__init__.py,,\n", "record-format: hello/__init__.py: RECORD lists the file "
             "twice"),
            (f"{DIST_INFO}/RECORD,,\n", "", f"record-extra: {AT_RECORD}: RECORD does not list the file"),
            ('"hello/__init__.py"', '"a"b', "record-format: hello-0.1.0.dist-info/RECORD: it is not a table of "
             "comma-separated values: ',' expected after '\"'"),
        ],
    )  # fmt: skip
    def test_row(self, tmp_path: Path, old: str, new: str, expected: str) -> None:
        assert expected in found(self.wheel(tmp_path, old, new))

    def test_file_without_row(self, tmp_path: Path) -> None:
        path = self.wheel(tmp_path, "RECORD", "RECORD", put("hello/extra.py"))
        assert found(path) == ["record-extra: hello/extra.py: RECORD does not list the file"]

    def test_tampered_file(self, tmp_path: Path) -> None:
        path = self.wheel(tmp_path, "RECORD", "RECORD", put(LIBRARY, b"\x7fELF" + bytes(99) + b"x"))
        assert found(path) == [f"record-hash: {LIBRARY}: the sha256 of the bytes is not the one in RECORD"]

    def test_no_record(self, tmp_path: Path) -> None:
        assert f"missing-file: {AT_RECORD}: the wheel has no such file" in found(write_zip(tmp_path / NAME, good()))


class TestLibraries:
    def test_findings_of_the_audit(self, tmp_path: Path) -> None:
        made = report(wheel(tmp_path), FakeHost(answer=AUDIT))
        assert [str(finding) for finding in made.findings] == [
            f"{LIBRARY}: getrandom needs GLIBC_2.25, and the tag stands for GLIBC_2.17; leave it out; the smallest "
            "platform tag that would be true is manylinux_2_25_x86_64"
        ]
        assert made.findings[0].symbol == "getrandom"
        assert made.libraries[0].true_platform_tags == ("manylinux_2_25_x86_64",)
        assert not made.is_true

    def test_every_tag_is_compared(self, tmp_path: Path) -> None:
        host = FakeHost()
        name = "hello-0.1.0-cp310.cp311-abi3-manylinux2014_x86_64.manylinux_2_17_x86_64.whl"
        report(wheel(tmp_path, name=name), host)
        assert [str(tags) for tags in host.asked] == [
            "cp310-abi3-manylinux2014_x86_64",
            "cp311-abi3-manylinux2014_x86_64",
            "cp310-abi3-manylinux_2_17_x86_64",
            "cp311-abi3-manylinux_2_17_x86_64",
        ]

    def test_not_too_many(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(libraries, "LIBRARIES_MAX", 0)
        assert found(wheel(tmp_path)) == ["libraries: the wheel has 1 libraries, and the first 0 were read"]
        monkeypatch.undo()
        many = ".".join(f"cp3{minor}" for minor in range(10, 30))
        lines = found(wheel(tmp_path, name=f"hello-0.1.0-{many}-abi3-win32.whl"))
        assert "tags: the file name means 20 tags, and the first 16 were compared" in lines

    @pytest.mark.parametrize(
        ("path", "module"),
        [
            ("hello/_native.abi3.so", "hello._native"),
            ("_flat.cpython-313-x86_64-linux-gnu.so", "_flat"),
            ("a/b/c.cp313-win_amd64.pyd", "a.b.c"),
            ("a/b.so", "a.b"),
            ("hello.libs/libz.so.1", None),
            ("hello.libs/libz.so", None),
            ("a-b/c.so", None),
            ("a/c.dll", None),
            ("/x.so", None),
        ],
    )
    def test_module(self, path: str, module: str | None) -> None:
        assert module_of(path) == module

    def test_facts(self) -> None:
        facts = {
            **FACTS,
            "imports": [{"name": f"f{number}", "library": None} for number in range(14)],
            "needed": ["libc.so.6"],
            "soname": None,
            "runpath": [],
            "text_relocations": False,
            "executable_stack": True,
            "minimum_os": [{"platform": "macos", "version": "11.0", "x": None}],
            "signature": {"valid": True},
            "evil": "\x1b[2J",
        }
        assert list(facts_lines(facts)) == [
            "elf x86_64, 64 bits, little endian",
            "entry: PyInit__native",
            "imports: 14: f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11 and 2 more",
            "needed: libc.so.6",
            "executable stack: yes",
            "minimum os: platform=macos version=11.0",
            "signature: valid=True",
            "evil: \ufffd[2J",
        ]


@pytest.mark.parametrize(
    ("tag", "taken"),
    [
        ("any", True),
        ("win_amd64", True),
        ("win_arm64", True),
        ("win32", True),
        ("linux_x86_64", False),
        ("linux_armv7l", True),
        ("manylinux_2_17_x86_64", True),
        ("manylinux2014_aarch64", True),
        ("manylinux2010_aarch64", False),
        ("manylinux_2_31_riscv64", True),
        ("manylinux_2_36_loongarch64", False),
        ("manylinux_2_17_ppc64", True),
        ("musllinux_1_2_ppc64", False),
        ("musllinux_1_2_x86_64", True),
        ("macosx_10_13_x86_64", True),
        ("macosx_11_0_arm64", True),
        ("macosx_11_3_arm64", False),
        ("macosx_16_0_arm64", False),
        ("macosx_26_0_universal2", True),
        ("ios_13_0_arm64_iphoneos", True),
        ("android_21_arm64_v8a", True),
        ("freebsd_14_x86_64", False),
        ("win_amd64\n", False),
    ],
)
def test_platforms_that_the_index_takes(tag: str, taken: object) -> None:
    assert index_takes(tag) is taken


class TestCommands:
    @pytest.fixture(autouse=True)
    def _no_host(self, monkeypatch: pytest.MonkeyPatch) -> None:
        host = FakeHost(answer=AUDIT)
        monkeypatch.setattr(Host, "found", lambda _zig=None: host)

    def test_status(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = str(wheel(tmp_path))
        assert alloconda.cli.run(["inspect", path]) == 0
        out = capsys.readouterr().out
        assert f"  WRONG: {LIBRARY}: getrandom needs GLIBC_2.25" in out
        assert "smallest true platform tag: manylinux_2_25_x86_64" in out
        assert alloconda.cli.run(["inspect", "--verify", path]) == 1

    def test_json(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert alloconda.cli.run(["inspect", "--json", "--verify", str(wheel(tmp_path))]) == 1
        document = json.loads(capsys.readouterr().out)
        assert document["inspect"] == 1
        (one,) = document["wheels"]
        assert one["tags"] == {"python": "cp310", "abi": "abi3", "platform": "manylinux_2_17_x86_64"}
        assert one["libraries"][0]["true_platform_tags"] == ["manylinux_2_25_x86_64"]
        assert one["findings"][0]["symbol"] == "getrandom"
        assert one["true"] is False

    @pytest.mark.parametrize(
        ("arguments", "status", "sentence"),
        [
            (["inspect"], 2, "Missing argument 'WHEEL...'"),
            (["inspect", "gone.whl"], 1, "error: gone.whl cannot be read: No such file or directory."),
            (["inspect", "."], 1, "error: . cannot be read: Is a directory."),
            (["inspect-lib", "gone.so"], 1, "error: gone.so is not a file."),
            (["inspect-lib", "gone.so", "--verify"], 2, "--verify needs --tags, which say what the library should be."),
            (["inspect-lib", "gone.so", "--tags=abi3"], 2, "'abi3' is not the tags of a wheel: write them as cp310-"),
        ],
    )
    def test_wrong(self, arguments: list[str], status: int, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert alloconda.cli.run(arguments) == status
        assert sentence in capsys.readouterr().err

    def test_inspect_lib(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        library = tmp_path / "_native.abi3.so"
        library.write_bytes(b"\x7fELF")
        assert alloconda.cli.run(["inspect-lib", str(library)]) == 0
        assert capsys.readouterr().out.startswith(
            f"{library}\n  module _native\n  elf x86_64, 64 bits, little endian\n"
        )
        assert alloconda.cli.run(["inspect-lib", "--json", "--module=a.b", str(library)]) == 0
        assert json.loads(capsys.readouterr().out)["facts"]["module"] == "a.b"
        assert alloconda.cli.run(["inspect-lib", str(library.rename(tmp_path / "x.bin"))]) == 1
        assert capsys.readouterr().err == (
            "error: x.bin is not named as an extension module: give its name with --module.\n"
        )
