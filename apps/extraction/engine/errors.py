"""The error catalogue of reading: stable codes, each with a message for a person and whose fault it is."""

from enum import StrEnum

from apps.extraction.engine.types import Problem


class ErrorCode(StrEnum):
    """The codes of the outer contract; they never change their meaning."""

    ENCRYPTED = "encrypted"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105  (a code, not a secret)
    UNSUPPORTED_TYPE = "unsupported_type"
    EMPTY = "empty"
    CORRUPT = "corrupt"
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    PAGE_FAILED = "page_failed"
    OCR_UNAVAILABLE = "ocr_unavailable"


MESSAGES = {
    ErrorCode.ENCRYPTED: "The file is protected by a password. Give the password to have it read.",
    ErrorCode.WRONG_PASSWORD: "The password does not open the file.",
    ErrorCode.UNSUPPORTED_TYPE: "Files of this type cannot be read.",
    ErrorCode.EMPTY: "The file holds nothing to read.",
    ErrorCode.CORRUPT: "The file is damaged or incomplete and cannot be read.",
    ErrorCode.TOO_LARGE: "The file is larger than this installation reads.",
    ErrorCode.TOO_MANY_PAGES: "The file has more pages than this installation reads.",
    ErrorCode.TIMED_OUT: "Reading the file took longer than allowed.",
    ErrorCode.OUT_OF_MEMORY: "Reading the file needed more memory than allowed.",
    ErrorCode.CRASHED: "The reader stopped unexpectedly on this file.",
    ErrorCode.PAGE_FAILED: "This page could not be read.",
    ErrorCode.OCR_UNAVAILABLE: "No text recognition data is installed for the configured languages.",
}
# These can end well when tried again, on a calmer machine or with other limits; all others are the file's own fault.
TRANSIENT = frozenset({ErrorCode.TIMED_OUT, ErrorCode.OUT_OF_MEMORY, ErrorCode.CRASHED})


class ReadingError(Exception):
    """A file, or one page of it, could not be read.

    `message` is for the person who sent the file, `detail` for the log; `media_type` is known when the file was
    identified before it failed.
    """

    def __init__(
        self, code: ErrorCode, message: str | None = None, *, detail: str = "", media_type: str | None = None
    ) -> None:
        self.code = ErrorCode(code)
        self.message = message or MESSAGES[self.code]
        self.detail = detail
        self.media_type = media_type
        super().__init__(self.code, self.message)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}" + (f" ({self.detail})" if self.detail else "")

    @property
    def is_transient(self) -> bool:
        """Whether another attempt may succeed; otherwise the file itself is the cause."""
        return self.code in TRANSIENT

    def as_problem(self, page: int | None = None) -> Problem:
        """Return the error as a value to be kept with the result."""
        return Problem(code=self.code, message=self.message, page=page)
