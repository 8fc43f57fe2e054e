"""The one kind of failure that users see."""


class AllocondaError(Exception):
    """A failure with a sentence for the user: what is wrong, why, and what to do.

    The command line prints it as ``error: …`` and exits with status 1; the build backend does the same, so that a
    PEP 517 front end shows the sentence and no traceback.
    """
