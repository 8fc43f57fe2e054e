"""Extensions that alloconda's build has not made: out of a build.zig that does not know it, or a library at hand.

The user's ``zig build`` installs a library somewhere; what it is, is read out of it. The Zig package of alloconda then
makes its usual steps around that library: so tags, suffix, audit and manifest come from where they always do.
"""

from __future__ import annotations

import dataclasses
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alloconda import matrix, zon
from alloconda.errors import AllocondaError
from alloconda.layout import ROOTS, find_package
from alloconda.manifest import FILE_NAME, Manifest
from alloconda.toolchain.failures import plain
from alloconda.toolchain.host import Host, package_environment
from alloconda.toolchain.options import build_options, common_options, matrix_options, named_options, platform_tag
from alloconda.toolchain.package import package_folder
from alloconda.toolchain.run import BuildFailedError, Silence, ask, build, environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from alloconda.config import Config
    from alloconda.matrix import PlannedWheel
    from alloconda.toolchain.locate import Zig

_LIBRARY = re.compile(r".*\.(so|pyd|dll|dylib)(\.[0-9.]+)?")
_ENTRY = re.compile(r"PyInitU?_.+")
_OPTION = re.compile(r"^  -D([^=\s]+)=", re.MULTILINE)
_NO_REASONS = ("process exited", "the following")
"""How Zig's lines begin that tell no more than that a step has failed."""
_OURS = "alloconda"
_OUR_OPTION = "pack-option"
"""An option that every build.zig has that calls ``alloconda.package``."""


def declared_options(zig: Zig, project_dir: Path) -> frozenset[str] | None:
    """Ask a build.zig that does not know alloconda for its ``-D`` options.

    Args:
        zig: the Zig to ask.
        project_dir: the folder with build.zig.

    Returns:
        The names; ``None`` for a build.zig that knows alloconda, or that Zig cannot run: the build will say why.
    """
    path = project_dir / zon.FILE_NAME
    try:
        dependencies = zon.read(path).table("dependencies") if path.is_file() else {}
        if any(_OURS in f"{name} {dependency}" for name, dependency in dependencies.items()):
            return None
        answer = ask(zig, ["build", "--help"], project_dir, environment(zig, project_dir))
    except AllocondaError:
        return None
    options = frozenset(_OPTION.findall(answer))
    return None if _OUR_OPTION in options else options


@dataclass(frozen=True)
class Library:
    """A library that may be an extension module."""

    path: Path
    shown: str
    """What to call it in errors."""
    entries: tuple[str, ...]
    """Its ``PyInit_`` functions."""

    def __str__(self) -> str:
        return f"{self.shown} ({', '.join(self.entries) or 'no PyInit_ function'})"


