"""The host program: the part of the Zig package that reads libraries. Built once for the commands that inspect."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alloconda import __version__
from alloconda.config import Config
from alloconda.errors import AllocondaError
from alloconda.folders import user_cache_folder
from alloconda.toolchain.locate import locate
from alloconda.toolchain.package import package_folder
from alloconda.toolchain.run import BuildFailedError, Silence, build, environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alloconda.manifest import Tags
    from alloconda.toolchain.locate import Zig

_TIMEOUT_SECONDS = 120
_OUTPUT_SIZE_MAX = 64 << 20


@dataclass(frozen=True)
class Host:
    """The program, ready to be run."""

    executable: Path

    @classmethod
    def found(cls, setting: str | None = None) -> Host:
        """Find Zig, and make the program ready.

        Args:
            setting: which Zig, as the key ``zig`` has it. Default: ALLOCONDA_ZIG, or what `locate` finds.

        Raises:
            AllocondaError: there is no Zig, or the program cannot be built.
        """
        return cls.ready(locate(setting or Config.from_environment().zig))

    @classmethod
    def ready(cls, zig: Zig) -> Host:
        """Build the program, or find it built.

        Args:
            zig: which Zig.

        Raises:
            AllocondaError: it cannot be built; the sentence has Zig's words.
        """
        source = package_folder()
        prefix = user_cache_folder() / f"host-{__version__}-{zig.version}"
        executable = prefix / "bin" / ("alloconda-host.exe" if os.name == "nt" else "alloconda-host")
        is_checkout = source.parent != Path(__file__).parents[1]
        # What is installed does not change; in a checkout Zig sees whether there is anything to do.
        if is_checkout or not executable.is_file():
            _build(zig, source, prefix)
        if not executable.is_file():
            raise AllocondaError(f"zig build in {source} made no alloconda-host: install alloconda again.")
        return cls(executable)

    def inspect(self, library: Path, module: str | None = None) -> dict[str, Any]:
        """Read the facts of a library.

        Args:
            library: the file.
            module: the module that Python imports it as; ``None`` for a file that need not be one.

        Raises:
            AllocondaError: the file is no library of that module; the sentence is the host program's.
        """
        return self._ask("inspect", library, ["--module", module] if module else [])

    def join(self, slices: list[Path], output: Path) -> None:
        """Make one file for several architectures of macOS.

        Args:
            slices: a library for each architecture.
            output: the file to write.

        Raises:
            AllocondaError: they cannot be joined.
        """
        output.parent.mkdir(parents=True, exist_ok=True)
        status, words = self._run(["fat", *map(str, slices), "--output", str(output)])
        if status != 0:
            raise AllocondaError(f"alloconda-host fat: {words.strip().removeprefix('error: ')}.")

    def audit(self, library: Path, module: str, file: str, tags: Tags) -> dict[str, Any]:
        """Compare a library with the tags of a wheel.

        Args:
            library: the file.
            module: the module that Python imports it as.
            file: its path in the wheel.
            tags: one tag, not a set.

        Returns:
            ``findings`` and ``true_platform_tag``.

        Raises:
            AllocondaError: the tags cannot be read, or the library cannot.
        """
        named = ["--python-tag", tags.python, "--abi-tag", tags.abi, "--platform-tag", tags.platform]
        # Only told of: whether a finding is an error is for the command to say.
        return self._ask("audit", library, ["--module", module, "--file", file, *named, "--mode", "warn"])

    def targets(self, interpreters: Sequence[tuple[str, str, str]]) -> dict[str, Any]:
        """List what packages can be built for.

        Args:
            interpreters: some to name the wheels of: version ("3.13t"), system as `sysconfig.get_platform()` says it,
                and C library ("gnu", "musl" or "none").

        Returns:
            ``python_versions``, ``free_threaded_versions``, ``platforms``, and ``interpreters`` in the order given.

        Raises:
            AllocondaError: the program fails.
        """
        return self._ask("targets", None, [word for one in interpreters for word in ("--interpreter", *one)])

    def _ask(self, command: str, library: Path | None, arguments: list[str]) -> dict[str, Any]:
        with tempfile.TemporaryDirectory(prefix="alloconda-") as temporary:
            output = Path(temporary, "answer.json")
            subject = [str(library)] if library else []
            status, words = self._run([command, *subject, *arguments, "--output", str(output)])
            if status != 0 or not output.is_file():
                lines = [line.removeprefix("error: ") for line in words.splitlines() if line.startswith("error: ")]
                sentence = lines[0] if lines else f"it ended with status {status}"
                if library:
                    sentence = sentence.replace(str(library), library.name)
                raise AllocondaError(f"alloconda-host {command}: {sentence.rstrip('.')}.")
            if output.stat().st_size > _OUTPUT_SIZE_MAX:
                raise AllocondaError(f"alloconda-host {command}: its answer is too long to be read.")
            try:
                answer = json.loads(output.read_bytes())
            except (ValueError, RecursionError):
                raise AllocondaError(f"alloconda-host {command}: its answer is no JSON.") from None
            if not isinstance(answer, dict):
                raise AllocondaError(f"alloconda-host {command}: its answer is no object: {answer!r:.100}.")
            return answer

    def _run(self, arguments: list[str]) -> tuple[int, str]:
        try:
            done = subprocess.run(
                [str(self.executable), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                check=False,
                timeout=_TIMEOUT_SECONDS,
            )
        except subprocess.TimeoutExpired:
            return -1, f"error: it took longer than {_TIMEOUT_SECONDS} seconds"
        except OSError as error:
            raise AllocondaError(f"{self.executable} cannot be run: {error.strerror}.") from error
        return done.returncode, done.stderr.decode(errors="replace")


def package_environment(zig: Zig, source: Path) -> dict[str, str]:
    """Compute the environment for a build of our Zig package itself, whose folder is not to be written to.

    Args:
        zig: which Zig.
        source: the folder of the package.
    """
    return {
        **environment(zig, source),
        "ZIG_LOCAL_CACHE_DIR": str(user_cache_folder() / "zig-cache"),
        "ZIG_LOCAL_PKG_DIR": str(user_cache_folder() / "zig-pkg"),
    }


def _build(zig: Zig, source: Path, prefix: Path) -> None:
    """Build the program into a folder of the user's cache, with Zig's own cache beside it."""
    try:
        prefix.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AllocondaError(f"The folder {prefix} cannot be made: {error.strerror}.") from error
    silence = Silence()
    try:
        build(zig, source, ["--prefix", str(prefix)], package_environment(zig, source), silence)
    except BuildFailedError:
        words = silence.words().strip()
        raise AllocondaError(f"The program that reads libraries cannot be built. Zig says:\n{words}") from None
