"""Headers from a server with the layout and names of python-build-standalone, made of true headers."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from alloconda.cli import run
from alloconda.errors import AllocondaError
from alloconda.headers import download
from alloconda.headers.builds import Wanted
from alloconda.headers.cache import Cache
from alloconda.headers.fetch import Fetcher
from alloconda.headers.lock import LockFile
from fetching import FREE, LINUX, MUSL, STRIPPED, W313, WINDOWS, fetcher_of, leftovers
from interpreters import Platform, python_or_skip
from releases import HELD_TOGETHER, TAG, Release, Server, unix_members, windows_members
from workbench import PATIENCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def native_include(version: str) -> list[Path]:
    code = "import sysconfig; print(sysconfig.get_path('include'))"
    return [Path(subprocess.check_output([python_or_skip(version), "-c", code], text=True).strip())]


@pytest.fixture(scope="module")
def release() -> Release:
    made = Release()
    for version in ("3.11.7", "3.12.1", "3.13.0"):
        minor = version.rpartition(".")[0]
        suffix = f".cpython-{minor.replace('.', '')}-x86_64-linux-gnu.so"
        made.add(
            version, LINUX, STRIPPED, unix_members(native_include(minor), minor, free_threaded=False, suffix=suffix)
        )
    musl = Platform("musllinux_x86_64-3.13").include()
    suffix = ".cpython-313-x86_64-linux-musl.so"
    made.add("3.13.5", MUSL, "install_only.tar.gz", unix_members(musl, "3.13", free_threaded=False, suffix=suffix))
    for triple in ("aarch64-apple-darwin", "x86_64-apple-darwin"):
        # Nothing of macOS is on this machine; its headers are the same but for pyconfig.h.
        mac = unix_members(musl, "3.13", free_threaded=False, suffix=".cpython-313-darwin.so")
        made.add("3.13.0", triple, STRIPPED, mac)
    made.add("3.13.11", WINDOWS, STRIPPED, windows_members(Platform("win_amd64-3.13").include(), "3.13"))
    free = Platform("linux_x86_64-3.13t").include()
    suffix = ".cpython-313t-x86_64-linux-gnu.so"
    made.add("3.13.0", LINUX, FREE, unix_members(free, "3.13", free_threaded=True, suffix=suffix, full=True))
    return made


@pytest.fixture
def server(release: Release) -> Iterator[Server]:
    made = Server(release)
    yield made
    made.close()


@pytest.fixture
def fetcher(server: Server, tmp_path: Path) -> Callable[[], Fetcher]:
    return lambda: fetcher_of(server.url, tmp_path / "cache é")


def archive_path(triple: str = LINUX, version: str = "3.13.0", flavour: str = STRIPPED) -> str:
    return f"/{TAG}/cpython-{version}+{TAG}-{triple}-{flavour}"


def test_the_command_fetches_once_and_works_without_a_network_then(server: Server, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "alloconda", "python", "fetch", "--cache-dir", str(tmp_path / "cache")]
    linux = [*command, "--mirror", server.url, "--version", "3.13", "--manylinux", "2_28", "--arch", "x86_64"]
    done = subprocess.run(linux, capture_output=True, text=True, check=True)
    assert done.stdout == f"{tmp_path}/cache/cpython-3.13.0+{TAG}-{LINUX}/include/python3.13\n"
    assert f"downloading cpython-3.13.0+{TAG}-{LINUX}-install_only_stripped.tar.gz" in done.stderr
    own = native_include("3.13")[0]
    taken = Path(done.stdout.strip())
    names = {path.relative_to(own) for path in own.rglob("*.h")}
    assert {path.relative_to(taken) for path in taken.rglob("*.h")} == names
    assert all((own / name).read_bytes() == (taken / name).read_bytes() for name in names)
    assert not (taken.parent.parent / "bin").exists()
    assert not list(taken.parent.parent.glob("lib/*/os.py"))
    seen = len(server.requests)
    warm = subprocess.run([*linux, "--no-fetch"], capture_output=True, text=True, check=True)
    assert (warm.stdout, warm.stderr, len(server.requests)) == (done.stdout, "", seen)
    listed = subprocess.run(
        [sys.executable, "-m", "alloconda", "cache", "list"],
        env=os.environ | {"ALLOCONDA_PBS_CACHE": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"MB  cpython-3.13.0+{TAG}-{LINUX}\n" in listed.stdout
    cleared = [sys.executable, "-m", "alloconda", "cache", "clear", "--cache-dir", str(tmp_path / "cache")]
    assert subprocess.check_output(cleared, text=True).endswith(" MB removed\n")
    refused = subprocess.run([*linux, "--no-fetch"], capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert refused.stderr == (
        f"error: The headers of CPython 3.13 for {LINUX} are not in the cache, and --no-fetch forbids to fetch them: "
        f"run 'alloconda python fetch --version 3.13 --pbs-target {LINUX}', or name them with --python-include.\n"
    )


@pytest.mark.parametrize(
    ("options", "folders"),
    [
        (
            ["--version", "3.11", "--version", "3.13t", "--manylinux", "2_28", "--arch", "x86_64"],
            [f"cpython-3.11.7+{TAG}-{LINUX}", f"cpython-3.13.0+{TAG}-{LINUX}-freethreaded"],
        ),
        (
            ["--version", "3.13", "--platform-tag", "win_amd64", "--platform-tag", "musllinux_1_1_x86_64"],
            [f"cpython-3.13.11+{TAG}-{WINDOWS}", f"cpython-3.13.5+{TAG}-{MUSL}"],
        ),
        (["--version", "3.13", "--musllinux", "1_2", "--arch", "x86_64"], [f"cpython-3.13.5+{TAG}-{MUSL}"]),
        (
            ["--all", "--platform-tag", "manylinux2014_x86_64"],
            [f"cpython-3.{minor}+{TAG}-{LINUX}" for minor in ("11.7", "12.1", "13.0")],
        ),
        (
            ["--version", "3.13", "--platform-tag", "macosx_11_0_universal2"],
            [f"cpython-3.13.0+{TAG}-{arch}-apple-darwin" for arch in ("aarch64", "x86_64")],
        ),
    ],
)
def test_the_options_that_name_a_platform(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], folders: list[str]
) -> None:
    cache = tmp_path / "cache é"
    fetch = ["python", "fetch", "--mirror", server.url, "--cache-dir", str(cache), *options]
    assert run(fetch) == 0
    printed = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert [path.relative_to(cache).parts[0] for path in printed] == folders
    assert all((path / "Python.h").is_file() for path in printed)
    seen = len(server.requests)
    assert run([*fetch, "--no-fetch"]) == 0
    assert [Path(line) for line in capsys.readouterr().out.splitlines()] == printed
    assert len(server.requests) == seen


def test_all_versions_of_nothing(server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fetch = ["python", "fetch", "--mirror", server.url, "--cache-dir", str(tmp_path), "--all", "--pbs-target", "linux"]
    assert run(fetch) == 1
    sentence = (
        f"error: There is no CPython for linux in release {TAG} of python-build-standalone: name another platform.\n"
    )
    assert capsys.readouterr().err == sentence
    assert run([*fetch, "--no-fetch"]) == 1
    sentence = (
        f"error: There is no CPython for linux in {tmp_path}/lock.json, and --no-fetch forbids to look further: name "
        "another platform.\n"
    )
    assert capsys.readouterr().err == sentence


def test_the_mirror_of_the_project(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An option wins over the environment, and that over the file: as for every key."""
    (tmp_path / "pyproject.toml").write_text(f'[tool.alloconda]\nmirror = "{server.url}/of-file"\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ALLOCONDA_PYTHON_MIRROR", raising=False)
    fetch = ["python", "fetch", "--version", "3.13", "--pbs-target", LINUX, "--cache-dir", str(tmp_path / "cache")]
    said = []
    assert run(fetch) == 1
    said.append(capsys.readouterr().err)
    monkeypatch.setenv("ALLOCONDA_PYTHON_MIRROR", f"{server.url}/of-environment")
    assert run(fetch) == 1
    said.append(capsys.readouterr().err)
    assert run([*fetch, "--mirror", f"{server.url}/of-option/"]) == 1
    said.append(capsys.readouterr().err)
    assert said == [
        f"error: {server.url}/of-{place}/latest-release.json cannot be read: the server says 404 Not Found.\n"
        for place in ("file", "environment", "option")
    ]


def test_every_kind_of_build_at_once(server: Server, fetcher: Callable[[], Fetcher]) -> None:
    for path in server.files:
        server.faults[path] = ["held"] * path.endswith((".gz", ".zst"))
    wanted = [
        W313,
        Wanted(11, free_threaded=False, triple=LINUX),
        Wanted(13, free_threaded=True, triple=LINUX),
        Wanted(13, free_threaded=False, triple=MUSL),
        Wanted(13, free_threaded=False, triple=WINDOWS),
    ]
    made = fetcher()
    entries = made.entries(wanted)
    places = [str(entry.include.relative_to(entry.folder)) for entry in entries]
    assert places == [
        "include/python3.13",
        "include/python3.11",
        "include/python3.13t",
        "include/python3.13",
        "include",
    ]
    assert (entries[4].folder / "libs" / "python313.lib").is_file()
    assert "Py_GIL_DISABLED 1" in (entries[2].include / "pyconfig.h").read_text()
    assert made.versions(LINUX) == ["3.11", "3.12", "3.13"]
    assert [entry.version for entry in made.cache.entries()] == ["3.11.7", "3.13.0", "3.13.0", "3.13.11", "3.13.5"]
    assert leftovers(made.cache.root) == []
    # Not all of them, which would be unkind to the server.
    assert server.held == HELD_TOGETHER


def test_a_lock_file_gives_the_same_bytes_after_a_newer_release(release: Release, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "alloconda.lock").write_text('{"lock": 1, "pythons": {}}')
    newer = Release("20250818")
    newer.add("3.13.7", LINUX, STRIPPED, {"python/include/python3.13/Python.h": b"/* newer */\n"})
    old, new = Server(release), Server(newer)
    old_files = dict(old.files)
    try:
        for server, options, version in [(old, [], "3.13.0"), (new, [], "3.13.0"), (new, ["--update"], "3.13.7")]:
            server.files = old_files | server.files if server is new else server.files
            cache = tmp_path / f"cache-{version}-{server is new}"
            command = ["python", "fetch", "--version", "3.13", "--pbs-target", LINUX, "--mirror", server.url, *options]
            done = subprocess.run(
                [sys.executable, "-m", "alloconda", *command, "--cache-dir", str(cache)],
                cwd=project,
                capture_output=True,
                text=True,
                check=True,
            )
            assert f"cpython-{version}+" in done.stdout
        locked = json.loads((project / "alloconda.lock").read_text())["pythons"][f"3.13 {LINUX}"]
        assert locked["asset"] == f"cpython-3.13.7+20250818-{LINUX}-{STRIPPED}"
        assert locked["sha256"] == hashlib.sha256(next(iter(newer.archives.values()))).hexdigest()
    finally:
        old.close()
        new.close()


@pytest.mark.parametrize(
    ("faults", "requests"),
    [
        (["500"], [None, None]),
        (["429", "503"], [None, None, None]),
        (["cut"], [None, "rest"]),
        (["hang"], [None, "rest"]),
        (["cut", "whole"], [None, "rest"]),
        (["slow"], [None]),
        (["redirect"], [None, None]),
    ],
    ids=lambda value: "-".join(map(str, value)),
)
def test_what_goes_wrong_for_a_while(
    server: Server, fetcher: Callable[[], Fetcher], faults: list[str], requests: list[str | None]
) -> None:
    server.faults[archive_path()] = list(faults)
    made = fetcher()
    assert made.entry(W313).include.is_dir()
    ranges = [asked for path, asked in server.requests if path == archive_path()]
    assert [None if asked is None else "rest" for asked in ranges] == requests
    assert leftovers(made.cache.root) == []


def test_each_pause_is_longer_than_the_one_before(
    server: Server, fetcher: Callable[[], Fetcher], monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(download, "time", SimpleNamespace(sleep=pauses.append))
    server.faults[archive_path()] = ["500", "503"]
    assert fetcher().entry(W313).include.is_dir()
    assert pauses == [0.01, 0.02]


@pytest.mark.parametrize(
    ("path", "faults", "sentence"),
    [
        (archive_path(), ["404"], "cannot be read: the server says 404 Not Found."),
        (
            archive_path(),
            ["500"] * 3,
            "cannot be read (the server says 500, 3 attempts): check the network, or name a mirror",
        ),
        ("/latest-release.json", ["404"], "/latest-release.json cannot be read: the server says 404 Not Found."),
        (f"/{TAG}/SHA256SUMS", ["hang"] * 3, "SHA256SUMS cannot be read (Read timed out, 3 attempts)"),
    ],
)
def test_what_goes_wrong_for_good(
    server: Server, fetcher: Callable[[], Fetcher], path: str, faults: list[str], sentence: str
) -> None:
    server.faults[path] = list(faults)
    made = fetcher()
    with pytest.raises(AllocondaError) as caught:
        made.entry(W313)
    assert sentence in str(caught.value)
    assert made.cache.entries() == []
    assert made.entry(W313).include.is_dir()


def test_wrong_bytes_are_not_used(server: Server, fetcher: Callable[[], Fetcher]) -> None:
    right = server.files[archive_path()]
    server.files[archive_path()] = right[:-8] + bytes(8)
    made = fetcher()
    with pytest.raises(AllocondaError, match="has the SHA-256 [0-9a-f]{64}, and must have [0-9a-f]{64}: it is damaged"):
        made.entry(W313)
    assert made.cache.entries() == []
    assert leftovers(made.cache.root) == []
    server.files[archive_path()] = right
    assert made.entry(W313).include.is_dir()


def test_the_beginning_of_another_file_is_not_continued(server: Server, fetcher: Callable[[], Fetcher]) -> None:
    made = fetcher()
    partial = made.cache.root / "downloads" / archive_path().rpartition("/")[2]
    partial.parent.mkdir(parents=True)
    for size in (1000, len(server.files[archive_path()]) + 1):
        partial.write_bytes(bytes(size))
        assert made.entry(W313).include.is_dir()
        made.cache.clear()
        partial.parent.mkdir()


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(
        AllocondaError, match="latest-release.json cannot be read \\(.*refused.*, 3 attempts\\): check the"
    ):
        fetcher_of("http://127.0.0.1:9", tmp_path).entry(W313)
    for mirror in ("ftp://example.invalid", "nowhere"):
        with pytest.raises(AllocondaError, match="is not an address: it must start with https:// and name a server"):
            fetcher_of(mirror, tmp_path).entry(W313)


def test_a_version_that_there_is_not(fetcher: Callable[[], Fetcher]) -> None:
    with pytest.raises(AllocondaError) as caught:
        fetcher().entry(Wanted(10, free_threaded=False, triple=LINUX))
    assert str(caught.value) == (
        f"python-build-standalone has no CPython 3.10 for {LINUX} in its release {TAG}: name the headers with "
        "--python-include, or build for another version."
    )


def start_fetch(server: Server, cache: Path) -> subprocess.Popen[str]:
    command = ["python", "fetch", "--version", "3.13", "--pbs-target", LINUX, "--mirror", server.url]
    return subprocess.Popen(
        [sys.executable, "-m", "alloconda", *command, "--cache-dir", str(cache)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_several_processes_download_once(server: Server, tmp_path: Path) -> None:
    server.faults[archive_path()] = ["slow"]
    processes = [start_fetch(server, tmp_path / "cache") for _ in range(3)]
    outputs = {process.communicate(timeout=PATIENCE_SECONDS)[0] for process in processes}
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert len(outputs) == 1
    assert server.asked("install_only_stripped") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_killed_download_goes_on_where_it_stopped(server: Server, tmp_path: Path, number: signal.Signals) -> None:
    cache = tmp_path / "cache"
    server.faults[archive_path()] = ["hang"]
    process = start_fetch(server, cache)
    partial = cache / "downloads" / archive_path().rpartition("/")[2]
    for _ in range(PATIENCE_SECONDS * 20):
        if partial.is_file() and partial.stat().st_size > 100_000:
            break
        time.sleep(0.05)
    process.send_signal(number)
    errors = process.communicate(timeout=PATIENCE_SECONDS)[1]
    assert "Traceback" not in errors
    assert Cache(cache).entries() == []
    again = start_fetch(server, cache)
    assert again.communicate(timeout=PATIENCE_SECONDS)[0].endswith("include/python3.13\n")
    assert [asked is not None for path, asked in server.requests if path == archive_path()] == [False, True]
    assert len(Cache(cache).entries()) == 1


def test_a_cache_that_cannot_be_written(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    process = start_fetch(server, tmp_path / "file" / "cache")
    assert process.communicate()[1] == (
        f"error: The cache of headers cannot be written ({tmp_path}/file/cache: Not a directory): set "
        "ALLOCONDA_PBS_CACHE to another folder.\n"
    )


def test_a_user_without_a_home_folder(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("ALLOCONDA_PBS_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", no_home)
    assert run(["cache", "path"]) == 1
    sentence = "error: This user has no home folder: set HOME to a folder that can be written.\n"
    assert capsys.readouterr().err == sentence
    monkeypatch.setenv("ALLOCONDA_PBS_CACHE", "/cache")
    assert run(["cache", "path"]) == 0


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("[", "it is not JSON"),
        ("[]", "it has no table 'pythons'"),
        ('{"lock": 2, "pythons": {}}', "'lock' is 2, and this alloconda reads 1"),
        (
            '{"lock": 1, "pythons": {"3.13 x86_64-unknown-linux-gnu": {"asset": "x"}}}',
            "does not name an archive of that",
        ),
    ],
)
def test_a_damaged_lock_file(tmp_path: Path, content: str, why: str) -> None:
    path = tmp_path / "alloconda.lock"
    path.write_text(content)
    with pytest.raises(AllocondaError) as caught:
        LockFile(path).get(W313)
    assert why in str(caught.value)
    assert str(caught.value).endswith("Restore or remove it.")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ([], "Give --version, such as --version 3.14, or --all."),
        (["--all", "--version", "3.13"], "Give --version, such as --version 3.14, or --all."),
        (["--version", "3"], "'3' is not a Python version: write it as 3.14, or 3.14t for free threading."),
        (["--version", "3.13", "--arch", "x86_64"], "--arch goes with --manylinux or --musllinux."),
        (
            ["--version", "3.13", "--manylinux", "2_28", "--platform-tag", "win32"],
            "--manylinux, --musllinux, --platform-tag and --pbs-target exclude each other.",
        ),
    ],
)
def test_options_that_make_no_sense(options: list[str], sentence: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "alloconda", "python", "fetch", "--cache-dir", str(tmp_path), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (1, 2)
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_the_suffix_that_a_real_build_says(tmp_path: Path) -> None:
    from alloconda.headers.configuration import extension_suffix

    name = sysconfig._get_sysconfigdata_name()  # type: ignore[attr-defined]  # noqa: SLF001 - no other way to its file
    data = Path(sysconfig.get_path("stdlib"), f"{name}.py")
    target = tmp_path / "lib" / "python3.12" / data.name
    target.parent.mkdir(parents=True)
    target.write_bytes(data.read_bytes())
    assert extension_suffix(tmp_path) == sysconfig.get_config_var("EXT_SUFFIX")
    target.write_text("build_time_vars = __import__('os').abort()")
    assert extension_suffix(tmp_path) is None
    target.write_text("build_time_vars = {")
    with pytest.raises(AllocondaError, match="The configuration of Python in .* cannot be read"):
        extension_suffix(tmp_path)
    target.unlink()
    (target.parent / "build-details.json").write_text('{"abi": {"extension_suffix": ".x.so"}}')
    assert extension_suffix(tmp_path) == ".x.so"
