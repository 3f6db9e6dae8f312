"""Builds a release: the wheel, and the bundle from which it is installed on a machine without network.

Run as ``python contrib/release/build.py``, or ``make release``. ``dist/xuezheng-<version>-offline.tar.gz`` then holds the wheels of the
program and of all that it needs for x86-64 and aarch64, the install script, the units, the examples, a list of components (CycloneDX)
and their licences.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from email.message import Message
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).parents[2]
DIST = ROOT / "dist"
PYTHON = "3.11"
#: What pip calls the machines of Debian 12 and newer, the newest C library first.
PLATFORMS = {
    "x86_64": [f"manylinux_2_{minor}_x86_64" for minor in (36, 35, 34, 31, 28, 27, 26, 24, 17, 12, 5)]
    + ["manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64"],
    "aarch64": [f"manylinux_2_{minor}_aarch64" for minor in (36, 35, 34, 31, 28, 27, 26, 24, 17)]
    + ["manylinux2014_aarch64"],
}
FILES = ("install.sh", "systemd", "nginx", "container", "xuezheng.env")
DOCUMENTS = ("LICENSE", "CHANGELOG.md", "docs/how-to")


def main() -> None:
    """Build the wheel and the bundle, and tell where they lie."""
    shutil.rmtree(DIST, ignore_errors=True)
    wheel = build_wheel()
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder) / f"{'-'.join(wheel.name.split('-')[:2])}-offline"
        wheels = bundle / "wheels"
        wheels.mkdir(parents=True)
        for machine in PLATFORMS:
            download(machine, wheels)
        shutil.copy(wheel, wheels)
        shutil.copy(ROOT / "requirements.lock", bundle)
        for source in (*(ROOT / "contrib" / name for name in FILES), *(ROOT / name for name in DOCUMENTS)):
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, bundle / source.name)
        describe(wheels, bundle)
        archive = DIST / f"{bundle.name}.tar.gz"
        with tarfile.open(archive, "w:gz", compresslevel=1) as tar:  # wheels are packed already
            tar.add(bundle, bundle.name)
    print(f"{wheel}\n{archive}（{archive.stat().st_size / 1e6:.0f} MB）")


def build_wheel() -> Path:
    """Build the wheel of the program; it is refused without the libraries of the pages."""
    run("-m", "uv", "build", "--quiet", "--wheel", "--out-dir", DIST, ROOT)
    return next(DIST.glob("*.whl"))


def download(machine: str, wheels: Path) -> None:
    """Get the wheels of all that the program needs, as the lock file names them by their hashes, for one kind of machine."""
    platforms = [word for name in PLATFORMS[machine] for word in ("--platform", name)]
    run(
        "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes",
        "--python-version", PYTHON, *platforms, "--dest", wheels, "--requirement", ROOT / "requirements.lock",
    )  # fmt: skip


def describe(wheels: Path, bundle: Path) -> None:
    """Write the list of components (CycloneDX 1.5) and their licences, as their wheels tell them."""
    known = {
        (about["Name"].lower(), about["Version"]): about
        for about in map(metadata, sorted(wheels.glob("*.whl")))
    }
    components = [
        {
            "type": "library",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name}@{version}",
            "licenses": [{"license": {"name": licence_of(about)}}],
        }
        for (name, version), about in sorted(known.items())
    ]
    for script in json.loads((ROOT / "src/xuezheng/web/assets/package-lock.json").read_text())[
        "packages"
    ].items():
        path, about = script
        if path:
            name = path.removeprefix("node_modules/")
            components.append(
                {
                    "type": "library",
                    "name": name,
                    "version": about["version"],
                    "purl": f"pkg:npm/{name.replace('@', '%40')}@{about['version']}",
                    "licenses": [{"license": {"name": about.get("license", "see the package")}}],
                }
            )
    sbom = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": components}
    (bundle / "sbom.cdx.json").write_text(json.dumps(sbom, ensure_ascii=False, indent=1), encoding="utf-8")
    lines = [f"{it['name']} {it['version']}\t{it['licenses'][0]['license']['name']}" for it in components]
    (bundle / "LICENCES.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def metadata(wheel: Path) -> Message:
    """Return what a wheel says of itself."""
    with ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode("utf-8"))


def licence_of(about: Message) -> str:
    """Return the licence as a wheel names it: the expression, else its classifier, else the first line of its text."""
    classified = [
        value.rpartition(" :: ")[2]
        for value in about.get_all("Classifier", [])
        if value.startswith("License :: ") and value != "License :: OSI Approved"
    ]
    text = (about["License"] or "").strip().splitlines()
    return about["License-Expression"] or ", ".join(classified) or (text[0] if text else "see the package")


def run(*words: object) -> None:
    """Run Python; what goes wrong ends the build."""
    subprocess.run([sys.executable, *map(str, words)], check=True)  # noqa: S603 - our own words


if __name__ == "__main__":
    main()