@dataclass(frozen=True)
class Foreign:
    """A project whose extension alloconda's build has not made."""

    project_dir: Path
    config: Config
    over: Config
    """What flags or config settings say."""
    zig: Zig
    options: frozenset[str]
    """The ``-D`` options of the project's build.zig."""
    skip_build: bool = False

    def plan(self, step: str = "wheel", more: Sequence[str] = ()) -> tuple[PlannedWheel, ...]:
        """Let the Zig package tell which wheels the configuration means.

        Args:
            step: ``wheel`` or ``wheel-all``.
            more: options of the command.
        """
        from tempfile import TemporaryDirectory

        config = _for_ours(self.config)
        options = matrix_options(config) if step == "wheel-all" else build_options(config)
        with TemporaryDirectory(prefix="alloconda-") as temporary:
            self._run_ours([step, "-Ddry-run=true", *options, *more], "module", Path(temporary))
            return matrix.read_matrix(Path(temporary, matrix.FILE_NAME))

    def stage(self, wheel: PlannedWheel, scratch: Path) -> tuple[Manifest, Config]:
        """Build the library of a wheel, and have it audited and described.

        Args:
            wheel: one of `plan`.
            scratch: a folder of its own, which must outlive the manifest.

        Returns:
            The manifest, and the configuration that holds for the wheel.

        Raises:
            AllocondaError: the build fails, installs no library or several, or the library is not what the wheel's
                tags say.
        """
        config = self.config.for_wheel(str(wheel.tags), self.over)
        library = self._library(wheel, config, scratch / "installed")
        module = self._module(library, config)
        prefix = scratch / "staged"
        options = named_options(wheel.tags.python, wheel.tags.abi, [wheel.tags.platform])
        options += [f"-Dext-suffix={config.ext_suffix}"] if config.ext_suffix else []
        options += [f"-Daudit={config.audit}"] if config.audit else []
        self._run_ours(["install", *options], module, prefix, library.path)
        return Manifest.load(prefix / FILE_NAME), config

    def built(self) -> tuple[str, Path]:
        """Find the module, and its library, that an earlier build has put into the package's own folder.

        Raises:
            AllocondaError: there is none, or there are several.
        """
        config = dataclasses.replace(self.config, lib=None)
        library = self._in_place(config)
        return self._module(library, config), library.path

    def _run_ours(self, arguments: list[str], module: str, prefix: Path, library: Path | None = None) -> None:
        source = package_folder()
        named = [f"-Dmodule={module}", *([f"-Dlibrary={library}"] if library else [])]
        variables = package_environment(self.zig, source)
        silence = Silence()
        try:
            build(self.zig, source, [*arguments, *named, "--prefix", str(prefix)], variables, silence)
        except BuildFailedError:
            reasons = [line for line in said(silence, "error: ") if not line.startswith(_NO_REASONS)]
            if not reasons:
                sys.stderr.write("".join(silence.lines))
                raise
            raise AllocondaError("; ".join(reasons).rstrip(".") + ".") from None
        for line in said(silence, "warning: "):
            sys.stderr.write(f"warning: {line}\n")

    def _library(self, wheel: PlannedWheel, config: Config, prefix: Path) -> Library:
        if config.lib:
            path = (self.project_dir / config.lib).absolute()
            return self._chosen([path], path.parent, config, f"'lib' is '{config.lib}', and it")
        if self.skip_build:
            return self._in_place(config)
        triples = (config.zig_target or wheel.zig_target).split(",")
        includes = self._includes(wheel, config, prefix.with_name("headers"))
        found = []
        for number, triple in enumerate(triples):
            place = prefix / str(number)
            self._build(triple, config, includes[min(number, len(includes) - 1)], place)
            step = config.build_step or "install"
            found.append(self._chosen(_files(place), place, config, f"zig build {step} in {self.project_dir}"))
        if len(found) == 1:
            return found[0]
        joined = prefix / found[0].path.name
        Host.ready(self.zig).join([library.path for library in found], joined)
        return dataclasses.replace(found[0], path=joined)

    def _in_place(self, config: Config) -> Library:
        folder = package_of(self.project_dir, config)[1] or self.project_dir
        return self._chosen(sorted(folder.iterdir()), folder, config, f"{folder}")

    def _includes(self, wheel: PlannedWheel, config: Config, prefix: Path) -> list[Sequence[str | Path]]:
        """Find the folders of Python's headers for each architecture, when build.zig has an option for them."""
        if config.python_include or "python-include" not in self.options:
            return [config.python_include or ()]
        options = named_options(wheel.tags.python, wheel.tags.abi, [wheel.tags.platform])
        options += [*common_options(_for_ours(config)), f"-Dpython={sys.executable}", f"-Dproject={self.project_dir}"]
        self._run_ours(["headers", *options], "module", prefix)
        return [[folder] for folder in sorted((prefix / "headers").iterdir())]

    def _build(self, triple: str, config: Config, includes: Sequence[str | Path], prefix: Path) -> None:
        if not (self.project_dir / "build.zig").is_file():
            raise AllocondaError(f"There is no build.zig in {self.project_dir}: add one, or give a library with --lib.")
        wanted = platform_tag(config) or config.zig_target or config.targets
        if wanted and "target" not in self.options:
            raise AllocondaError(
                f"build.zig in {self.project_dir} has no option -Dtarget, so it builds for this machine alone: use "
                "b.standardTargetOptions there, or name no platform."
            )
        optimize = config.optimize or "ReleaseFast"
        values: Mapping[str, str | None] = {
            "target": triple,
            "optimize": optimize,
            "release": None if "optimize" in self.options else str(optimize != "Debug").lower(),
            "strip": str(config.strip if config.strip is not None else optimize != "Debug").lower(),
        }
        options = [f"-D{name}={value}" for name, value in values.items() if value and name in self.options]
        if "python-include" in self.options:
            options += [f"-Dpython-include={folder}" for folder in includes]
        arguments = [config.build_step or "install", "--prefix", str(prefix), *options, *(config.zig_args or ())]
        build(self.zig, self.project_dir, arguments, environment(self.zig, self.project_dir))

    def _chosen(self, files: Iterable[Path], folder: Path, config: Config, whose: str) -> Library:
        """Choose the one extension module among files."""
        libraries = self._read(files, folder, strict=config.lib is not None)
        wanted = config.module_name.rpartition(".")[2] if config.module_name else None
        modules = [library for library in libraries if len(library.entries) == 1]
        if wanted is not None:
            modules = [library for library in modules if short_name(library.entries[0]) == wanted]
        if len(modules) == 1:
            return modules[0]
        names = "; ".join(map(str, modules or libraries)) or "no library at all"
        if modules:
            remedy = "choose one with --module (key 'module-name') or --lib"
            raise AllocondaError(f"{whose} has several extension modules, {names}: {remedy}.")
        what = f"no extension module '{wanted}'" if wanted else "no library with exactly one PyInit_ function"
        remedy = "install the extension there, or choose another 'build-step'"
        if config.lib:
            remedy = "give another one"
        elif self.skip_build:
            remedy = "run 'alloconda build', or leave out --skip-build"
        raise AllocondaError(f"{whose} has {what}, but {names}: {remedy}.")

    def _read(self, files: Iterable[Path], folder: Path, *, strict: bool) -> list[Library]:
        host = Host.ready(self.zig)
        libraries: dict[Path, Library] = {}
        for path in files:
            if not (strict or _LIBRARY.fullmatch(path.name)) or not path.is_file():
                continue
            try:
                facts = host.inspect(path)
            except AllocondaError:
                if strict:
                    raise
                continue  # a linker script, or a library of another kind of machine
            entries = tuple(name for name in facts["exports"] if _ENTRY.fullmatch(name))
            libraries.setdefault(path.resolve(), Library(path, path.relative_to(folder).as_posix(), entries))
        return list(libraries.values())

    def _module(self, library: Library, config: Config) -> str:
        if config.module_name and "." in config.module_name:
            return config.module_name
        short = short_name(library.entries[0])
        package, _ = package_of(self.project_dir, config)
        return f"{package}.{short}" if package else short


