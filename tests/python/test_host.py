"""The host program as the commands that inspect get and ask it, with programs that pass for Zig and for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from fixtures import FakeZig
from workspace import write, write_program

import alloconda
from alloconda.errors import AllocondaError
from alloconda.manifest import Tags
from alloconda.toolchain import host as host_module
from alloconda.toolchain.host import Host

TAGS = Tags("cp310", "abi3", "win32")
BUILD = """
    path = prefix / "bin" / "alloconda-host"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(host_module, "user_cache_folder", lambda: tmp_path / "cache")
    return tmp_path / "cache"


def fake_host(folder: Path, code: str) -> Host:
    """A host program that runs some code, with `output` and `arguments` at hand."""
    text = f"import sys, time\narguments = sys.argv[1:]\noutput = arguments[-1]\n{code}\n"
    return Host(write_program(folder / "alloconda-host", text))


class TestBuilding:
    def test_a_checkout_is_built_each_time(
        self, fake_zig: FakeZig, cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        zig = fake_zig(build=BUILD)
        monkeypatch.setenv("ALLOCONDA_ZIG", str(zig))
        for _ in range(2):
            assert Host.found().executable == cache / f"host-{alloconda.__version__}-0.16.0/bin/alloconda-host"
            assert zig.with_name("log").read_text("utf-8").startswith("--prefix\n")
            zig.with_name("log").unlink()

    def test_an_installation_is_built_once(
        self, fake_zig: FakeZig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        installed = tmp_path / "site-packages" / "alloconda"
        write(installed / "zig" / "build.zig.zon", ".{ .name = .alloconda }")
        write(installed / "zig" / "build.zig")
        monkeypatch.setattr(alloconda, "__file__", str(installed / "__init__.py"))
        monkeypatch.setattr(host_module, "__file__", str(installed / "toolchain" / "host.py"))
        zig = fake_zig(build=BUILD)
        Host.found(str(zig))
        zig.with_name("log").unlink()
        Host.found(str(zig))
        assert not zig.with_name("log").exists()

    def test_zig_fails(self, fake_zig: FakeZig) -> None:
        with pytest.raises(AllocondaError) as caught:
            Host.found(str(fake_zig(build="sys.exit('as Zig wrote it')")))
        assert str(caught.value) == "The program that reads libraries cannot be built. Zig says:\nas Zig wrote it"

    def test_zig_makes_nothing(self, fake_zig: FakeZig) -> None:
        with pytest.raises(AllocondaError, match=r"made no alloconda-host: install alloconda again\.$"):
            Host.found(str(fake_zig()))

    def test_a_cache_that_cannot_be_made(self, fake_zig: FakeZig, cache: Path) -> None:
        write(cache)
        with pytest.raises(AllocondaError, match=r"^The folder .* cannot be made: Not a directory\.$"):
            Host.found(str(fake_zig()))


class TestAsking:
    ECHO = "import json; json.dump({'asked': arguments[:-1]}, open(output, 'w'))"

    def test_inspect(self, tmp_path: Path) -> None:
        answer = fake_host(tmp_path, self.ECHO).inspect(tmp_path / "x.so", "a.x")
        assert answer == {"asked": ["inspect", f"{tmp_path}/x.so", "--module", "a.x", "--output"]}

    def test_audit(self, tmp_path: Path) -> None:
        answer = fake_host(tmp_path, self.ECHO).audit(tmp_path / "0-x.so", "a.x", "a/x.so", TAGS)
        tags = ["--python-tag", "cp310", "--abi-tag", "abi3", "--platform-tag", "win32"]
        asked = ["audit", f"{tmp_path}/0-x.so", "--module", "a.x", "--file", "a/x.so", *tags, "--mode", "warn"]
        assert answer == {"asked": [*asked, "--output"]}

    @pytest.mark.parametrize(
        ("code", "sentence"),
        [
            ("sys.exit('error: ' + arguments[1] + ' is no library.')", "x.so is no library."),
            ("sys.exit('noise\\nerror: one\\nerror: two')", "one."),
            ("sys.exit(3)", "it ended with status 3."),
            ("", "it ended with status 0."),
            ("open(output, 'w').write('[]')", "its answer is no object: []."),
            ("open(output, 'w').write('{')", "its answer is no JSON."),
            ("open(output, 'w').truncate(65 << 20)", "its answer is too long to be read."),
            ("time.sleep(60)", "it took longer than 0.5 seconds."),
        ],
    )
    def test_failure(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, sentence: str) -> None:
        if "sleep" in code:
            monkeypatch.setattr(host_module, "_TIMEOUT_SECONDS", 0.5)
        with pytest.raises(AllocondaError) as caught:
            fake_host(tmp_path, code).inspect(tmp_path / "x.so", "x")
        assert str(caught.value) == f"alloconda-host inspect: {sentence}"

    def test_no_program(self, tmp_path: Path) -> None:
        with pytest.raises(AllocondaError, match=r"cannot be run: No such file or directory\.$"):
            Host(tmp_path / "gone").inspect(Path(os.devnull), "x")
