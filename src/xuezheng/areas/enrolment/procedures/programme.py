"""派位、分班程序。只用Python自带的库，任何人都可以用公布的名单和种子数重算：

派位：python3 派位程序.py 名单.csv 计划数 种子数
分班：python3 派位程序.py 名单.csv 班数 种子数 分班

名单一行一个报名序号，逗号后写同组编号（双胞胎等同进同退的写同一个编号，其他的不写），再逗号后写排序码（没有的不写），按报名序号排列，UTF-8编码。
"""

import hashlib
import sys
from pathlib import Path

Unit = list[tuple[str, str]]  # (registration number, sort code) of those who are bound together


def shuffle(content: bytes, seed: str) -> list[Unit]:
    """Return the units of a published list in the order that follows from list and seed, sorted by sort code.

    ``content`` is the list as UTF-8 with a line ``number,group,sort code`` each. Children of a group are one
    unit, with the lowest of their sort codes; among units of the same code the order is random, as determined
    by list and seed.
    """
    groups: dict[tuple[str, str], Unit] = {}
    for line in content.decode("utf-8").splitlines():
        number, group, code = [*line.split(","), "", ""][:3]
        groups.setdefault(("group", group) if group else ("number", number), []).append((number, code))
    units = sorted(groups.values(), key=lambda unit: [number for number, _ in unit])
    key = hashlib.sha256(f"{seed}\n{hashlib.sha256(content).hexdigest()}".encode()).digest()
    counter = 0
    for last in range(len(units) - 1, 0, -1):  # Fisher and Yates
        limit = 2**256 - 2**256 % (last + 1)  # a value from here on would favour the first units
        while True:
            value = int.from_bytes(hashlib.sha256(key + counter.to_bytes(8, "big")).digest(), "big")
            counter += 1
            if value < limit:
                break
        units[last], units[value % (last + 1)] = units[value % (last + 1)], units[last]
    return sorted(units, key=lambda unit: min(code for _, code in unit))


def draw(content: bytes, places: int, seed: str) -> list[tuple[str, bool]]:
    """Return (registration number, whether admitted) in the order drawn.

    A group is admitted as a whole or not at all: one larger than the places left waits, and the next in order
    is admitted.
    """
    result = []
    for unit in shuffle(content, seed):
        admitted = len(unit) <= places
        places -= len(unit) if admitted else 0
        result += [(number, admitted) for number, _ in unit]
    return result


def divide(content: bytes, classes: int, seed: str) -> list[tuple[str, int]]:
    """Return (registration number, class from 1), dealt in turn so that each sort code is spread evenly.

    A group is put into one class, which is then skipped for as many turns as it has further children.
    """
    result, turn, sits_out = [], 0, [0] * classes
    for unit in shuffle(content, seed):
        while sits_out[turn % classes]:
            sits_out[turn % classes] -= 1
            turn += 1
        result += [(number, turn % classes + 1) for number, _ in unit]
        sits_out[turn % classes] = len(unit) - 1
        turn += 1
    return result


if __name__ == "__main__":
    published, size, number = Path(sys.argv[1]).read_bytes(), int(sys.argv[2]), sys.argv[3]
    print("名单校验值", hashlib.sha256(published).hexdigest())
    if sys.argv[4:] == ["分班"]:
        lines = [(name, f"{place}班") for name, place in divide(published, size, number)]
    else:
        lines = [(name, "录取" if admitted else "候补") for name, admitted in draw(published, size, number)]
    for order, line in enumerate(lines, start=1):
        print(order, *line, sep=",")
