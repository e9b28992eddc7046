#!/usr/bin/env python3
"""Sets TrialDesk up once in its own folder and runs it; needs Python 3.11 or newer and nothing else.

python3 run.py              open TrialDesk on the demonstration study
python3 run.py test         run the tests (more words go to pytest)
python3 run.py setup        set up only; leaves .venv/bin/trialdesk (setup --analysis adds the centre's statistics)
python3 run.py screenshots  pictures of every main screen, in build/screenshots
python3 run.py bench        speed beside its floor, measured here (bench --centre: the centre with a million records;
                           bench --growth: replica, shares of the sites)
python3 run.py lint         style, types and import contracts
python3 run.py conformance  outside judges of signed paper (Java, Maven), of exports and statistics (R)
"""

from __future__ import annotations

import ctypes.util
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
WINDOWS = os.name == "nt"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")
OLDEST = (3, 11)
LOCKS = {
    "run": HERE / "requirements.lock",
    "analysis": HERE / "requirements-analysis.lock",
    "dev": HERE / "requirements-dev.lock",
}

# Library that Qt opens at start -> Debian package that brings it. The first six are needed even without a display.
QT_LIBRARIES = {
    "glib-2.0": "libglib2.0-0",
    "EGL": "libegl1",
    "GL": "libgl1",
    "xkbcommon": "libxkbcommon0",
    "fontconfig": "libfontconfig1",
    "dbus-1": "libdbus-1-3",
}
WINDOW_LIBRARIES = {
    "xcb-cursor": "libxcb-cursor0",
    "xcb-icccm": "libxcb-icccm4",
    "xcb-keysyms": "libxcb-keysyms1",
    "xcb-shape": "libxcb-shape0",
    "xkbcommon-x11": "libxkbcommon-x11-0",
}

APT_INSTALL = "apt-get install -y --no-install-recommends"

# What pip and venv say when they fail -> what happened and what to do. The first line that fits is told.
FAULTS = {
    "ensurepip is not available": "Python's venv module is missing. On Debian: apt-get install python3-venv",
    "No space left": "The disk is full. Free 1 GB, then run this again.",
    "Permission denied": f"{HERE} cannot be written to. Copy TrialDesk to a folder of yours, then run it there.",
    "Read-only file system": f"{HERE} cannot be written to. Copy TrialDesk to a folder of yours, then run it there.",
    "DO NOT MATCH THE HASHES": "A package is not the one the lock file names, so nothing of it was installed. "
    "Run this again on a network you trust.",
    "No matching distribution": "The package index did not answer, or has no package for this Python and system. "
    "Check the network (it is needed once), then run this again.",
}


