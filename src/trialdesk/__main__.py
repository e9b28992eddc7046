"""`python -m trialdesk` is the command `trialdesk`."""

from __future__ import annotations

import multiprocessing
import sys

if __name__ == "__main__":
    # A frozen program starts itself anew for work of its own process; that must not open a second window.
    multiprocessing.freeze_support()

    from trialdesk.cli import main

    sys.exit(main())
