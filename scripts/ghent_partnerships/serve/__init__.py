"""A linked-data server and SPARQL endpoint for what ``publish`` wrote: ``app(directory)`` is the ASGI application."""

from .application import app
from .limits import Limits

__all__ = ["Limits", "app"]
