"""`publish` against indexes on the loopback, as a user runs it."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
import trustme
from indexes import (
    PASSWORD,
    QUOTED,
    USER,
    Answer,
    Index,
    answering,
    breaking_off,
    echoing_the_login,
    pypiserver,
    scripted,
    statement,
)
from made_release import pure_wheel, release, sdist

from alloconda import build_backend
from alloconda.cli import run
from workbench import Workbench, Zig

SDIST, PY2, PY3 = "hello-0.1.0.tar.gz", "hello-0.1.0-py2-none-any.whl", "hello-0.1.0-py3-none-any.whl"
SECRETS = (PASSWORD, QUOTED.partition(":")[2], "YWRhOmdyMzN")  # the last: the login as a header begins


class Publisher:
    """Runs the command, and looks at all that it writes for secrets."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("TWINE_", "GITHUB_", "GITLAB_"))
        } | {"HOME": str(folder), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", "COLUMNS": "80"}

    def __call__(
        self,
        *arguments: object,
        status: int = 0,
        secrets: Sequence[str] = SECRETS,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "alloconda", "publish", "-v", *map(str, arguments)],
            cwd=self.folder,
            env=self.environment | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        everything = done.stdout + done.stderr
        assert done.returncode == status, everything
        assert "Traceback" not in everything
        assert [secret for secret in secrets if secret in everything] == []
        return done


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    release(tmp_path / "dist")
    return Publisher(tmp_path)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with pypiserver(tmp_path) as index:
        yield index


def dist(publisher: Publisher) -> list[Path]:
    return sorted((publisher.folder / "dist").iterdir())


def test_upload_then_install(publisher: Publisher, index: Index, tmp_path: Path) -> None:
    login = ["--repository-url", index.address, "--username", USER]
    done = publisher(*dist(publisher), *login, environment={"TWINE_PASSWORD": PASSWORD})
    # The sdist first.
    assert [Path(line.split()[0]).name for line in done.stdout.splitlines()] == [SDIST, PY2, PY3]
    assert index.files() == [PY2, PY3, SDIST]
    for path in dist(publisher):
        assert (index.packages / path.name).read_bytes() == path.read_bytes()
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--no-deps", "--no-cache-dir", "--quiet", "--isolated"),
            *("--index-url", f"{index.with_login}simple/", "--target", tmp_path / "site", "hello==0.1.0"),
        ],
        check=True,
    )
    said = subprocess.check_output([sys.executable, "-c", "import hello; print(hello.greet())"], cwd=tmp_path / "site")
    assert said == b"Hello\n"

    # A second run: refused, and with --skip-existing nothing to do.
    again = publisher(*dist(publisher), *login, status=1, environment={"TWINE_PASSWORD": PASSWORD})
    assert f"it has {SDIST} already. A file that was published cannot be replaced: raise the version" in again.stderr
    skipped = publisher(*dist(publisher), *login, "--skip-existing", "--json", environment={"TWINE_PASSWORD": PASSWORD})
    assert [file["result"] for file in json.loads(skipped.stdout)["files"]] == ["there already"] * 3


def test_second_run_after_half_of_the_upload(publisher: Publisher, index: Index) -> None:
    publisher("dist/" + SDIST, "--repository-url", index.with_login)
    done = publisher(*dist(publisher), "--repository-url", index.with_login, "--skip-existing")
    assert [line.split(maxsplit=1)[1] for line in done.stdout.splitlines()] == ["there already", "uploaded", "uploaded"]
    assert index.files() == [PY2, PY3, SDIST]


