"""Which platform tags the index PyPI takes, as its documentation and PEP 513 to 656, 730 and 738 list them."""

from __future__ import annotations

import re

_FIXED = re.compile(
    r"any|win32|win_(amd64|arm64|ia64)|manylinux(1|2010)_(x86_64|i686)"
    r"|manylinux2014_(x86_64|i686|aarch64|armv7l|ppc64|ppc64le|s390x)|linux_armv[67]l"
)
_LINUX = re.compile(
    r"(many|musl)linux_\d+_\d+_(x86_64|i686|aarch64|armv7l|ppc64le|s390x|riscv64)|manylinux_\d+_\d+_ppc64"
)
_MAC_ARCH = r"(ppc|ppc64|i386|x86_64|arm64|intel|fat|fat3|fat64|universal|universal2)"
_MAC = re.compile(rf"macosx_(10_\d+|(11|12|13|14|15|26)_0)_{_MAC_ARCH}")
_MOBILE = re.compile(
    r"ios_\d+_\d+_(arm64|x86_64)_(iphoneos|iphonesimulator)|android_\d+_(armeabi_v7a|arm64_v8a|x86|x86_64)"
    r"|pyemscripten_\d+_\d+_wasm32"
)


def index_takes(platform_tag: str) -> bool:
    """Tell whether PyPI takes wheels with a platform tag."""
    return any(pattern.fullmatch(platform_tag) for pattern in (_FIXED, _LINUX, _MAC, _MOBILE))
