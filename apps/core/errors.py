"""The three bases of all errors of docintel, and what a person or program sees of one."""


class DocintelError(Exception):
    """An error with a stable code (for programs) and a message (for the person who reads it)."""

    code = "error"
    message = "Something went wrong."

    def __init__(self, message: str = "", *, code: str = "") -> None:
        self.code = code or self.code
        self.message = message or self.message
        super().__init__(f"{self.code}: {self.message}")


class UserError(DocintelError):
    """The input's fault; trying again changes nothing."""


class NotFoundError(UserError):
    """There is no such object, or not for this person."""

    code = "not_found"
    message = "There is no such object."


class ForbiddenError(UserError):
    """The person's role does not allow it."""

    code = "forbidden"
    message = "Your role in this workspace does not allow that."


class ConflictError(UserError):
    """The object is in a state that does not allow it."""

    code = "conflict"


class TransientError(DocintelError):
    """Something outside failed for now; trying again later may work."""

    code = "temporarily_unavailable"


class BugError(DocintelError):
    """Our own fault; tried once more, then shown and logged."""

    code = "internal_error"
    message = "An internal error occurred. It has been logged."