@pytest.mark.parametrize("source", ["options", "address", "pypirc", "address in pypirc", "keyring"])
def test_where_the_login_comes_from(publisher: Publisher, index: Index, source: str) -> None:
    arguments: list[str] = []
    environment = {}
    if source == "options":
        arguments = ["--repository-url", index.address, "-u", USER, "-p", PASSWORD]
    elif source == "address":
        arguments = ["--repository-url", index.with_login]
    elif source.endswith("pypirc"):
        login = f"repository = {index.address}\nusername = {USER}\npassword = {PASSWORD}\n"
        section = login if source == "pypirc" else f"repository = {index.with_login}\n"
        (publisher.folder / ".pypirc").write_text(f"[distutils]\nindex-servers = mine\n\n[mine]\n{section}")
        arguments = ["--repository", "mine"]
    else:
        (publisher.folder / "vault.py").write_text(
            "import keyring.backend, keyring.credentials\n"
            "class Vault(keyring.backend.KeyringBackend):\n"
            "    priority = 9\n"
            "    def set_password(self, service, username, password): raise AssertionError\n"
            f"    def get_password(self, service, username): return {PASSWORD!r}\n"
            "    def get_credential(self, service, username):\n"
            f"        return keyring.credentials.SimpleCredential({USER!r}, {PASSWORD!r})\n"
        )
        arguments = ["--repository-url", index.address]
        path = os.pathsep.join([str(publisher.folder), os.environ.get("PYTHONPATH", "")])
        environment = {"PYTHON_KEYRING_BACKEND": "vault.Vault", "PYTHONPATH": path}
    publisher("dist/" + SDIST, *arguments, environment=environment)
    assert index.files() == [SDIST]


def test_a_pypirc_of_another_form(publisher: Publisher) -> None:
    (publisher.folder / ".pypirc").write_text(f"password = {PASSWORD}\n")
    done = publisher("dist/" + SDIST, "--repository", "mine", status=1)
    # In twine's words, which are others in each version; the line that cannot be read is not among them.
    assert re.fullmatch("error: .*~/.pypirc.*", done.stderr.splitlines()[-1])


def test_a_place_for_files_that_is_none(publisher: Publisher) -> None:
    (publisher.folder / "pyproject.toml").write_text('[project]\nname = "hello"\nversion = "0.1.0"\n')
    out = publisher.folder / "pyproject.toml" / "dist"
    done = publisher("--dry-run", "--out-dir", out, status=1)
    assert done.stderr.splitlines()[-1] == f"error: {out} cannot be written: Not a directory."


def test_wrong_password(publisher: Publisher, index: Index) -> None:
    done = publisher("dist/" + SDIST, "--repository-url", index.address, "-u", USER, "-p", "no" + PASSWORD, status=1)
    assert "answers 403" in done.stderr
    assert "It does not accept the token or the password" in done.stderr
    assert index.files() == []


def test_nobody_to_ask(publisher: Publisher) -> None:
    done = publisher("dist/" + SDIST, "--repository-url", "http://127.0.0.1:1/", status=1)
    assert "error: There is no username for 127.0.0.1:1, and no terminal to ask for it: give --token" in done.stderr


def test_an_index_that_wants_no_login(publisher: Publisher) -> None:
    with scripted(answering(200)) as index:
        publisher("dist/" + SDIST, "--repository-url", index.address, "--username=", "--password=")
        assert index.logins == [None]
        publisher("dist/" + SDIST, "--repository-url", index.address, "--token", PASSWORD)
        header = base64.b64encode(f"__token__:{PASSWORD}".encode()).decode()
        assert index.logins == [None, f"Basic {header}"]


def test_options_win_over_the_environment(publisher: Publisher) -> None:
    with scripted(answering(200)) as index:
        url = ["--repository-url", index.address]
        publisher("dist/" + SDIST, *url, "-u", USER, "-p", PASSWORD, environment={"ALLOCONDA_PUBLISH_TOKEN": "other"})
        publisher("dist/" + SDIST, *url, "--token", PASSWORD, environment={"TWINE_USERNAME": "other"})
        names = [base64.b64decode(str(login).removeprefix("Basic ")).decode() for login in index.logins]
        assert names == [f"{USER}:{PASSWORD}", f"__token__:{PASSWORD}"]
        done = publisher(
            *("dist/" + SDIST, "--repository", "testpypi", "--dry-run"),
            environment={"TWINE_REPOSITORY_URL": index.address},
        )
        assert "for https://test.pypi.org/legacy/" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="a terminal of POSIX")
