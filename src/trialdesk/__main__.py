"""`python -m trialdesk` is the command `trialdesk`."""

from __future__ import annotations

import sys

from trialdesk.cli import main

sys.exit(main())
