"""Narrator turns a story into a full-cast audiobook, offline."""

__version__: str

__all__ = ["__version__"]


def __getattr__(name: str) -> str:
    # Looking it up takes longer than all the rest of a worker process's first import.
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("narrator")
    except PackageNotFoundError:  # run from a bare checkout that was never installed
        return "0+unknown"
