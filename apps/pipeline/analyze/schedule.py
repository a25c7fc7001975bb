"""Which file is begun next, and the finished lines in input order: what the threads of the jobs share."""

import threading
from collections.abc import Iterator, Sequence


class Schedule:
    """Hands files out to jobs, one by one, and their lines to the writer. Thread-safe; files are known by their place.

    Of the `ahead` files from the oldest one that is not written yet, the largest is begun first: a long one that came
    at the end would be read by one job while the others have nothing left to do. Finished lines of more than
    `most_held` bytes that wait for an older one let nothing begin but that.
    """

    def __init__(self, sizes: Sequence[int], *, ahead: int, most_held: int) -> None:
        self._sizes = sizes
        self._ahead = ahead
        self._most_held = most_held
        self._waiting: set[int] = set()  # near the oldest one, and not begun
        self._seen = 0  # places before this one wait or are begun
        self._oldest = 0
        self._lines: dict[int, bytes] = {}
        self._held = 0
        self._error: BaseException | None = None
        self._stopped = False
        self._changed = threading.Condition()

    def next_place(self) -> int | None:
        """Wait for a file that may be begun; None when there is none any more."""
        with self._changed:
            while not self._stopped:
                place = self._choice()
                if place is not None:
                    self._waiting.remove(place)
                    return place
                if self._seen == len(self._sizes) and not self._waiting:
                    break
                self._changed.wait()
            return None

    def _choice(self) -> int | None:
        while self._seen < min(len(self._sizes), self._oldest + self._ahead):
            self._waiting.add(self._seen)
            self._seen += 1
        if self._held > self._most_held:
            return self._oldest if self._oldest in self._waiting else None
        return max(self._waiting, key=lambda place: (self._sizes[place], -place), default=None)

    def finished(self, place: int, line: bytes) -> None:
        """Take a file's line."""
        with self._changed:
            self._lines[place] = line
            self._held += len(line)
            self._changed.notify_all()

    def failed(self, error: BaseException) -> None:
        """Let the writer raise what a thread could not go on after."""
        with self._changed:
            self._error = error
            self._changed.notify_all()

    def lines(self) -> Iterator[bytes]:
        """Yield all lines in the files' order, each as soon as it is there."""
        while self._oldest < len(self._sizes):
            with self._changed:
                while self._oldest not in self._lines:
                    if self._error is not None:
                        raise self._error
                    self._changed.wait()
                line = self._lines.pop(self._oldest)
                self._held -= len(line)
                self._oldest += 1
                self._changed.notify_all()
            yield line

    def stop(self) -> None:
        """Let nothing more begin."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
