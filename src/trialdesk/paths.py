"""Where TrialDesk finds its resources and keeps its desks."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def resources() -> Path:
    """The folder of studies, terminology and fonts: beside the source, inside the package, or in a frozen program."""
    frozen = getattr(sys, "_MEIPASS", None)
    here = Path(__file__).resolve().parent
    places = [Path(frozen) / "resources"] if frozen else []
    places += [here / "resources", here.parents[1] / "resources"]
    for place in places:
        if place.is_dir():
            return place
    raise FileNotFoundError("TrialDesk's resources folder is missing; install TrialDesk again")


def desk_home() -> Path:
    """The folder of this computer's desk; TRIALDESK_HOME overrides the usual place."""
    return _base() / "desk"


def demo_home() -> Path:
    """The folder of the demonstration desk, apart from any real one."""
    return _base() / "demonstration"


def training_home() -> Path:
    """The folder of the training desk, apart from any real one."""
    return _base() / "training"


def _base() -> Path:
    named = os.environ.get("TRIALDESK_HOME")
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("TrialDesk", appauthor=False)
