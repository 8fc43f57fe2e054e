"""The builds that a user can ask for: wheels into a folder, extensions into the package's own folder."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alloconda import atomic, matrix, stubs
from alloconda.errors import AllocondaError
from alloconda.manifest import FILE_NAME, Extension, Manifest
from alloconda.project import Project, read_config
from alloconda.toolchain.locate import Zig, locate
from alloconda.toolchain.options import build_options, common_options, named_options, pack_options
from alloconda.toolchain.package import seed_cache
from alloconda.toolchain.run import Silence, build, environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from alloconda.config import Config
    from alloconda.foreign import Foreign
    from alloconda.matrix import PlannedWheel
    from alloconda.processes import Listener


_ONE_PLACE = (
    "One build is put into place, and the configuration names several: name one platform and one Python version, or "
    "run 'alloconda wheel'."
)


def build_wheels(
    project_dir: Path, out_dir: Path, over: Config, *, only_one: bool = False, skip_build: bool = False
) -> list[Path]:
    """Build the project's wheels.

    Args:
        project_dir: the project.
        out_dir: where the wheels go; made if it is not there.
        over: what flags or config settings say.
        only_one: whether several wheels are an error.
        skip_build: whether the libraries in the package's own folder are packed, in place of new ones.

    Returns:
        The paths of the wheels, below ``out_dir``, sorted.

    Raises:
        AllocondaError: see the modules that do the work; ``out_dir`` has the wheels that it had before.
    """
    # A project that cannot be packed fails now, not after the build.
    Project.load(project_dir)
    workshop = Workshop.open(project_dir, over)
    with writing(out_dir):
        out_dir.mkdir(parents=True, exist_ok=True)
        with atomic.scratch_folder(out_dir) as scratch:
            wheel_dir = scratch / "wheels"
            if foreign := workshop.foreign(skip_build=skip_build):
                for wheel in foreign.plan():
                    pack_foreign(foreign, wheel, wheel_dir)
            else:
                options = pack_options(over, wheel_dir)
                wanted = build_options(workshop.config)
                if workshop.config.module_name or workshop.config.init == "always":
                    prepare(workshop, workshop.plan(wanted, "wheel"))
                if skip_build:
                    libraries = built_libraries(workshop, workshop.plan([]))
                    options += [f"-Dprebuilt={module}={file}" for module, file in libraries.items()]
                for run in workshop.runs("wheel", wanted):
                    workshop.follow(run, options, scratch / "prefix")
            built = sorted(wheel_dir.glob("*.whl"))
            if not built:
                raise AllocondaError("zig build wheel wrote no wheel: does build.zig call addExtension?")
            if only_one and len(built) > 1:
                names = ", ".join(wheel.name for wheel in built)
                raise AllocondaError(
                    f"A build front end takes one wheel, and the configuration makes {len(built)} ({names}): choose "
                    "one, for example with --config-setting python-version=3.13, or run 'alloconda wheel'."
                )
            return [wheel.replace(out_dir / wheel.name) for wheel in built]


def prepare(workshop: Workshop, wheels: Iterable[PlannedWheel]) -> None:
    """Do what comes before the wheels of a project that uses alloconda: check ``module-name``, apply ``init``.

    Args:
        workshop: the project.
        wheels: what is going to be built.

    Raises:
        AllocondaError: there is no such module.
    """
    extensions = _planned_extensions(wheels)
    _check_module_name(workshop.config, extensions)
    _write_init(workshop.project_dir, extensions, workshop.config, only_if_asked=True)


def _planned_extensions(wheels: Iterable[PlannedWheel]) -> list[Extension]:
    """List the extensions of wheels that are not built yet, each once."""
    planned = {one.module: one.file for wheel in wheels for one in wheel.extensions}
    return [Extension(module, file, (), {}) for module, file in planned.items()]


def _check_module_name(config: Config, extensions: Iterable[Extension]) -> None:
    wanted = config.module_name
    modules = [extension.module for extension in extensions]
    if wanted is not None and not any(wanted in (module, module.rpartition(".")[2]) for module in modules):
        raise AllocondaError(
            f"'module-name' is '{wanted}', and build.zig declares {', '.join(modules)}: make the names agree, or "
            "leave out 'module-name'."
        )


def pack_foreign(foreign: Foreign, wheel: PlannedWheel, wheel_dir: Path) -> Path:
    """Build and pack a wheel around a library that alloconda's build has not made.

    Args:
        foreign: the project.
        wheel: which wheel.
        wheel_dir: where it goes.

    Returns:
        The path of the wheel.
    """
    from alloconda.pack.wheel import write_wheel

    project = Project.load(foreign.project_dir)
    with tempfile.TemporaryDirectory(prefix="alloconda-") as temporary:
        manifest, config = foreign.stage(wheel, Path(temporary))
        _write_init(foreign.project_dir, manifest.extensions, config, only_if_asked=True)
        return write_wheel(manifest, project, config, wheel_dir)


@dataclass(frozen=True)
class InPlace:
    """What is built, and where it is."""

    libraries: dict[str, Path]
    """The library of each extension in the package's own folder, by the module's name, in the order of the manifest."""
    programs: tuple[Path, ...] = ()
    """Executables, in the folder that was named for them."""
    platform: str = "any"
    """The platform tag of what they run on."""


def build_in_place(project_dir: Path, over: Config, programs_dir: Path | None = None) -> InPlace:
    """Build the project's extensions and put each into the package's own folder, where it can be imported.

    Args:
        project_dir: the project.
        over: what flags say.
        programs_dir: an existing folder for the project's programs; ``None`` when nobody wants them.

    Raises:
        AllocondaError: see the modules that do the work; libraries of an earlier build stay as they are.
    """
    workshop = Workshop.open(project_dir, over)
    if not workshop.config.editable_rebuild:
        return _build_in_place(workshop, programs_dir)
    from alloconda.editable.record import recording

    with recording(project_dir):
        return _build_in_place(workshop, programs_dir)


def _build_in_place(workshop: Workshop, programs_dir: Path | None) -> InPlace:
    from alloconda.pack.files import package_folders, root_of

    project_dir = workshop.project_dir
    with tempfile.TemporaryDirectory(prefix="alloconda-") as temporary:
        manifest = _staged(workshop, Path(temporary))
        if not (manifest.extensions or programs_dir):
            raise AllocondaError(
                "The project has programs and no extension, and nothing goes into its package: run 'zig build' "
                "for the programs, or 'alloconda wheel'."
            )
        folders = package_folders(project_dir, manifest.extensions, workshop.config)
        installed = {}
        for extension in manifest.extensions:
            folder = folders[extension.package] if extension.package else root_of(folders, project_dir)
            installed[extension.module] = _install(manifest, extension, folder)
        for path in manifest.libraries:
            top, _, rest = path.partition("/")
            target = folders[top] / rest if top in folders else root_of(folders, project_dir) / path
            with writing(target.parent):
                atomic.copy(manifest.folder / path, target)
        _write_init(project_dir, manifest.extensions, workshop.config)
        if not (programs_dir and manifest.programs):
            return InPlace(installed)
        programs = [(manifest.folder / one.file, programs_dir / Path(one.file).name) for one in manifest.programs]
        with writing(programs_dir):
            for source, target in programs:
                atomic.copy(source, target)
        return InPlace(installed, tuple(target for _, target in programs), manifest.tags.platform)


def _staged(workshop: Workshop, scratch: Path) -> Manifest:
    """Build what can be imported here, into a scratch folder."""
    if foreign := workshop.foreign():
        wheels = foreign.plan()
        if len(wheels) > 1:
            raise AllocondaError(_ONE_PLACE)
        return foreign.stage(wheels[0], scratch)[0]
    prefix = scratch / "prefix"
    step = workshop.config.build_step or "install"
    for run in workshop.runs("install", build_options(workshop.config)):
        # Python's headers are asked of the interpreter.
        workshop.run([run.build_step or run.step, f"-Dpython={sys.executable}"], run.options, prefix)
    if not (prefix / FILE_NAME).is_file():
        raise AllocondaError(f"zig build {step} installed no {FILE_NAME}: does build.zig call addExtension?")
    manifest = Manifest.load(prefix / FILE_NAME)
    _check_module_name(workshop.config, manifest.extensions)
    return manifest


def built_libraries(workshop: Workshop, wheels: Iterable[PlannedWheel]) -> dict[str, str]:
    """Find the library of each extension in the package's own folder, where `build_in_place` puts it.

    Args:
        workshop: the project.
        wheels: what would be built of it.

    Returns:
        The path in the project of each library by the module's name.

    Raises:
        AllocondaError: one is missing, or there are several.
    """
    from alloconda.pack.files import package_folders, root_of

    project_dir = workshop.project_dir
    extensions = _planned_extensions(wheels)
    folders = package_folders(project_dir, extensions, workshop.config)
    libraries = {}
    for extension in extensions:
        parts = extension.module.split(".")
        top = folders[parts[0]] if extension.package else root_of(folders, project_dir)
        folder = top.joinpath(*parts[1:-1])
        base = "/".join(parts[:-1])
        found = [path for path in sorted(folder.iterdir()) if extension.is_build_of(f"{base}/{path.name}".lstrip("/"))]
        if not found:
            raise AllocondaError(
                f"There is no library of {extension.module} in {folder}: run 'alloconda build', or leave out "
                "--skip-build."
            )
        if len(found) > 1:
            names = ", ".join(path.name for path in found)
            raise AllocondaError(f"There are several libraries of {extension.module} in {folder} ({names}): keep one.")
        # Relative: an option of Zig that is a list has no way to spell a blank, which is rare below the project.
        libraries[extension.module] = found[0].relative_to(project_dir).as_posix()
    return libraries


@dataclass(frozen=True)
class Run:
    """A build of what has the same options."""

    build_step: str | None
    """A step of the user's, to be run before."""
    step: str
    options: list[str]


