"""What a wheel says of what it is made of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from workspace import Workspace

from alloconda.config import Config
from alloconda.errors import AllocondaError
from alloconda.manifest import Manifest
from alloconda.pack.sbom import sbom
from alloconda.pack.wheel import write_wheel
from alloconda.project import Project

ZLIB = "zlib-1.3.1-ZZQ7lc8NAABUbHzDe_cSWboCqMbrLkVwvFkKnojgeiT2"
NAMELESS = "N-V-__8AAIVZCgDYHKNZUoxkjTp_NZBrNlz34jQ0PExEQrBO"
ZON = f""".{{
    .name = .hello,
    .dependencies = .{{
        .zlib = .{{ .url = "https://example.org/zlib 1.tar.gz", .hash = "{ZLIB}", .lazy = true }},
        .nameless = .{{ .url = "git+https://example.org/x#abc", .hash = "{NAMELESS}" }},
        .near = .{{ .path = "vendor/near" }},
        .gone = .{{ .path = "../gone" }},
    }},
}}
"""
NEAR = f""".{{
    .name = .near_by,
    .version = "0.2.0",
    .dependencies = .{{
        .zlib = .{{ .url = "https://example.org/zlib 1.tar.gz", .hash = "{ZLIB}" }},
        .self = .{{ .path = "." }},
    }},
}}
"""


@pytest.fixture
def document(bare: Workspace) -> dict[str, Any]:
    bare.add("build.zig.zon", ZON)
    bare.add("vendor/near/build.zig.zon", NEAR)
    text = sbom(Project.load(bare.project), "0.16.0")
    assert text == sbom(Project.load(bare.project), "0.16.0")
    assert str(bare.project) not in text.decode()
    parsed: dict[str, Any] = json.loads(text)
    return parsed


ROOT = "pkg:pypi/hello@0.1.0"
ZIG = "pkg:generic/zig@0.16.0"
NEAR_BY = "pkg:generic/near_by@0.2.0"
GONE = "pkg:generic/gone"
ZLIB_PURL = "pkg:generic/zlib@1.3.1?download_url=https%3A%2F%2Fexample.org%2Fzlib%201.tar.gz"
NAMELESS_PURL = "pkg:generic/nameless?download_url=git%2Bhttps%3A%2F%2Fexample.org%2Fx%23abc"


def test_components(document: dict[str, Any]) -> None:
    found = {one["purl"]: (one["name"], one.get("version"), one.get("properties")) for one in document["components"]}
    assert found == {
        ZIG: ("zig", "0.16.0", None),
        ZLIB_PURL: ("zlib", "1.3.1", [{"name": "zig:hash", "value": ZLIB}]),
        NAMELESS_PURL: ("nameless", None, [{"name": "zig:hash", "value": NAMELESS}]),
        NEAR_BY: ("near_by", "0.2.0", None),
        GONE: ("gone", None, None),
    }


def test_who_needs_what(document: dict[str, Any]) -> None:
    assert {one["ref"]: one["dependsOn"] for one in document["dependencies"]} == {
        ROOT: sorted([ZIG, ZLIB_PURL, NAMELESS_PURL, NEAR_BY, GONE]),
        NEAR_BY: sorted([NEAR_BY, ZLIB_PURL]),
        ZIG: [],
        GONE: [],
        ZLIB_PURL: [],
        NAMELESS_PURL: [],
    }
    assert document["compositions"] == [{"aggregate": "unknown", "dependencies": sorted([ZLIB_PURL, NAMELESS_PURL])}]


@pytest.mark.parametrize("place", ["zig-pkg", "cache/p", "pkg"])
def test_downloads_are_looked_into(bare: Workspace, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """Where Zig has unpacked them: 0.15 in its global cache, 0.16 in the project, 0.17 also elsewhere."""
    if place == "cache/p":
        monkeypatch.setenv("ZIG_GLOBAL_CACHE_DIR", str(bare.project / "cache"))
    elif place == "pkg":
        monkeypatch.setenv("ZIG_LOCAL_PKG_DIR", str(bare.project / "pkg"))
    lazy = '.lazy = .{ .url = "https://example.org/lazy.tar.gz", .hash = "lazy-1.0.0-' + "a" * 44 + '", .lazy = true }'
    zlib = f'.zlib = .{{ .url = "https://example.org/zlib 1.tar.gz", .hash = "{ZLIB}" }}'
    nameless = f'.nameless = .{{ .url = "git+https://example.org/x#abc", .hash = "{NAMELESS}" }}'
    bare.add("build.zig.zon", f".{{ .dependencies = .{{ {lazy}, {zlib} }} }}")
    bare.add(
        f"{place}/{ZLIB}/build.zig.zon", f'.{{ .dependencies = .{{ {nameless}, .near = .{{ .path = "near" }} }} }}'
    )
    bare.add(f"{place}/{ZLIB}/near/build.zig.zon", '.{ .name = .near_by, .version = "0.2.0" }')
    bare.add(f"{place}/{NAMELESS}/root.zig")
    # Whether a lazy one has been downloaded must make no difference.
    bare.add(f"{place}/lazy-1.0.0-{'a' * 44}/build.zig.zon", ".{ .dependencies = .{} }")
    document = json.loads(sbom(Project.load(bare.project), "0.16.0"))
    needs = {one["ref"]: one["dependsOn"] for one in document["dependencies"]}
    assert needs[ZLIB_PURL] == sorted([NAMELESS_PURL, NEAR_BY])
    lazy_purl = "pkg:generic/lazy@1.0.0?download_url=https%3A%2F%2Fexample.org%2Flazy.tar.gz"
    assert document["compositions"] == [{"aggregate": "unknown", "dependencies": [lazy_purl]}]


def test_it_is_valid(document: dict[str, Any]) -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(document)) is None


@pytest.mark.parametrize(
    ("config", "expected"), [(Config(), True), (Config(sbom=True), True), (Config(sbom=False), False)]
)
def test_it_can_be_left_out(hello: Workspace, config: Config, *, expected: bool) -> None:
    import zipfile

    path = hello.manifest()
    path.write_text(path.read_text("utf-8").replace('"manifest": 1', '"manifest": 1, "zig_version": "0.16.0"'), "utf-8")
    wheel = write_wheel(Manifest.load(path), Project.load(hello.project), config, hello.out)
    with zipfile.ZipFile(wheel) as archive:
        assert ("hello-0.1.0.dist-info/sboms/alloconda.cdx.json" in archive.namelist()) == expected


def test_damaged_zon(bare: Workspace) -> None:
    path: Path = bare.add("build.zig.zon", ".{ .dependencies = ")
    with pytest.raises(AllocondaError) as caught:
        sbom(Project.load(bare.project), "0.16.0")
    assert str(caught.value).startswith(f"{path} is not valid ZON: ")
