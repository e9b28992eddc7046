"""TrialDesk: bedside capture of a clinical trial without a network."""

__version__ = "0.1.0"
