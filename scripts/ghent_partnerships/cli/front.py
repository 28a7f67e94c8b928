"""A site that is made of what a store holds, and made again when that changes: by a process beside the server."""

from __future__ import annotations

import random
import signal
from argparse import Namespace
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from ..errors import GhentPartnershipsError, InvalidError, UsageError
from ..project.project import Project
from .messages import message as _
from .stores import endpoint, fetched

TAKEN, FINE = "taken", "fine"
_GRACE = 10  # seconds to leave nothing half made
_UNEVEN = 0.25  # of the time between two looks: servers that start together do not ask together


@contextmanager
def following(options: Namespace, project: Project, directory: Path) -> Iterator[Connection]:
    """Publish what the endpoint of the options holds to a directory, and in the block again whenever that changes.

    The connection says so: it gets None when there is a new release in the directory, which is not touched before
    ``TAKEN`` is sent back, the error that keeps one from being made, or ``FINE`` when that is over. What else is sent
    to it has the release made again.

    Raises:
        UsageError: the first release cannot be made, since the endpoint is out of reach, or holds nothing, or too much.
        InvalidError: what it holds is not right.
    """
    here, there = get_context("fork").Pipe()
    process = get_context("fork").Process(target=_follow, args=(there, here, options, project, directory), daemon=True)
    process.start()  # while there are neither threads nor a loop
    there.close()
    try:
        if (error := here.recv()) is not None:
            raise error
        here.send(TAKEN)
        yield here
    except EOFError as error:
        raise UsageError(
            _("the process that was to fetch the graph was ended; has the machine memory left?")
        ) from error
    finally:
        here.close()
        process.terminate()
        process.join(_GRACE)
        process.kill()


def _follow(news: Connection, other: Connection, options: Namespace, project: Project, directory: Path) -> None:
    """Publish at once, and again when the state of the endpoint changes or somebody asks, until nobody listens."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server hears it, and ends this process
    other.close()
    published: Hashable = None
    problem, is_asked = "", True
    try:
        while True:
            try:
                now = _state(options, project)
                if is_asked or now != published:
                    _publish(options, project, directory)
                    news.send(None)
                    published = now
                    while news.recv() != TAKEN:
                        published = None
                elif problem:
                    news.send(FINE)
                problem = ""
            except GhentPartnershipsError as error:
                if isinstance(error, InvalidError):  # as long as it is as it is
                    published = now
                if str(error) != problem:
                    news.send(error)
                problem = str(error)
            if is_asked := news.poll(options.every * random.uniform(1 - _UNEVEN, 1 + _UNEVEN)):  # noqa: S311
                news.recv()
    except (EOFError, OSError):  # the server has ended
        return


def _state(options: Namespace, project: Project) -> Hashable:
    from ..remote.graph import state, with_graphs

    return state(with_graphs(endpoint(options), project), project.data_set.iri)


def _publish(options: Namespace, project: Project, directory: Path) -> None:
    from ..publishing.publish import publish

    with fetched(options, project, lambda _stage: None) as there:
        publish(directory, there)
