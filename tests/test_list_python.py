"""`list-python` with real Zigs: the names of wheels come from the host program, and are what packaging says."""

from __future__ import annotations

import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

import pytest
from packaging.tags import sys_tags

from workbench import ROOT, Workbench, Zig


def listed(workbench: Workbench, zig: Zig, **environment: str) -> dict[str, Any]:
    # Nothing on PATH, in pyenv or of uv: the interpreter that runs the tests is alone.
    alone = {"PATH": os.devnull, "PYENV_ROOT": os.devnull, "UV_PYTHON_INSTALL_DIR": os.devnull}
    cache = {"XDG_CACHE_HOME": str(workbench.folder / "user cache")}
    done = workbench.alloconda("list-python", "--json", zig=zig, cwd=None, status=0, **alone, **cache, **environment)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


@pytest.mark.skipif(sys.platform != "linux", reason="the tags of Linux")
def test_this_interpreter(workbench: Workbench, any_zig: Zig) -> None:
    report = listed(workbench, any_zig)
    (one,) = report["interpreters"]
    assert Path(one["executable"]) == Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    assert one["version"] == platform.python_version()
    wheel = one["wheel"]
    assert f"{wheel['python_tag']}-{wheel['abi_tag']}-{wheel['platform_tag']}" in set(map(str, sys_tags()))
    assert wheel["problem"] is None
    assert "3.14" in report["python_versions"]
    assert "3.14t" in report["python_versions"]
    usual = [entry["usual"] for entry in report["platforms"]]
    assert len(usual) == len(set(usual)) == 22
    assert {"manylinux_2_17_x86_64", "musllinux_1_2_aarch64", "macosx_11_0_arm64", "win_amd64"} <= set(usual)


def test_every_platform_of_the_list_can_be_asked_for(workbench: Workbench, zig: Zig) -> None:
    platforms = [entry[end] for entry in listed(workbench, zig)["platforms"] for end in ("usual", "oldest", "newest")]
    tags = dict.fromkeys(tag for tag in platforms if tag)
    done = workbench.alloconda(
        "wheel-all",
        "--dry-run",
        "--json",
        *(f"--target={tag}" for tag in tags),
        zig=zig,
        cwd=ROOT / "examples" / "hello",
    )
    assert [wheel["platform_tag"] for wheel in json.loads(done.stdout)["wheels"]] == list(tags)


def test_without_zig(workbench: Workbench, zig: Zig) -> None:
    report = listed(workbench, zig, ALLOCONDA_ZIG="/no/zig")
    assert report["platforms"] is None
    assert "'/no/zig'" in report["problem"]
    assert report["interpreters"][0]["wheel"] == {"problem": "it is not known without Zig"}