def test_a_terminal_is_asked(publisher: Publisher) -> None:
    import pty

    ours, theirs = pty.openpty()
    with scripted(answering(200)) as index, os.fdopen(ours, "wb", buffering=0) as keyboard:
        process = subprocess.Popen(
            [sys.executable, "-m", "alloconda", "publish", "dist/" + SDIST, "--repository-url", index.address],
            cwd=publisher.folder,
            env=publisher.environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        shown = b""
        for question, answer in ((b"username for 127.0.0.1", USER), (b"password for 127.0.0.1", PASSWORD)):
            while question not in shown:
                shown += os.read(ours, 1024)
            keyboard.write(answer.encode() + b"\n")
        with contextlib.suppress(OSError):  # Linux says so when the other side is closed
            while more := os.read(ours, 1024):
                shown += more
        assert process.wait() == 0, shown.decode()
        assert index.logins == ["Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()]
    assert [secret for secret in SECRETS if secret.encode() in shown] == []


GONE = "go on with --skip-existing"


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (answering(400, "The name 'hello' is too similar"),
         "answers 400 (The name 'hello' is too similar). It refuses"),
        (answering(400, "Bad Request", "<html><title>x</title><p>File already exists.</html>", "text/html"),
         f"it has {SDIST} already."),
        (answering(401), "It does not know the user name and the password, or the token."),
        (answering(403, "Forbidden", "The user 'ada' isn't allowed to upload to project 'hello'."),
         "(Forbidden: The user 'ada' isn't allowed to upload to project 'hello'). It does not accept the token"),
        (answering(404), "The address is not one for uploads: check --repository-url."),
        (answering(405), "The address is not one for uploads: check --repository-url."),
        (answering(409), f"it has {SDIST} already."),
        (answering(413), f"{SDIST} is too large for it."),
        (answering(429), "That was too much in too short a time"),
        (answering(418), f"It did not take {SDIST}."),
        (answering(308, Location="http://127.0.0.1:1/"), "uploads go to another address"),
        (answering(503, "Out of order"), "answers 503 (Out of order). The failure is the index's own: try again later"),
        (breaking_off, GONE),
        (echoing_the_login, "(Forbidden Basic ********: no ada:******** Basic ********). It does not accept"),
        (answering(403, "\x1b[31mred"), "answers 403 ([31mred)"),
    ],
)  # fmt: skip
def test_refusals(publisher: Publisher, answer: Answer, sentence: str) -> None:
    with scripted(answer) as index:
        address = index.address.replace("://", f"://{QUOTED}@")
        done = publisher(*dist(publisher), "--repository-url", address, status=1)
    assert sentence in done.stderr
    assert f"It happened with {SDIST}, the first of 3 files." in done.stderr
    assert done.stdout == ""
    assert "\x1b" not in done.stderr


def test_dropped_in_the_middle_then_again(publisher: Publisher) -> None:
    with scripted(answering(200), breaking_off, answering(409), answering(200)) as index:
        login = ["--repository-url", index.address, "--token", PASSWORD]
        done = publisher(*dist(publisher), *login, status=1)
        assert f"It happened with {PY2}, after 1 of 3 files." in done.stderr
        assert GONE in done.stderr
        assert done.stdout.split() == [str(publisher.folder / "dist" / SDIST), "uploaded"]
        publisher(*dist(publisher), *login, "--skip-existing")
    names = [next(name for name in (SDIST, PY2, PY3) if name.encode() in body) for body in index.received]
    assert names == [SDIST, SDIST, PY2, PY3]
    assert b'name="sha256_digest"' in index.received[0]


def test_a_failure_of_the_index_is_tried_again(publisher: Publisher) -> None:
    with scripted(answering(502, "Bad Gateway"), answering(200)) as index:
        done = publisher("dist/" + SDIST, "--repository-url", index.address, "--token", PASSWORD)
    assert 'twine: Received "502: Bad Gateway"' in done.stderr
    assert len(index.received) == 2


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        (f"http://{QUOTED}@127.0.0.1:1/", "127.0.0.1:1 cannot be reached (Connection refused): check the address"),
        (f"http://{QUOTED}@index.invalid/", "The name index.invalid cannot be resolved: check the address and the"),
        (f"ftp://{QUOTED}@127.0.0.1/", "The address of the repository in --repository-url cannot be used"),
        (f"https://ada:{PASSWORD}@127.0.0.1/", "The address of the repository in --repository-url cannot be used"),
        (f"http://{QUOTED}@[::1/", "The address of the repository in --repository-url cannot be used"),
    ],
)
def test_addresses_that_lead_nowhere(publisher: Publisher, address: str, sentence: str) -> None:
    done = publisher("dist/" + SDIST, "--repository-url", address, status=1)
    assert sentence in done.stderr


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[mine]\nrepository = x\n", "'mine' is not a repository that"),
        ("[distutils]\nindex-servers = mine\n[mine]\nusername = a\npassword = " + PASSWORD,
         "(its section has no 'repository'): add a section"),
        (f"nonsense {PASSWORD}\n", "(Malformed configuration in"),
    ],
)  # fmt: skip
def test_configuration_files_that_cannot_be_used(publisher: Publisher, content: str, sentence: str) -> None:
    (publisher.folder / "rc").write_text(content)
    done = publisher("dist/" + SDIST, "--repository", "mine", "--config-file", "rc", status=1)
    assert sentence in done.stderr


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context


