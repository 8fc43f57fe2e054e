"""The one kind of failure that users see."""


class AllocondaError(Exception):
    """A failure with a sentence for the user: what is wrong, why, and what to do.

    The command line prints it as ``error: …`` and exits with status 1; the build backend does the same, so that a
    PEP 517 front end shows the sentence and no traceback.
    """


def sentence_of(error: OSError) -> str:
    """Say what the system refuses, where nothing better is known: a full disk, a folder for temporary files."""
    reason = error.strerror or str(error)
    return f"{error.filename} cannot be used: {reason}." if error.filename else f"The system refuses: {reason}."
