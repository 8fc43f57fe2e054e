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
from alloconda.toolchain.options import build_options, pack_options
from alloconda.toolchain.package import seed_cache
from alloconda.toolchain.run import Silence, build, environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alloconda.config import Config
    from alloconda.matrix import PlannedWheel
    from alloconda.toolchain.run import Listener


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
            steps = [workshop.config.build_step, "wheel"] if workshop.config.build_step else ["wheel"]
            options = pack_options(over, wheel_dir)
            if skip_build:
                options += [f"-Dprebuilt={module}={file}" for module, file in built_libraries(workshop).items()]
            workshop.run([*steps, *options], build_options(workshop.config), scratch / "prefix")
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


def build_in_place(project_dir: Path, over: Config) -> dict[str, Path]:
    """Build the project's extensions and put each into the package's own folder, where it can be imported.

    Args:
        project_dir: the project.
        over: what flags say.

    Returns:
        The path of each library by the module's name, in the order of the manifest.

    Raises:
        AllocondaError: see the modules that do the work; libraries of an earlier build stay as they are.
    """
    workshop = Workshop.open(project_dir, over)
    if not workshop.config.editable_rebuild:
        return _build_in_place(workshop)
    from alloconda.editable.record import recording

    with recording(project_dir):
        return _build_in_place(workshop)


def _build_in_place(workshop: Workshop) -> dict[str, Path]:
    from alloconda.pack.files import package_folders

    project_dir = workshop.project_dir
    with tempfile.TemporaryDirectory(prefix="alloconda-") as temporary:
        prefix = Path(temporary, "prefix")
        step = workshop.config.build_step or "install"
        # Python's headers are asked of it.
        workshop.run([step, f"-Dpython={sys.executable}"], build_options(workshop.config), prefix)
        if not (prefix / FILE_NAME).is_file():
            raise AllocondaError(f"zig build {step} installed no {FILE_NAME}: does build.zig call addExtension?")
        manifest = Manifest.load(prefix / FILE_NAME)
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
        return installed


def root_of(folders: dict[str, Path], project_dir: Path) -> Path:
    """Find what would have to be on sys.path: the parent of the package's folder."""
    return next(iter(folders.values())).parent if folders else project_dir


def built_libraries(workshop: Workshop) -> dict[str, str]:
    """Find the library of each extension in the package's own folder, where `build_in_place` puts it.

    Returns:
        The path in the project of each library by the module's name.

    Raises:
        AllocondaError: one is missing, or there are several.
    """
    from alloconda.pack.files import package_folders

    project_dir = workshop.project_dir
    planned = {one.module: one.file for wheel in workshop.plan([]) for one in wheel.extensions}
    extensions = [Extension(module, file, (), {}) for module, file in planned.items()]
    folders = package_folders(project_dir, extensions, workshop.config)
    libraries = {}
    for extension in extensions:
        parts = extension.module.split(".")
        folder = folders[parts[0]].joinpath(*parts[1:-1]) if extension.package else project_dir
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
class Workshop:
    """A project with its configuration, and a Zig that is ready to build it."""

    project_dir: Path
    config: Config
    zig: Zig

    @classmethod
    def open(cls, project_dir: Path, over: Config, *, for_all: bool = False) -> Workshop:
        """Read the configuration and find Zig.

        Args:
            project_dir: the project.
            over: what flags or config settings say.
            for_all: whether the running interpreter is of no account.
        """
        config = read_config(project_dir, over)
        return cls(project_dir, config if for_all else for_this_interpreter(config), locate(config.zig))

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

    def plan(self, options: list[str]) -> tuple[PlannedWheel, ...]:
        """Let Zig tell what ``wheel-all`` would build, without building it.

        Args:
            options: options of ``zig build``.
        """
        with tempfile.TemporaryDirectory(prefix="alloconda-") as temporary:
            silence = Silence()
            try:
                self.run(["wheel-all", "-Ddry-run=true"], options, Path(temporary), silence)
            except AllocondaError:
                sys.stderr.write(silence.words())
                raise
            path = Path(temporary, matrix.FILE_NAME)
            if not path.is_file():
                raise AllocondaError(
                    f"zig build wheel-all wrote no {matrix.FILE_NAME}: does build.zig call alloconda.package?"
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


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn an error of the file system into a sentence about a folder that is written to."""
    try:
        yield
    except OSError as error:
        raise AllocondaError(f"{error.filename or folder} cannot be written: {error.strerror}.") from error