def test_certificates(publisher: Publisher, authority: trustme.CA, tls: ssl.SSLContext) -> None:
    authority.cert_pem.write_to_path(str(publisher.folder / "ca.pem"))
    with scripted(answering(200), tls=tls) as index:
        login = ["dist/" + SDIST, "--repository-url", index.address, "--token", PASSWORD]
        done = publisher(*login, status=1)
        assert "cannot be trusted: the TLS connection failed" in done.stderr
        assert "with --cert." in done.stderr
        publisher(*login, "--cert", "ca.pem")
        assert "there is no such file." in publisher(*login, "--cert", "no.pem", status=1).stderr


MINTED = "pypi-AgEIsecret"


def test_trusted_publishing(publisher: Publisher, authority: trustme.CA, tls: ssl.SSLContext) -> None:
    authority.cert_pem.write_to_path(str(publisher.folder / "ca.pem"))
    audience = answering(200, content='{"audience": "index"}')
    minted = answering(200, content=json.dumps({"token": MINTED, "success": True, "expires": 1 << 40}))
    granted = answering(200, content=json.dumps({"value": statement("index")}))
    refused = answering(422, content=json.dumps({"errors": [{"code": "invalid-publisher", "description": "no such"}]}))
    job = {"REQUESTS_CA_BUNDLE": "ca.pem", "GITHUB_ACTIONS": "true", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "runner-secret"}
    secrets = [MINTED, "runner-secret", statement("index")]
    arguments = ["dist/" + SDIST, "--trusted-publishing", "always", "--repository-url"]
    with scripted(granted) as service:
        job["ACTIONS_ID_TOKEN_REQUEST_URL"] = f"{service.address}?a=b"
        with scripted(audience, minted, answering(200), tls=tls) as index:
            publisher(*arguments, index.address, secrets=secrets, environment=job)
            assert f'"token": "{statement("index")}"'.encode() in index.received[1]
            assert SDIST.encode() in index.received[2]
        with scripted(audience, refused, tls=tls) as index:
            done = publisher(*arguments, index.address, secrets=secrets, status=1, environment=job)
            assert "gives no token to this job" in done.stderr
            assert "`invalid-publisher`: no such" in done.stderr
    # GitLab hands the statement over in a variable.
    gitlab = {"REQUESTS_CA_BUNDLE": "ca.pem", "GITLAB_CI": "true", "INDEX_ID_TOKEN": statement("index")}
    with scripted(audience, minted, answering(200), tls=tls) as index:
        publisher(*arguments, index.address, secrets=secrets, environment=gitlab)
    with scripted(audience, tls=tls) as index:
        done = publisher(
            *arguments, index.address, secrets=secrets, status=1, environment={"REQUESTS_CA_BUNDLE": "ca.pem"}
        )
    assert "this is no job of a CI service that has it" in done.stderr
    with scripted(answering(200, content="<html>"), tls=tls) as index:
        done = publisher(*arguments, index.address, secrets=secrets, status=1, environment=gitlab)
    assert "does not answer in JSON: it may not be an index with trusted publishing." in done.stderr


def test_nothing_goes_out_before_every_check_has_passed(publisher: Publisher) -> None:
    wrong = publisher.folder / "wrong"
    wrong.mkdir()
    pure_wheel(
        wrong, change={"hello-0.1.0.dist-info/METADATA": b"Metadata-Version: 2.4\nName: hello\nVersion: 0.1.0\n"}
    )
    sdist(wrong)
    with scripted(answering(200)) as index:
        login = [*wrong.iterdir(), "--repository-url", index.address, "--token", PASSWORD]
        done = publisher(*login, status=1)
        assert "error: Nothing was uploaded: 1 of 2 files cannot be published." in done.stderr
        assert "`long_description` missing; add 'readme' to [project] [twine check]" in done.stderr
        assert index.received == []
        publisher(*login, "--dry-run", "--no-strict")
        assert index.received == []
        publisher(*login, "--no-strict")
        assert len(index.received) == 2


