"""Every error that Narrator raises on purpose.

::

    NarratorError          exit 1
    ├── ConfigError        exit 3   a config or cast file says something that cannot be
    ├── StoryError         exit 4   the story cannot be read, or there is nothing in it to speak
    ├── CastError          exit 5   a voice that does not exist, or too few of them
    ├── EngineError        exit 6   a speech engine is missing, hangs or fails
    ├── EncodeError        exit 7   sound that cannot be encoded, or a file that cannot be decoded
    ├── StoreError         exit 8   a path that cannot be read or written, or a disk that is full
    ├── CheckError         exit 9   an audiobook that a player would choke on
    ├── LedgerError        exit 10  text that is neither spoken nor skipped: a fault of the program
    └── PlaybackError      exit 11  there is no sound device to play on

Exit code 2 is a wrong command line (Click's own), 130 an interruption by the user.

A message names the file, the key or line, the value, and what would be right. Foreign exceptions
are translated where they enter, with ``raise … from exc``. Only the command line catches.
"""

import errno

DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""How the system says that there is no room for what is written."""


class NarratorError(Exception):
    """Anything that Narrator refuses to do, in one line that a user can act on."""

    exit_code = 1


class ConfigError(NarratorError):
    """A config or cast file holds an unknown key, a wrong type or an impossible value."""

    exit_code = 3


class StoryError(NarratorError):
    """A story cannot be read or holds nothing to speak."""

    exit_code = 4


class CastError(NarratorError):
    """A voice is unknown, or no voice can be found for a part."""

    exit_code = 5


class EngineError(NarratorError):
    """A speech engine or its driver is missing, hangs, or fails on a text."""

    exit_code = 6


class EncodeError(NarratorError):
    """Sound cannot be encoded, or a media file cannot be decoded."""

    exit_code = 7


class StoreError(NarratorError):
    """A path cannot be read or written."""

    exit_code = 8


class CheckError(NarratorError):
    """An audiobook file has a fault that a player would stumble over."""

    exit_code = 9


class LedgerError(NarratorError):
    """Some text of the source is neither spoken once nor skipped with a reason."""

    exit_code = 10


class PlaybackError(NarratorError):
    """Sound cannot be played on this machine."""

    exit_code = 11
