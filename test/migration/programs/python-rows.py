"""Runs Python's side of docs/migration-from-python.md.

Reads {"setup": code, "rows": [code, ...]} from stdin; writes a line of JSON for each row: the code, and what its handler was
given, or what stands in the file at `path`. Each row gets a logging module without a past.
"""
import importlib
import json
import logging
import logging.config
import logging.handlers
import os
import sys
import tempfile


class Error(Exception):
    """The error of the page, by the name that it has in JavaScript."""


def seen_in(record, blank):
    own = {key: value for key, value in record.__dict__.items() if key not in blank and key != "message"}
    seen = {
        "level": record.levelno,
        "message": record.getMessage(),
        "attributes": own,
        "logger": record.name,
    }
    if record.exc_info and record.exc_info[1]:
        kind, error, _ = record.exc_info
        seen["exception"] = {"type": kind.__name__, "message": str(error)}
    return seen


def run(setup, code, folder):
    for module in (logging, logging.handlers, logging.config):
        importlib.reload(module)
    blank = logging.makeLogRecord({}).__dict__
    seen = []

    class Out(logging.Handler):
        def emit(self, record):
            seen.append(seen_in(record, blank))

    path = os.path.join(folder, "app.log")
    names = {"logging": logging, "out": Out(), "path": path, "error": Error("no bank")}
    exec(setup + "\n" + code, names)
    logging.shutdown()
    if "path" in code:
        with open(path, encoding="utf-8") as file:
            return [{"file": file.read()}]
    return seen


page = json.load(sys.stdin)
for row in page["rows"]:
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps({"code": row, "seen": run(page["setup"], row, folder)}))
