"""Long reading of the centre's store in a process of its own.

A thread beside the window is not enough: counting, drawing and signing hold the interpreter for tenths of a second at a
time, and the window stands still meanwhile. What only reads the store can run in another process as well.
"""

from __future__ import annotations

import multiprocessing
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from trialdesk.errors import KnownError
from trialdesk.services.centre_view import Progress

Said = tuple[Literal["far", "done", "known", "fault"], Any]
Work = Callable[..., Any]
"""A function of a module: it is given the open centre, the arguments, and last what it calls after each step."""


class AsideError(Exception):
    """The work broke in its process; the message is its traceback there."""


def aside(folder: Path, work: Work, *given: Any, told: Progress) -> Any:
    """What `work` gives for the centre in a folder; raises what it raises, and LeftOff as soon as `told` does."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(theirs, folder, work, given), daemon=True)
    process.start()
    theirs.close()
    far = (0, 0)
    try:
        while True:
            # Asked again and again, so that work that is silent for long can be left off too.
            while not ours.poll(0.1):
                told(*far)
            kind, said = ours.recv()
            if kind == "far":
                far = said
                told(*far)
            elif kind == "done":
                return said
            elif kind == "known":
                raise KnownError(said)
            else:
                raise AsideError(said)
    except EOFError as fault:
        raise AsideError("the process ended without a word") from fault
    finally:
        process.terminate()
        process.join()
        ours.close()


def _run(pipe: Any, folder: Path, work: Work, given: tuple[Any, ...]) -> None:
    """In the other process: open the centre, do the work, and say how far it is and what came of it."""
    from trialdesk.centre.centre import Centre

    def say(kind: str, said: Any) -> None:
        pipe.send((kind, said))

    try:
        centre = Centre.open(folder)
        try:
            say("done", work(centre, *given, lambda step, total: say("far", (step, total))))
        finally:
            centre.close()
    except KnownError as fault:
        say("known", fault.text)
    except Exception:
        say("fault", traceback.format_exc())