def main(words: list[str]) -> int:
    """Do what the first word says."""
    if sys.version_info < OLDEST:
        print(f"TrialDesk needs Python 3.11 or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 2
    act = words[0] if words else "app"
    if act in ("-h", "--help", "help"):
        print(__doc__)
        return 0
    if act not in ACTS:
        print(f"run.py does not know {act!r}.\n{__doc__}", file=sys.stderr)
        return 2
    return ACTS[act](words[1:])


def app(words: list[str]) -> int:
    """Open the demonstration, or do the same job without a window where there is no display."""
    set_up("run")
    if has_display():
        system_libraries(QT_LIBRARIES | WINDOW_LIBRARIES)
        return call("-m", "trialdesk", "app", "--demo", *words)
    print("No display here: the same bedside job runs without the window (trialdesk demo).", flush=True)
    place = HERE / "build" / "demo"
    shutil.rmtree(place, ignore_errors=True)
    return call("-m", "trialdesk", "demo", "--out", str(place), *words)


def test(words: list[str]) -> int:
    """Run the tests without a display."""
    set_up("dev")
    system_libraries(QT_LIBRARIES)
    workers = ("-n", str(max(2, os.cpu_count() or 2)), "--dist", "worksteal")
    return call("-m", "pytest", *workers, *words, QT_QPA_PLATFORM="offscreen")


def setup(words: list[str]) -> int:
    """Set up only."""
    set_up("analysis" if "--analysis" in words else "run")
    print(f"ready: {BIN / 'trialdesk'}")
    packages = missing_packages(QT_LIBRARIES | WINDOW_LIBRARIES)
    if packages:
        print(f"To show its window Qt also needs:\n  {APT_INSTALL} {' '.join(packages)}")
    return 0


def screenshots(words: list[str]) -> int:
    """Pictures of every main screen."""
    set_up("dev")
    system_libraries(QT_LIBRARIES)
    return call("tests/screenshots.py", *words, QT_QPA_PLATFORM="offscreen")


def bench(words: list[str]) -> int:
    """Speed, each figure beside its floor."""
    set_up("dev")
    system_libraries(QT_LIBRARIES)
    if "--centre" in words:
        return call("tests/bench_centre.py", *(word for word in words if word != "--centre"))
    if "--growth" in words:
        return call("tests/bench_growth.py", *(word for word in words if word != "--growth"))
    return call("tests/bench.py", *words, QT_QPA_PLATFORM="offscreen")


def conformance(words: list[str]) -> int:
    """Outside judges of signed paper, of the exports by CDISC's standards, and of the statistics."""
    set_up("dev")
    return call("tests/conformance/conformance.py", *words)


def lint(words: list[str]) -> int:
    """Style, types, import contracts."""
    set_up("dev")
    tools = (("-m", "ruff", "check"), ("-m", "ruff", "format", "--check"), ("-m", "mypy"))
    faults = [call(*tool) for tool in tools]
    faults.append(subprocess.call([str(BIN / ("lint-imports.exe" if WINDOWS else "lint-imports"))], cwd=HERE))
    return max(faults)


ACTS = {
    "app": app,
    "test": test,
    "setup": setup,
    "screenshots": screenshots,
    "bench": bench,
    "lint": lint,
    "conformance": conformance,
}


def set_up(kind: str) -> None:
    """Make the environment once; afterwards only its stamp is compared, without a network."""
    stamp = VENV / f"stamp-{kind}"
    wanted = fingerprint(kind)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted and PYTHON.exists():
        return
    make_venv()
    print(f"Setting up TrialDesk in {VENV.name} (once; needs a package index) ...", flush=True)
    install("--require-hashes", "--only-binary=:all:", "-r", str(LOCKS[kind]))
    link_project()
    stamp.write_text(wanted, encoding="utf-8")


def fingerprint(kind: str) -> str:
    """Changes whenever the lock file, the project file, this script or Python change."""
    files = (LOCKS[kind], HERE / "pyproject.toml", Path(__file__))
    parts = [path.read_bytes() for path in files] + [sys.version.encode(), str(HERE).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def make_venv() -> None:
    """Make .venv with the Python that runs this script."""
    same = f"import pip, sys; sys.exit(sys.version != {sys.version!r})"
    if PYTHON.exists() and subprocess.call([str(PYTHON), "-c", same], stderr=subprocess.DEVNULL) == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit(fault("The environment could not be made.", made.stdout + made.stderr))


def install(*words: str) -> None:
    """Call pip; its own words are shown only when it fails."""
    quiet = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *words]
    done = subprocess.run(quiet, cwd=HERE, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(fault("The packages could not be installed.", done.stdout + done.stderr))


def fault(what: str, said: str) -> str:
    """What happened and what to do, in one sentence where it is known, else with the tool's own last words."""
    if shutil.disk_usage(HERE).free < 50_000_000:
        said += "No space left"  # venv hides the reason its own pip gave
    known = next((sentence for words, sentence in FAULTS.items() if words in said), None)
    return f"{what} {known}" if known else "\n".join([what, *said.strip().splitlines()[-8:]])


def link_project() -> None:
    """Let the environment find this folder's source, and leave its command; no build is needed for that."""
    find = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(subprocess.check_output([str(PYTHON), "-c", find], text=True).strip())
    (site / "trialdesk.pth").write_text(str(HERE / "src") + "\n", encoding="utf-8")
    if WINDOWS:
        (BIN / "trialdesk.cmd").write_text(f'@"{PYTHON}" -m trialdesk %*\r\n', encoding="utf-8")
    else:
        command = BIN / "trialdesk"
        command.write_text(
            f"#!{PYTHON}\nimport sys\nfrom trialdesk.cli import main\n\nsys.exit(main())\n", encoding="utf-8"
        )
        command.chmod(0o755)
    subprocess.call([str(PYTHON), "-m", "compileall", "-q", str(HERE / "src")])


def has_display() -> bool:
    """Whether a window can be shown."""
    return WINDOWS or sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def system_libraries(libraries: dict[str, str]) -> None:
    """Name the Debian packages Qt still needs; install them where this runs as root."""
    packages = missing_packages(libraries)
    if not packages:
        return
    line = f"{APT_INSTALL} {' '.join(packages)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"Qt needs system libraries that are missing. Install them, then run this again:\n  {line}")
    print(f"Installing what Qt needs: {' '.join(packages)}", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.call(["apt-get", "update", "-qq"], **quiet)
    if subprocess.call(line.split(), **quiet):
        sys.exit(f"The system libraries could not be installed. Run this yourself, then try again:\n  {line}")


def missing_packages(libraries: dict[str, str]) -> list[str]:
    """The Debian packages of the libraries that are not there; other systems bring them with Qt."""
    if sys.platform != "linux":
        return []
    return [package for name, package in libraries.items() if not loadable(name)]


def loadable(name: str) -> bool:
    """Whether the dynamic linker finds a library, also where neither ldconfig nor a compiler is installed."""
    if ctypes.util.find_library(name):
        return True
    folders = (Path("/usr/lib"), Path("/lib"))
    return any(next(folder.glob(f"*-linux-gnu/lib{name}.so.*"), None) for folder in folders)


def call(*words: str, **environment: str) -> int:
    """Run the environment's Python here and return its exit code."""
    return subprocess.call([str(PYTHON), *words], cwd=HERE, env=os.environ | environment)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
