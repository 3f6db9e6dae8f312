"""Gives each client its turn at the threads of the server."""

from __future__ import annotations

from collections import Counter, deque
from typing import Any

from waitress.task import ThreadedTaskDispatcher


class Turns:
    """The queue of requests that wait for a thread: first come first served within a client, and the clients in turn.

    A client gets at most ``most`` threads at once, so that one with a hundred slow requests leaves threads to
    the others.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: dict[str, deque[Any]] = {}
        self._running: Counter[str] = Counter()

    def append(self, channel: Any) -> None:
        """Add the next request of a connection to the queue of its client."""
        self._waiting.setdefault(channel.client, deque()).append(channel)

    def popleft(self) -> Any:
        """Remove and return the connection that comes next, and count it as running.

        It is the one that has waited longest of the first client with less than ``most`` running requests;
        the client's other connections go behind those of all other clients. Raises ``IndexError`` where there
        is none.
        """
        for client, channels in self._waiting.items():
            if self._running[client] < self._most:
                channel = channels.popleft()
                del self._waiting[client]
                if channels:  # behind everybody else
                    self._waiting[client] = channels
                self._running[client] += 1
                return channel
        raise IndexError

    def finish(self, client: str) -> None:
        """Record that a thread has finished a request of ``client``."""
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def __bool__(self) -> bool:
        """Whether a waiting request may be begun now."""
        return any(self._running[client] < self._most for client in self._waiting)


class FairDispatcher(ThreadedTaskDispatcher):
    """Waitress's pool of threads with :class:`Turns` as its queue.

    A client gets at most half of the threads.
    """

    def __init__(self, threads: int) -> None:
        super().__init__()
        self.queue: Any = Turns(max(1, threads // 2))
        self.set_thread_count(threads)

    def finish(self, client: str) -> None:
        """Record that a request of ``client`` is finished, and wake a thread for the next one."""
        with self.lock:
            self.queue.finish(client)
            self.queue_cv.notify_all()
