"""The exit codes of the command."""

FINE, FINDINGS, WRONG_USE, INTERRUPTED = 0, 1, 2, 130
