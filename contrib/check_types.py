"""Check the types with mypy, and hold each package to its budget of expressions whose type nobody knows (``Any``).

``[tool.any-budget]`` of ``pyproject.toml`` says how many percent of its expressions a package may leave without a type. A budget
is lowered when a package does better, and never raised.
"""

import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOTAL = "total"


def check_types(report: Path) -> int:
    """Run mypy, let it write into the folder ``report``, and return its exit code."""
    command = [sys.executable, "-m", "mypy", "--any-exprs-report", str(report)]
    return subprocess.run(command, cwd=ROOT).returncode  # noqa: S603 - a command of our own


def read_shares(table: str) -> dict[str, float]:
    """Return by package, and of all, how many percent of the expressions are ``Any``, from the table that mypy writes."""
    unknown: Counter[str] = Counter()
    expressions: Counter[str] = Counter()
    for line in table.splitlines():
        match line.split():
            case [module, any_, all_, share] if share.endswith("%") and module.startswith("xuezheng"):
                package = module.split(".")[1] if "." in module else module
                for name in (package, TOTAL):
                    unknown[name] += int(any_)
                    expressions[name] += int(all_)
    return {name: 100 * unknown[name] / count for name, count in expressions.items() if count}


def find_overruns(shares: dict[str, float], budgets: dict[str, float]) -> list[str]:
    """Describe, in Chinese and English, each package that is over its budget; what has no budget has the total's."""
    return [
        f"{name}：{share:.1f}%的表达式没有类型（Any），限额{budget}%。"
        f"{name}: {share:.1f} % of its expressions are Any, the budget is {budget} %."
        for name, share in sorted(shares.items())
        if share > (budget := budgets.get(name, budgets[TOTAL]))
    ]


def main() -> int:
    """Check, report, and return 1 when something does not hold."""
    with tempfile.TemporaryDirectory() as folder:
        failed = check_types(Path(folder))
        report = Path(folder) / "any-exprs.txt"
        if not report.exists():  # mypy could not begin, and has said why
            return failed
        table = report.read_text(encoding="utf-8")
    shares = read_shares(table)
    budgets = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["any-budget"]
    overruns = find_overruns(shares, budgets)
    print(*overruns, f"Any: {shares[TOTAL]:.1f} % of all expressions", sep="\n")
    return 1 if failed or overruns else 0


if __name__ == "__main__":
    sys.exit(main())
