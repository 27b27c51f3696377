"""Narrator turns a story into a full-cast audiobook, offline."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("narrator")
except PackageNotFoundError:  # run from a bare checkout that was never installed
    __version__ = "0+unknown"

__all__ = ["__version__"]
