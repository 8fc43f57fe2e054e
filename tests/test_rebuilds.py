"""What is edited is rebuilt, and nothing else."""

from __future__ import annotations

import secrets
import sys
import zipfile
from typing import TYPE_CHECKING

from workbench import Workbench, Zig

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_an_edit_of_an_imported_file_is_seen(
    workbench: Workbench, any_zig: Zig, project: Callable[[str], Path]
) -> None:
    """Names and docs come from a file that only the root file names."""
    hello = project("examples/hello")
    with (hello / "src" / "root.zig").open("a", encoding="utf-8") as root:
        root.write('\nconst elsewhere = @import("elsewhere.zig");\npub const imported = elsewhere.imported;\n')
    elsewhere = hello / "src" / "elsewhere.zig"
    code = "import hello._native as n; print(n.imported.__doc__, n.imported.__text_signature__)"

    def seen(doc: str, name: str) -> str:
        elsewhere.write_text(f"/// {doc}\npub fn imported({name}: i64) i64 {{\n    return {name} + 1;\n}}\n", "utf-8")
        workbench.alloconda("build", zig=any_zig, cwd=hello)
        return workbench.run([sys.executable, "-c", code], environment={"PYTHONPATH": str(hello)}).stdout

    assert seen("From another file.", "there") == "From another file. ($module, there)\n"
    assert seen("From that file.", "here") == "From that file. ($module, here)\n"


def test_a_new_file_of_the_package_is_packed(workbench: Workbench, zig: Zig, project: Callable[[str], Path]) -> None:
    hello = project("examples/hello")
    assert "hello/added.py" not in packed(workbench, zig, hello)
    (hello / "hello" / "added.py").write_text("added = 1\n", "utf-8")
    assert "hello/added.py" in packed(workbench, zig, hello)
    (hello / "hello" / "added.py").unlink()
    assert "hello/added.py" not in packed(workbench, zig, hello)


def packed(workbench: Workbench, zig: Zig, project: Path) -> list[str]:
    """Names of the files of the wheel, built anew in the same folders."""
    wheel = project / workbench.alloconda("wheel", zig=zig, cwd=project).stdout.strip()
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_what_is_the_same_is_not_packed_again(
    workbench: Workbench, any_zig: Zig, project: Callable[[str], Path]
) -> None:
    hello = project("examples/hello")
    wheel = hello / "dist" / "hello-0.1.0-cp310-abi3-manylinux_2_17_x86_64.whl"
    # No test before this one has packed the same.
    (hello / "hello" / "new.txt").write_text(secrets.token_hex(), "utf-8")

    def build() -> tuple[bytes, bool]:
        done = workbench.zig_build("wheel", "--summary", "all", f"-Dpython={sys.executable}", zig=any_zig, cwd=hello)
        assert done.stdout == f"{wheel}\n"
        packed = next(line for line in done.stderr.splitlines() if "pack cp310-abi3" in line)
        return wheel.read_bytes(), "cached" not in packed

    first, packed = build()
    assert packed
    assert build() == (first, False)
    # A wheel that is gone or damaged comes back out of the cache.
    wheel.unlink()
    assert build() == (first, False)
    wheel.write_bytes(b"damaged")
    assert build() == (first, False)
    # What goes in is seen, and so is what goes back to what it was.
    seen = {first}
    for file in ("pyproject.toml", "README.md", "LICENSE", "hello/__init__.py", "hello/added.py", "src/root.zig"):
        path = hello / file
        before = path.read_bytes() if path.exists() else None
        text = "" if before is None else before.decode()
        # In the code of the function, so that what is known of the library stays the same.
        changed = text.replace("Hello", "Hallo") if file == "src/root.zig" else text + "# changed\n"
        path.write_text(changed, "utf-8")
        content, packed = build()
        # A comment says nothing about the wheel.
        assert packed == (file != "pyproject.toml"), file
        seen.add(content)
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)
    assert len(seen) == 6
    assert build()[0] == first


def test_the_folder_of_wheels_is_in_the_way(workbench: Workbench, zig: Zig, project: Callable[[str], Path]) -> None:
    hello = project("examples/hello")
    (hello / "dist").write_bytes(b"")
    done = workbench.zig_build("wheel", f"-Dpython={sys.executable}", zig=zig, cwd=hello, status=1)
    assert f"error: {hello}/dist/hello-0.1.0-cp310-abi3-manylinux_2_17_x86_64.whl cannot be written (" in done.stderr
    assert done.stdout == ""