def _for_ours(config: Config) -> Config:
    """Take out what is for the project's own build.zig, and nothing to ours."""
    return dataclasses.replace(config, zig_args=None, python_include=None)


def package_of(project_dir: Path, config: Config) -> tuple[str | None, Path | None]:
    """Find the package that an extension of unknown home belongs to, with its folder.

    That is the one of ``package-dir`` or ``module-name``, else the one of the project's name, else the only one below
    ``python`` or ``src``.

    Raises:
        AllocondaError: several packages could be meant.
    """
    if config.module_name and "." in config.module_name:
        package = config.module_name.rpartition(".")[0]
        return package, find_package(project_dir, package)
    if config.package_dir:
        return Path(config.package_dir).name, project_dir / config.package_dir
    if (name := _project_name(project_dir)) and (folder := find_package(project_dir, name)):
        return name, folder
    roots = [project_dir / root for root in ROOTS if root]
    found = sorted(init.parent for root in roots for init in root.glob("*/__init__.py"))
    if len(found) > 1:
        names = ", ".join(folder.relative_to(project_dir).as_posix() for folder in found)
        raise AllocondaError(
            f"The extension could belong to several packages ({names}): choose one with --package-dir."
        )
    return (found[0].name, found[0]) if found else (None, None)


def said(silence: Silence, kind: str) -> list[str]:
    """Pick the lines of a kind out of what a build has said, each once."""
    lines = (plain(line).strip() for line in silence.lines)
    return list(dict.fromkeys(line.removeprefix(kind) for line in lines if line.startswith(kind)))


def short_name(entry: str) -> str:
    """Name the module that an entry function is of: ``PyInit_x``, or ``PyInitU_`` with Punycode (PEP 489)."""
    if entry.startswith("PyInit_"):
        return entry.removeprefix("PyInit_")
    basic, _, rest = entry.removeprefix("PyInitU_").rpartition("_")
    return f"{basic}-{rest}".encode("ascii", "ignore").decode("punycode", "replace")


def _project_name(project_dir: Path) -> str | None:
    from alloconda.project import read_pyproject

    if not (project_dir / "pyproject.toml").is_file():
        return None
    table = read_pyproject(project_dir).get("project")
    name = table.get("name") if isinstance(table, dict) else None
    return re.sub(r"[-_.]+", "_", name).lower() if isinstance(name, str) else None


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
