"""The health of the system, as monitoring programs query it."""

from __future__ import annotations

import time
from typing import NamedTuple

from django.db import DatabaseError, InterfaceError, connection

from xuezheng.core.disk_space import free_megabytes, kept_megabytes
from xuezheng.jobs.heartbeat import worker_age

#: A worker that was not heard of for so long is taken to be gone.
_WORKER_SECONDS = 30.0
_SENTENCES = {
    "database": "数据库连不上。请检查数据库服务和XUEZHENG_DATABASE_URL。",
    "disk": "数据文件夹所在的磁盘空间不足，已停止接收文件、导出和生成快照。请清理磁盘。",
    "worker": "后台进程没有运行，大工作簿、核对和快照会一直等待。请检查“xuezheng serve”或“xuezheng work”。",
}


class Health(NamedTuple):
    """Which parts of the system work: the database, the disk (enough free space), and a background worker; True for each that does."""

    database: bool
    disk: bool
    worker: bool

    @property
    def is_sound(self) -> bool:
        """Whether all parts work."""
        return all(self)

    def problems(self) -> list[str]:
        """Return a Chinese sentence for each part that does not work; an empty list where all do."""
        return [_SENTENCES[name] for name, works in self._asdict().items() if not works]


def check_health() -> Health:
    """Return which parts work: the database answers, the disk has enough space, a worker was alive within 30 seconds."""
    return Health(_database_answers(), free_megabytes() >= kept_megabytes(), worker_age() < _WORKER_SECONDS)


def wait_for_health(seconds: float) -> Health:
    """Check every half second until everything works, for at most ``seconds``; return the last result."""
    until = time.monotonic() + seconds
    while not (health := check_health()).is_sound and time.monotonic() < until:
        time.sleep(0.5)
    return health


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        connection.close()
        return False
    return True
