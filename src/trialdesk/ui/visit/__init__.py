"""The window of a monitor at a visit: read-only casebooks, shields, verified answers, drafted queries."""
