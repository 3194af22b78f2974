"""Decides: a command without a window, or the window."""
