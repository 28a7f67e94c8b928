"""A text in several languages."""

from __future__ import annotations

Both = tuple[str, str]  # a text in English, and in Dutch
