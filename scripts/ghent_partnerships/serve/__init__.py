"""A linked-data server and SPARQL endpoint for what ``publish`` wrote: ``app(directory)`` is the ASGI application."""

from ..server.app import app
from ..server.limits import Limits

__all__ = ["Limits", "app"]
