"""Builds trialdesk_VERSION_ARCH.deb from the frozen folder; needs dpkg-deb, nothing else.

python -m PyInstaller --noconfirm --distpath build/frozen --workpath build/frozen-work packaging/trialdesk.spec
python3 packaging/debian/build.py
"""

from __future__ import annotations

import runpy
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
FROZEN = TOP / "build" / "frozen" / "trialdesk"
ROOT = TOP / "build" / "deb"

DESKTOP = """\
[Desktop Entry]
Type=Application
Name=TrialDesk
Comment=Bedside capture of a clinical trial
Comment[zh_CN]=床旁采集临床试验数据
Exec=trialdesk app
Categories=Science;MedicalSoftware;
Terminal=false
"""


def control(version: str, architecture: str, kibibytes: int) -> str:
    """The package's own description; it needs the libraries that run.py names."""
    names = runpy.run_path(str(TOP / "run.py"))
    needed = [*names["QT_LIBRARIES"].values(), *names["WINDOW_LIBRARIES"].values()]
    return (
        f"Package: trialdesk\nVersion: {version}\nArchitecture: {architecture}\nInstalled-Size: {kibibytes}\n"
        f"Depends: libc6 (>= 2.34), {', '.join(needed)}\n"
        "Maintainer: The TrialDesk project <trialdesk@localhost>\nSection: science\nPriority: optional\n"
        "Description: bedside capture of a clinical trial without a network\n"
        " A research nurse writes down what happens, an investigator signs, a sealed bundle goes to the centre.\n"
    )


def main() -> int:
    """Lay the files out as they will be installed, then pack them."""
    if not FROZEN.is_dir():
        print(f"{FROZEN} is missing; run PyInstaller first:\n{__doc__}", file=sys.stderr)
        return 1
    shutil.rmtree(ROOT, ignore_errors=True)
    shutil.copytree(FROZEN, ROOT / "opt" / "trialdesk", symlinks=True)
    (ROOT / "usr/bin").mkdir(parents=True)
    (ROOT / "usr/bin/trialdesk").symlink_to("/opt/trialdesk/trialdesk")
    applications = ROOT / "usr/share/applications"
    applications.mkdir(parents=True)
    (applications / "trialdesk.desktop").write_text(DESKTOP, encoding="utf-8")
    (ROOT / "DEBIAN").mkdir()
    version = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    architecture = subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()
    kibibytes = sum(path.lstat().st_size for path in ROOT.rglob("*") if path.is_file()) // 1024
    (ROOT / "DEBIAN/control").write_text(control(version, architecture, kibibytes), encoding="utf-8")
    package = TOP / "build" / f"trialdesk_{version}_{architecture}.deb"
    # zstd packs in seconds and is a third larger than xz; whoever ships it may prefer the other.
    return subprocess.call(["dpkg-deb", "--build", "--root-owner-group", "-Zzstd", str(ROOT), str(package)])


if __name__ == "__main__":
    sys.exit(main())
