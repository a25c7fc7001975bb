"""What can go wrong with the embedded servers; its own module because the keeper runs without Django."""


class ServersError(RuntimeError):
    """The embedded servers cannot run or be reached; the message says what to do and is meant for a person."""
