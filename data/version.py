"""Which version of the program this is."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

_PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"


@cache
def version() -> str:
    """Version of the installed package; of a checkout that nobody installed, the version it follows, and that it is one."""
    # Not above: every command names its program, and few its version.
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as version_of_package

    try:
        return version_of_package("tilannekuva")
    except PackageNotFoundError:
        return f"{tomllib.loads(_PROJECT.read_text(encoding='utf-8'))['project']['version']}+checkout"