def test_dry_run_needs_no_login_and_no_network(publisher: Publisher) -> None:
    done = publisher(*dist(publisher), "--dry-run", environment={"HTTPS_PROXY": f"http://{QUOTED}@127.0.0.1:1"})
    assert [line.split(maxsplit=1) for line in done.stdout.splitlines()] == [
        [str(publisher.folder / "dist" / name), "would be uploaded"] for name in (SDIST, PY2, PY3)
    ]


def test_an_index_that_keeps_silent(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    from alloconda.errors import AllocondaError
    from alloconda.publish.checks import check_all
    from alloconda.publish.destination import find_destination
    from alloconda.publish.files import release_files
    from alloconda.publish.hiding import Secrets
    from alloconda.publish.upload import upload_all
    from alloconda.publish.wishes import Wishes

    monkeypatch.setenv("HOME", str(publisher.folder))
    import threading

    done = threading.Event()
    with scripted(lambda _: done.wait(30)) as index:
        wishes = Wishes(repository_url=index.address, timeouts_seconds=(5, 0.3))
        files = check_all(
            release_files([publisher.folder / "dist" / SDIST]), lambda: pytest.fail("host"), for_pypi=True
        )
        with pytest.raises(AllocondaError, match="did not answer in time: look there whether the file has arrived"):
            list(upload_all(files, find_destination(wishes, Secrets()), None, wishes))
        done.set()


def test_twine_is_an_extra(publisher: Publisher) -> None:
    # A folder that is first on the path and hides twine.
    hidden = publisher.folder / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text(
        "import importlib.util\nreal = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *more: None if name == 'twine' else real(name, *more)\n"
    )
    path = os.pathsep.join([str(hidden), os.environ.get("PYTHONPATH", "")])
    done = publisher(*dist(publisher), status=1, environment={"PYTHONPATH": path})
    assert done.stderr == "error: Uploads need twine, and it is not installed: pip install 'alloconda[publish]'.\n"


def test_building_all_of_a_project(  # noqa: PLR0917 - fixtures
    workbench: Workbench,
    zig: Zig,
    project: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    hello = project("examples/hello")
    with (hello / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write('\n[tool.alloconda]\ntargets = ["win_amd64", "manylinux_2_17_x86_64"]\n')
    if not hasattr(build_backend, "build_sdist"):
        monkeypatch.setattr(build_backend, "build_sdist", lambda folder: sdist(Path(folder)).name, raising=False)
    for name, value in workbench.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_CACHE_HOME", str(workbench.folder / "user cache"))
    arguments = ["publish", "--dry-run", "--no-strict", "--project-dir", str(hello), "--zig", str(zig.executable)]
    assert run(arguments) == 0
    wheels = [f"hello-0.1.0-cp310-abi3-{platform}.whl" for platform in ("manylinux_2_17_x86_64", "win_amd64")]
    assert [Path(line.rpartition("  ")[0]).name for line in capfd.readouterr().out.splitlines()] == [SDIST, *wheels]
    with (hello / "src" / "root.zig").open("a", encoding="utf-8") as source:
        source.write('comptime { if (@import("builtin").os.tag == .windows) @compileError("not here"); }\n')
    assert run([*arguments, "--out-dir", str(tmp_path / "out")]) == 1
    error = capfd.readouterr().err
    assert error.endswith("error: Nothing was uploaded: not all wheels could be built.\n")
    assert "not here" in error


def test_token_and_password_exclude_each_other(publisher: Publisher) -> None:
    done = publisher(*dist(publisher), "--token", PASSWORD, "--username", "ada", status=2)
    assert "--token stands for a user name and a password: give it alone." in done.stderr


def test_files_of_several_releases(publisher: Publisher) -> None:
    release(publisher.folder / "dist", "0.2.0")
    done = publisher(*dist(publisher), "--dry-run", status=1)
    assert "belong to several releases (hello 0.1.0, hello 0.2.0)" in done.stderr
    assert "dist/*-0.2.0*" in done.stderr
    shutil.copy(publisher.folder / "dist" / SDIST, publisher.folder)
    done = publisher(SDIST, "dist/" + SDIST, "--dry-run", status=1)
    assert "have the same name: publish one of them." in done.stderr
