"""Source distributions (PEP 625, 643): the files of a project that git would keep, and all that a build needs."""

from __future__ import annotations

import gzip
import io
import posixpath
import re
import tarfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alloconda import zon
from alloconda.atomic import replacing
from alloconda.errors import AllocondaError
from alloconda.pack.archive import source_date_epoch
from alloconda.pack.entries import Entries
from alloconda.pack.zig_packages import local_packages
from alloconda.selection.patterns import Patterns
from alloconda.selection.tree import SourceTree, check_regular, is_executable

if TYPE_CHECKING:
    from pathlib import Path

    from alloconda.config import Config
    from alloconda.project import Project

_METADATA = "PKG-INFO"
_COMPRESSION_LEVEL = 9


def write_sdist(project: Project, config: Config, out_dir: Path) -> Path:
    """Write the source distribution of a project.

    Args:
        project: the project, with its metadata.
        config: ``include``, ``exclude``, ``sdist-include`` and ``package-dir`` are used.
        out_dir: where it goes; made if it is not there.

    Returns:
        The path of the source distribution.

    Raises:
        AllocondaError: anything that goes in is missing or cannot be packed; the previous file is untouched.
    """
    if not (project.directory / "build.zig").is_file():
        raise AllocondaError(f"There is no build.zig in {project.directory}: add one that declares the extension.")
    contents = _Contents(project)
    contents.add_needed()
    contents.add_selected(config)
    contents.add_zig_packages()
    contents.entries.check_folders()
    destination = out_dir / f"{project.stem}.tar.gz"
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        _write(contents.entries, project.stem, destination)
    except OSError as error:
        raise AllocondaError(f"{destination} cannot be written: {error.strerror}.") from error
    return destination


@dataclass
class _Contents:
    """What goes into a source distribution. A file that is in already stays as it is."""

    project: Project
    entries: Entries = field(default_factory=lambda: Entries("source distribution"))

    def add_needed(self) -> None:
        """Add what is there whatever any pattern says: metadata, and the files that it and the build are made from."""
        metadata = self.project.dist_info_files()
        self.entries.add(_METADATA, metadata["METADATA"], origin="pyproject.toml")
        readme = self.project.metadata.readme
        licences = [path.removeprefix("licenses/") for path in metadata if path.startswith("licenses/")]
        named = [readme.file.relative_to(self.project.directory).as_posix()] if readme and readme.file else []
        for path in ("pyproject.toml", "build.zig", zon.FILE_NAME, *named, *licences):
            if (self.project.directory / path).is_file():
                self._add(path, self.project.directory / path)

    def add_selected(self, config: Config) -> None:
        """Add the files of the project that are distributed by default, and what patterns say."""
        root = self.project.directory
        tree = SourceTree.of(root)
        include = (Patterns("include", config.include), Patterns("sdist-include", config.sdist_include))
        exclude = Patterns("exclude", config.exclude)
        for submodule in tree.git.empty_submodules if tree.git else ():
            if not exclude.match(submodule):
                raise AllocondaError(
                    f"The git submodule {submodule} is not checked out, and the source distribution would lack it: run "
                    "'git submodule update --init', or leave it out with 'exclude' in [tool.alloconda]."
                )
        for file, by_default in tree.files(root, everything=any(include)):
            path = file.relative_to(root).as_posix()
            spellings = _spellings(root, path, config.package_dir)
            # Each list of patterns is asked, so that each learns what it is good for.
            included = [patterns.match(*spellings) for patterns in include]
            wanted = any(included) or (by_default and not self._is_own_distribution(path, tree))
            if wanted and path not in self.entries and not exclude.match(*spellings):
                self._check_link(file)
                self._add(path, file)
        for patterns in include:
            patterns.check_all_used("the project matches it")

    def add_zig_packages(self) -> None:
        """Add the dependencies that are local folders, and the manifests that lead to them."""
        packages = local_packages(self.project.directory)
        root, *dependencies = packages.values()
        for package in dependencies:
            # What lies in the project is in by now, unless git ignores it as a whole.
            if package.is_outside or not any(path.startswith(f"{package.place}/") for path in self.entries):
                for path, file in package.files():
                    # A package outside the project may have the project within.
                    if not package.is_outside or root.folder not in file.parents:
                        self._add(f"{package.place}/{path}", file)
        for package in packages.values():
            content = package.rewritten_zon(packages)
            if content is not None:
                self.entries.replace(f"{package.place}/{zon.FILE_NAME}".lstrip("/"), content)

    def _add(self, path: str, file: Path) -> None:
        if path not in self.entries:
            check_regular(file, "a source distribution")
            self.entries.add(path, file, origin=str(file), executable=is_executable(file))

    def _check_link(self, file: Path) -> None:
        """Refuse a file that a symbolic link brings in from outside the project."""
        root, real = self.project.directory.resolve(), file.resolve()
        if root not in real.parents:
            path = file.relative_to(self.project.directory)
            raise AllocondaError(
                f"{path} leads out of the project by a symbolic link, to {real}: put a copy in its place, or leave it "
                "out with 'exclude' in [tool.alloconda]."
            )

    def _is_own_distribution(self, path: str, tree: SourceTree) -> bool:
        """Tell whether a file is an older distribution of the project, as ``--out-dir`` may leave in the tree."""
        if tree.git and path in tree.git.tracked:
            return False
        name = self.project.stem.partition("-")[0]
        return re.fullmatch(rf"(.*/)?{re.escape(name)}-[^/]*\.(whl|tar\.gz)", path) is not None


def _spellings(root: Path, path: str, package_dir: str | None) -> tuple[str, ...]:
    """Return a path as patterns may name it: in the project and, for a package's file, in the wheel and the package."""
    parts = path.split("/")
    if package_dir is not None:
        folder = posixpath.normpath(package_dir)
        depth = folder.count("/") + 1
        is_packaged = path.startswith(f"{folder}/")
    else:
        depth = 2 if parts[0] in ("python", "src") else 1
        is_packaged = (root.joinpath(*parts[:depth]) / "__init__.py").is_file()
    if not is_packaged or len(parts) <= depth:
        return (path,)
    return (path, "/".join(parts[depth - 1 :]), "/".join(parts[depth:]))


def _write(entries: Entries, folder: str, destination: Path) -> None:
    """Write the archive: nothing in it tells when, where or by whom."""
    epoch = source_date_epoch()
    with (
        replacing(destination) as file,
        gzip.GzipFile("", "wb", _COMPRESSION_LEVEL, file, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT, encoding="utf-8") as archive,
    ):
        for path in sorted(entries):
            entry = entries[path]
            content = entry.read()
            member = tarfile.TarInfo(f"{folder}/{path}")
            member.size = len(content)
            member.mtime = epoch
            member.mode = 0o755 if entry.executable else 0o644
            archive.addfile(member, io.BytesIO(content))
