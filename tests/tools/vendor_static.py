"""Fetch the front-end libraries into static/vendor with npm, or check what lies there against its manifest.

python -m tests.tools.vendor_static          fetch everything tests/tools/vendor.toml names and renew manifest.json
python -m tests.tools.vendor_static --check  compare the files with manifest.json (no network)
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SPEC = Path(__file__).with_name("vendor.toml")
TARGET = ROOT / "static" / "vendor"
MANIFEST = TARGET / "manifest.json"
SOURCE_MAP = re.compile(r"\s*(/\*|//)# sourceMappingURL=\S+?( \*/|\s*$)", re.MULTILINE)
MIT = """The MIT License (MIT)

{holders}

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in
all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN
THE SOFTWARE.
"""


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _unpack(package: dict[str, Any], folder: Path) -> Path:
    """Download one package with npm, which checks its integrity, and return the folder of its files."""
    name = subprocess.run(
        ["npm", "pack", "--silent", f"{package['name']}@{package['version']}"],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    unpacked = folder / str(package["folder"])
    with tarfile.open(folder / name) as archive:
        archive.extractall(unpacked, filter="data")
    return unpacked / "package"


def _sprite(icons: list[str], source: Path) -> str:
    """Join outline icons into one SVG of symbols, whose colour and stroke come from the page's CSS."""
    symbols = []
    for name in sorted(icons):
        svg = (source / "icons" / "outline" / f"{name}.svg").read_text(encoding="utf-8")
        body = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL).split(">", 1)[1].rsplit("</svg>", 1)[0]
        body = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>', "", body)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{" ".join(body.split())}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def _fill(package: dict[str, Any], source: Path) -> dict[str, Any]:
    """Write one package's files and licence below `TARGET`; return its entry in the manifest."""
    folder = TARGET / package["folder"]
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for origin, name in package.get("files", {}).items():
        text = (source / origin).read_text(encoding="utf-8")
        # Source maps are not vendored, and a link to a missing one stops collectstatic.
        (folder / name).write_text(SOURCE_MAP.sub("", text).rstrip() + "\n", encoding="utf-8")
        written.append(folder / name)
    if "sprite" in package:
        (folder / package["sprite"]).write_text(_sprite(package["icons"], source), encoding="utf-8")
        written.append(folder / package["sprite"])
    if "licence_file" in package:
        licence = (source / package["licence_file"]).read_text(encoding="utf-8")
    else:
        licence = MIT.format(holders="\n".join(f"Copyright (c) {holder}" for holder in package["licence_holders"]))
    (folder / "LICENSE.txt").write_text(licence, encoding="utf-8")
    written.append(folder / "LICENSE.txt")
    return {
        "name": package["name"],
        "version": package["version"],
        "licence": package["licence"],
        "files": {str(path.relative_to(TARGET)): _sha256(path) for path in written},
    }


def fetch() -> None:
    """Fetch every package and write the manifest."""
    spec = tomllib.loads(SPEC.read_text(encoding="utf-8"))
    entries = []
    with tempfile.TemporaryDirectory() as folder:
        for package in spec["package"]:
            entries.append(_fill(package, _unpack(package, Path(folder))))
            print(f"{package['name']} {package['version']}")
    MANIFEST.write_text(json.dumps({"packages": entries}, indent=2) + "\n", encoding="utf-8")


def problems() -> list[str]:
    """Name every file that is missing, changed or not in the manifest."""
    listed = {
        name: digest
        for package in json.loads(MANIFEST.read_text(encoding="utf-8"))["packages"]
        for name, digest in package["files"].items()
    }
    there = {str(path.relative_to(TARGET)) for path in TARGET.rglob("*") if path.is_file() and path != MANIFEST}
    found = [f"{name}: not in the manifest" for name in sorted(there - set(listed))]
    found += [f"{name}: missing" for name in sorted(set(listed) - there)]
    found += [f"{name}: changed" for name in sorted(there & set(listed)) if _sha256(TARGET / name) != listed[name]]
    return found


def main() -> int:
    """Run the command line; 0 when all is well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare the files with the manifest")
    if not parser.parse_args().check:
        fetch()
    found = problems()
    print("\n".join(found) or "static/vendor agrees with its manifest")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