@dataclass(frozen=True)
class Workshop:
    """A project with its configuration, and a Zig that is ready to build it."""

    project_dir: Path
    config: Config
    zig: Zig
    over: Config
    """What flags or config settings say, which no override changes."""

    @classmethod
    def open(cls, project_dir: Path, over: Config, *, for_all: bool = False) -> Workshop:
        """Read the configuration and find Zig.

        Args:
            project_dir: the project.
            over: what flags or config settings say.
            for_all: whether the running interpreter is of no account.
        """
        config = read_config(project_dir, over)
        return cls(project_dir, config if for_all else for_this_interpreter(config), locate(config.zig), over)

    def run(self, arguments: list[str], options: list[str], prefix: Path, listener: Listener | None = None) -> None:
        """Run ``zig build`` with our Zig package in Zig's cache.

        Args:
            arguments: steps and options of ours.
            options: options of the configuration, which come last.
            prefix: where Zig installs.
            listener: see `toolchain.run.build`.
        """
        if not (self.project_dir / "build.zig").is_file():
            raise AllocondaError(f"There is no build.zig in {self.project_dir}: add one that declares the extension.")
        variables = environment(self.zig, self.project_dir)
        seed_cache(self.zig, self.project_dir, variables)
        build(self.zig, self.project_dir, [*arguments, "--prefix", str(prefix), *options], variables, listener)

    def follow(self, run: Run, arguments: list[str], prefix: Path, listener: Listener | None = None) -> None:
        """Run the user's step, and then ours. Files of the package that it writes are there before they are surveyed.

        Args:
            run: what to build.
            arguments: options of our step.
            prefix: where Zig installs.
            listener: see `toolchain.run.build`.
        """
        if run.build_step:
            self.run([run.build_step], run.options, prefix, listener)
        self.run([run.step, *arguments], run.options, prefix, listener)

    def foreign(self, *, skip_build: bool = False) -> Foreign | None:
        """Tell whether the extension is none that alloconda's build makes, and if so, how to go on.

        Args:
            skip_build: whether a library of the package's folder is to be taken.
        """
        from alloconda.foreign import Foreign, declared_options

        options: frozenset[str] | None = frozenset()
        if self.config.lib:
            if not (self.project_dir / self.config.lib).is_file():
                raise AllocondaError(f"'lib' is '{self.config.lib}', and there is no such file.")
        else:
            has_build = (self.project_dir / "build.zig").is_file()
            if not (has_build or skip_build):
                return None
            options = declared_options(self.zig, self.project_dir) if has_build else options
        if options is None:
            return None
        config = self.config
        if not (config.python_version or config.python_tag or config.abi_tag or config.stable_abi):
            # What a library was compiled for cannot be seen in it; most that include Python.h are for one version.
            config = dataclasses.replace(config, python_version=(this_python_version(),))
        return Foreign(self.project_dir, config, self.over, self.zig, options, skip_build)

    def runs(self, step: str, options: list[str], wheels: Sequence[PlannedWheel] | None = None) -> list[Run]:
        """Split a build into runs of Zig: one, unless wheels differ in their options.

        Args:
            step: ``install``, ``wheel`` or ``wheel-all``.
            options: the options of the configuration.
            wheels: what would be built, when it is known already.
        """
        if not self.config.overrides:
            return [Run(self.config.build_step, step, options)]
        planned = self.plan(options, "wheel") if wheels is None else wheels
        if step == "install" and len(planned) > 1:
            raise AllocondaError(_ONE_PLACE)
        groups: list[tuple[Config, tuple[str, str], list[str]]] = []
        for wheel in planned:
            config = self.config.for_wheel(str(wheel.tags), self.over)
            python = (wheel.tags.python, wheel.tags.abi)
            for known, same_python, platforms in groups:
                if (known, same_python) == (config, python):
                    platforms.append(wheel.tags.platform)
                    break
            else:
                groups.append((config, python, [wheel.tags.platform]))
        target = [option for option in options if option.startswith(("-Dtarget=", "-Dext-suffix="))]
        return [
            Run(config.build_step, step, [*named_options(*python, platforms), *target, *common_options(config)])
            for config, python, platforms in groups
        ]

    def plan(self, options: list[str], step: str = "wheel-all") -> tuple[PlannedWheel, ...]:
        """Let Zig tell what a step would build, without building it.

        Args:
            options: options of ``zig build``.
            step: ``wheel`` or ``wheel-all``.
        """
        with tempfile.TemporaryDirectory(prefix="alloconda-") as temporary:
            silence = Silence()
            try:
                self.run([step, "-Ddry-run=true"], options, Path(temporary), silence)
            except AllocondaError:
                sys.stderr.write(silence.words())
                raise
            path = Path(temporary, matrix.FILE_NAME)
            if not path.is_file():
                raise AllocondaError(
                    f"zig build {step} wrote no {matrix.FILE_NAME}: does build.zig call alloconda.package?"
                )
            return matrix.read_matrix(path)


