"""The machine that wheels are collected for, in pip's words."""

from __future__ import annotations

import platform
import re
import sys
from dataclasses import dataclass

from model.errors import ModelUsageError

INDEX = "https://download.pytorch.org/whl"
"""Where PyTorch's wheels for each version of CUDA are; `--cuda-index` names a mirror."""

_GLIBC = re.compile(r"manylinux_2_(\d+)_(\w+)")
_OLDEST_GLIBC = 5
_NAMES_BEFORE = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
_SYSTEMS = {
    "linux": ("linux", "Linux", "posix"),
    "macosx": ("darwin", "Darwin", "posix"),
    "win": ("win32", "Windows", "nt"),
}


@dataclass(frozen=True)
class Target:
    """Another machine: a platform tag, a version of Python, a version of CUDA; empty where it is like this one.

    Raises ModelUsageError for a word that is none of these.
    """

    platform: str = ""
    python: str = ""
    cuda: str = ""
    index: str = INDEX

    def __post_init__(self) -> None:
        if self.platform and self._system() is None:
            raise ModelUsageError(
                f"--platform takes a tag such as manylinux_2_28_x86_64, macosx_14_0_arm64 or win_amd64, not {self.platform!r}"
            )
        if self.python and not re.fullmatch(r"3\.\d+", self.python):
            raise ModelUsageError(f"--python takes a version such as 3.12, not {self.python!r}")
        if self.cuda and not re.fullmatch(r"cpu|\d+\.\d+|cu\d+|rocm[\d.]+|xpu", self.cuda):
            raise ModelUsageError(
                f"--cuda takes a version such as 12.6 (or cu126, or cpu), not {self.cuda!r}"
            )

    @property
    def elsewhere(self) -> bool:
        """Whether wheels must be those of another platform or Python than this one's."""
        return bool(self.platform or self.python)

    def index_words(self) -> list[str]:
        """pip's words for the index that has PyTorch for this CUDA."""
        if not self.cuda:
            return []
        build = f"cu{self.cuda.replace('.', '')}" if self.cuda[0].isdigit() else self.cuda
        return ["--extra-index-url", f"{self.index.rstrip('/')}/{build}"]

    def words(self) -> list[str]:
        """pip's words for platform and Python; wheels alone can be had for another machine."""
        words = ["--only-binary=:all:", "--implementation", "cp"]
        words += ["--python-version", self.python or _this_python()]
        for tag in tags(self.platform or this_platform()):
            words += ["--platform", tag]
        return words

    def markers(self) -> dict[str, str]:
        """What conditions of requirements (PEP 508) are judged by there."""
        python = self.python or _this_python()
        tag = self.platform or this_platform()
        name, system, kind = self._system() or (sys.platform, platform.system(), "posix")
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{python}.0",
            "os_name": kind,
            "platform_machine": _machine(tag),
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": system,
            "platform_version": "",
            "python_full_version": f"{python}.0",
            "python_version": python,
            "sys_platform": name,
        }

    def _system(self) -> tuple[str, str, str] | None:
        tag = self.platform or this_platform()
        found = re.match(r"(?:many)?(linux)|(macosx)_\d+_\d+_|(win)(?:_amd64|_arm64|32)", tag)
        return _SYSTEMS[found[found.lastindex or 0]] if found else None


def tags(tag: str) -> list[str]:
    """A platform tag with all older ones whose wheels run there as well (pip knows this for macOS alone).

    `manylinux_2_28_x86_64` stands for a machine with glibc 2.28 or newer.
    """
    match = _GLIBC.fullmatch(tag)
    if not match:
        return [tag]
    found = []
    for minor in range(int(match[1]), _OLDEST_GLIBC - 1, -1):
        found.append(f"manylinux_2_{minor}_{match[2]}")
        if minor in _NAMES_BEFORE:
            found.append(f"{_NAMES_BEFORE[minor]}_{match[2]}")
    return [*found, f"linux_{match[2]}"]


def this_platform() -> str:
    """This machine's tag."""
    machine = platform.machine().lower()
    if sys.platform == "darwin":
        version = platform.mac_ver()[0].split(".")
        return f"macosx_{version[0]}_0_{machine}"
    if sys.platform == "win32":
        return f"win_{machine}"
    major, _, minor = platform.libc_ver()[1].partition(".")
    return f"manylinux_{major}_{minor}_{machine}" if major and minor else f"linux_{machine}"


def _this_python() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _machine(tag: str) -> str:
    """As Python's `platform.machine()` calls it there: `x86_64`, `aarch64`, `arm64`, `AMD64`."""
    if tag.startswith("win"):
        return {"win_amd64": "AMD64", "win_arm64": "ARM64", "win32": "x86"}[tag]
    return re.sub(r"^(manylinux_\d+_\d+|manylinux\d+|linux|macosx_\d+_\d+)_", "", tag)
