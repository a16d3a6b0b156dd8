"""The errors that a caller can act on, one class per action.

PuppetwatchError
├── ContractError      a frame or record breaks its contract: fix the data or the code that made it
├── InputError         the caller's input is wrong: fix the command, file or configuration
├── ServiceError       an outside service failed: try again later
├── LockHeldError      another run is writing this home: wait for it
├── MigrationError     the database is of another shape than the code: stop
└── ReleaseBlockedError  a quality minimum is broken: call a person

Every message names what failed, which record, what was expected against what was found, the state of the data, and the
next command. ``exit_code`` is what the command line returns for it (CONTRACT: 1 ours, 2 input, 3 outside, 4 stopped).
"""


class PuppetwatchError(Exception):
    """Root of all errors raised on purpose."""

    exit_code = 1


class ContractError(PuppetwatchError):
    """A frame, record or data file does not have the promised shape."""


class InputError(PuppetwatchError):
    """What the caller passed cannot be used."""

    exit_code = 2


class ServiceError(PuppetwatchError):
    """An outside service failed and nothing was published."""

    exit_code = 3


class LockHeldError(PuppetwatchError):
    """Another process is writing this home."""

    exit_code = 4


class MigrationError(PuppetwatchError):
    """A database cannot be brought to, or is beyond, this code's schema."""


class ReleaseBlockedError(PuppetwatchError):
    """A quality minimum stopped the release; what was published stays."""

    exit_code = 4