def for_this_interpreter(config: Config) -> Config:
    """Set the Python version where the default, a stable ABI build, is of no use to the running interpreter.

    A free-threaded interpreter cannot load the stable ABI of the others, and a build with ``stable-abi = false`` needs
    some version.
    """
    free_threaded = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    wants_version = config.stable_abi is False or (config.stable_abi is None and free_threaded)
    if config.python_version or config.python_tag or config.abi_tag or not wants_version:
        return config
    return dataclasses.replace(config, python_version=(this_python_version(),))


def this_python_version() -> str:
    """Name the running interpreter's version as ``python-version`` has it: "3.13", "3.13t"."""
    suffix = "t" if sysconfig.get_config_var("Py_GIL_DISABLED") else ""
    return f"{sys.version_info.major}.{sys.version_info.minor}{suffix}"


def _install(manifest: Manifest, extension: Extension, folder: Path) -> Path:
    """Copy an extension and its stub into the package folder, and remove older builds that would be imported first."""
    parts = extension.module.split(".")
    target_folder = folder.joinpath(*parts[1:-1])
    file = target_folder / Path(extension.file).name
    with writing(target_folder):
        atomic.copy(manifest.folder / extension.file, file)
        for stub in extension.stubs:
            stubs.install(manifest.folder / stub, target_folder / Path(stub).relative_to(Path(extension.file).parent))
        base = "/".join(parts[:-1])
        for other in sorted(target_folder.iterdir()):
            if other != file and extension.is_build_of(f"{base}/{other.name}".lstrip("/")):
                other.unlink()
                sys.stderr.write(f"removed {other}, an older build that could be imported in place of {file.name}\n")
    return file


INIT_MARK = "Written by alloconda"


def _write_init(
    project_dir: Path, extensions: Sequence[Extension], config: Config, *, only_if_asked: bool = False
) -> None:
    """Write an ``__init__.py`` that takes over a module's names, where ``init`` wants one."""
    from alloconda.pack.files import package_folders

    if config.init == "never" or (only_if_asked and config.init != "always"):
        return
    folders = package_folders(project_dir, extensions, config)
    for extension in extensions:
        if extension.package is None:
            continue
        parts = extension.module.split(".")
        folder = folders[extension.package].joinpath(*parts[1:-1])
        if config.init != "always" and any(folder.glob("*.py")):
            continue
        path = folder / "__init__.py"
        text = (
            f'"""{INIT_MARK}: the names of {extension.module}."""\n\nfrom {extension.module} import *  # noqa: F403\n'
        )
        with writing(folder), atomic.replacing(path) as file:
            file.write(text.encode())
        sys.stderr.write(f"wrote {path}\n")


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn an error of the file system into a sentence about a folder that is written to."""
    try:
        yield
    except OSError as error:
        raise AllocondaError(f"{error.filename or folder} cannot be written: {error.strerror}.") from error
