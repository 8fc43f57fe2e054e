"""The lock file: which archive headers come from, so that a later build gets the same bytes.

One lies in the cache. A project that has an ``alloconda.lock`` is built with that one, on every machine.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alloconda import atomic
from alloconda.errors import AllocondaError
from alloconda.headers.builds import Asset

if TYPE_CHECKING:
    from pathlib import Path

    from alloconda.headers.builds import Wanted

PROJECT_FILE = "alloconda.lock"
_VERSION = 1


@dataclass(frozen=True)
class LockFile:
    """A lock file, there or not yet."""

    path: Path

    def get(self, wanted: Wanted) -> Asset | None:
        """Look up the archive of what is wanted.

        Raises:
            AllocondaError: the file is not a lock file.
        """
        entry = self._read().get(str(wanted))
        if entry is None:
            return None
        name, sha256 = entry.get("asset"), entry.get("sha256")
        asset = Asset.read(name, sha256) if isinstance(name, str) and isinstance(sha256, str) else None
        if asset is None or not asset.fits(wanted):
            raise self._damaged(f"'{wanted}' does not name an archive of that build")
        return asset

    def versions(self, triple: str) -> list[str]:
        """List the versions that are locked for a platform, such as "3.13"; free-threaded ones are left out.

        Raises:
            AllocondaError: the file is not a lock file.
        """
        keys = (key.partition(" ") for key in self._read())
        found = [version for version, _, its_triple in keys if its_triple == triple and not version.endswith("t")]
        return sorted(found, key=lambda version: [int(part) for part in version.split(".") if part.isdigit()])

    def put(self, wanted: Wanted, asset: Asset) -> None:
        """Keep the archive of what is wanted. The caller keeps others from doing the same meanwhile.

        Raises:
            AllocondaError: the file cannot be written, or is not a lock file.
        """
        pythons = self._read() | {str(wanted): {"asset": asset.name, "sha256": asset.sha256}}
        document = {"lock": _VERSION, "pythons": dict(sorted(pythons.items()))}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with atomic.replacing(self.path) as file:
                file.write((json.dumps(document, indent=2) + "\n").encode())
        except OSError as error:
            raise AllocondaError(f"The lock file {self.path} cannot be written: {error.strerror}.") from error

    def _read(self) -> dict[str, dict[str, object]]:
        try:
            document = json.loads(self.path.read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except OSError as error:
            raise AllocondaError(f"The lock file {self.path} cannot be read: {error.strerror}.") from error
        except (ValueError, RecursionError) as error:
            raise self._damaged(f"it is not JSON ({error})") from None
        pythons = document.get("pythons") if isinstance(document, dict) else None
        if not isinstance(pythons, dict) or not all(isinstance(entry, dict) for entry in pythons.values()):
            raise self._damaged("it has no table 'pythons'")
        if document.get("lock") != _VERSION:
            raise self._damaged(f"'lock' is {document.get('lock')!r}, and this alloconda reads {_VERSION}")
        return pythons

    def _damaged(self, why: str) -> AllocondaError:
        return AllocondaError(f"The lock file {self.path} cannot be used: {why}. Restore or remove it.")
