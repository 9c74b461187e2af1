"""Stopping a run: what is at work elsewhere - kernels, a browser that prints - is ended at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

__all__ = ["Stop"]


class Stop:
    """Whether a run is to stop, and what must be ended when it is.

    Examples
    --------
    >>> stop = Stop()
    >>> with stop.ending(lambda: print("ended")):
    ...     stop.request()
    ended
    >>> stop.requested
    True
    """

    def __init__(self) -> None:
        self.requested = False
        self._ends: list[Callable[[], None]] = []
        self._lock = Lock()

    @contextmanager
    def ending(self, end: Callable[[], None]) -> Iterator[None]:
        """What ends the work inside: called once, from another thread, when the stop is requested; or at once."""
        with self._lock:
            self._ends.append(end)
            is_late = self.requested
        if is_late:
            end()
        try:
            yield
        finally:
            with self._lock:
                self._ends.remove(end)

    def request(self) -> None:
        """Stop: end all that is at work, and whatever begins from now on."""
        with self._lock:
            is_first = not self.requested
            self.requested = True
            ends = list(self._ends)
        if is_first:
            for end in ends:
                end()
