"""派位程序：python3 派位程序.py 名单.csv 计划数 种子数。只用Python自带的库，任何人都可以用公布的名单和种子数重算。

名单一行一个报名序号，逗号后写同组编号（双胞胎等同进同退的写同一个编号，其他的不写），按报名序号排列，UTF-8编码。
"""

import hashlib
import sys
from pathlib import Path


def draw(content: bytes, places: int, seed: str) -> list[tuple[str, bool]]:
    """Return each registration number in the order drawn, with whether there is a place for it.

    ``content`` is the published list. Those of one group are drawn as one, and get places together or not at all: a group that is larger than
    what is left waits, and the next in order gets the place.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for line in content.decode("utf-8").splitlines():
        number, _, group = line.partition(",")
        groups.setdefault(("group", group) if group else ("number", number), []).append(number)
    units = sorted(groups.values())
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
    result = []
    for unit in units:
        admitted = len(unit) <= places
        places -= len(unit) if admitted else 0
        result += [(number, admitted) for number in unit]
    return result


if __name__ == "__main__":
    published = Path(sys.argv[1]).read_bytes()
    print("名单校验值", hashlib.sha256(published).hexdigest())
    for order, (name, has_place) in enumerate(draw(published, int(sys.argv[2]), sys.argv[3]), start=1):
        print(order, name, "录取" if has_place else "候补", sep=",")
