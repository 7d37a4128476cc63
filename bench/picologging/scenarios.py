"""The scenarios of picologging's benchmarks, for one Python library: the standard `logging`, or `picologging`.

    python3 scenarios.py '{"library": "logging", "repeat": 5, "number": 5, "scale": 1}'

Names, loop counts and what stands in each loop are those that picologging publishes (benchmarks/bench_logger.py and bench_handlers.py).
Prints one line of JSON. Each time is the published unit: seconds for `number` runs of a scenario, the median of `repeat` of them.
`whole` is a run from before the logger is made until after its handler is closed, which is what picologging publishes; `calls` is the
loop alone; `delivered` is from the first call until the handler is closed. What arrived is counted, off the clock.
"""

import glob
import importlib
import io
import json
import os
import queue
import statistics
import sys
import tempfile
import time

arguments = json.loads(sys.argv[1])
library = arguments["library"]
logging = importlib.import_module(library)
handlers = importlib.import_module(library + ".handlers")

TEXT = "There has been a logging issue"
LOGGER_LOOPS = max(1, int(10_000 * arguments["scale"]))
HANDLER_LOOPS = max(1, int(1_000 * arguments["scale"]))


class Run:
    """One run of a scenario: when its parts began and ended, and how many records arrived."""

    def __init__(self):
        self.began = time.perf_counter()

    def calling(self):
        self.called = time.perf_counter()

    def called_all(self):
        self.returned = time.perf_counter()

    def delivered(self):
        self.arrived = time.perf_counter()


def make_record():
    return logging.LogRecord("hello", logging.INFO, "/serv/", 123, "bork bork bork", (), None)


def log_record():
    run = Run()
    run.calling()
    record = None
    for _ in range(LOGGER_LOOPS):
        record = make_record()
    run.called_all()
    run.delivered()
    assert record.msg == "bork bork bork"
    return run, LOGGER_LOOPS


def format_with(*pattern):
    run = Run()
    formatter = logging.Formatter(*pattern)
    record = make_record()
    text = ""
    run.calling()
    for _ in range(LOGGER_LOOPS):
        text = formatter.format(record)
    run.called_all()
    run.delivered()
    assert text.endswith("bork bork bork")
    return run, LOGGER_LOOPS


def debug_to_memory(level, with_arguments):
    run = Run()
    logger = logging.Logger("test", level)
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setLevel(level)
    handler.setFormatter(logging.Formatter("%(name)s - %(levelname)s - %(message)s"))
    logger.handlers.append(handler)
    run.calling()
    if with_arguments:
        for _ in range(LOGGER_LOOPS):
            logger.debug("There has been a logging issue %s %s %s", 1, 2, 3)
    else:
        for _ in range(LOGGER_LOOPS):
            logger.debug("There has been a logging issue")
    run.called_all()
    run.delivered()
    expected = LOGGER_LOOPS if level == logging.DEBUG else 0
    assert stream.getvalue().count("\n") == expected
    return run, expected


def to_file(make_handler):
    """Logs to a file by the handler that `make_handler` makes for its path; all files beside it count."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "out.log")
        run = Run()
        logger = logging.Logger("test", logging.DEBUG)
        handler, close = make_handler(path)
        logger.handlers.append(handler)
        run.calling()
        for _ in range(HANDLER_LOOPS):
            logger.debug("There has been a logging issue")
        run.called_all()
        close()
        run.delivered()
        count = 0
        for name in glob.glob(path + "*"):
            with open(name, "rb") as file:
                count += file.read().count(TEXT.encode() + b"\n")
        assert count == HANDLER_LOOPS, count
        return run, count


def simple(handler):
    return handler, handler.close


def memory_handler(path):
    target = logging.FileHandler(path)
    handler = handlers.MemoryHandler(capacity=100, target=target)

    def close():
        handler.close()
        target.close()

    return handler, close


def queue_handler():
    run = Run()
    logger = logging.Logger("test", logging.DEBUG)
    records = queue.SimpleQueue()
    logger.addHandler(handlers.QueueHandler(records))
    run.calling()
    for _ in range(LOGGER_LOOPS):
        logger.debug("test")
    run.called_all()
    run.delivered()
    assert records.qsize() == LOGGER_LOOPS
    return run, LOGGER_LOOPS


def queue_listener():
    run = Run()
    logger = logging.Logger("test", logging.DEBUG)
    stream = io.StringIO()
    records = queue.SimpleQueue()
    listener = handlers.QueueListener(records, logging.StreamHandler(stream))
    listener.start()
    logger.addHandler(handlers.QueueHandler(records))
    run.calling()
    for _ in range(HANDLER_LOOPS):
        logger.debug("test")
    run.called_all()
    listener.stop()
    run.delivered()
    assert stream.getvalue().count("test\n") == HANDLER_LOOPS
    return run, HANDLER_LOOPS


SCENARIOS = {
    "LogRecord()": log_record,
    "Formatter().format()": lambda: format_with(),
    "Formatter().format() with date": lambda: format_with(
        "%(asctime)s - %(name)s - %(levelname)s - %(message)s"
    ),
    "Logger(level=DEBUG).debug()": lambda: debug_to_memory(logging.DEBUG, False),
    "Logger(level=DEBUG).debug() with args": lambda: debug_to_memory(logging.DEBUG, True),
    "Logger(level=INFO).debug()": lambda: debug_to_memory(logging.INFO, False),
    "Logger(level=INFO).debug() with args": lambda: debug_to_memory(logging.INFO, True),
    "FileHandler()": lambda: to_file(lambda path: simple(logging.FileHandler(path))),
    "WatchedFileHandler()": lambda: to_file(lambda path: simple(handlers.WatchedFileHandler(path))),
    "RotatingFileHandler()": lambda: to_file(
        lambda path: simple(handlers.RotatingFileHandler(path, maxBytes=10_000, backupCount=5))
    ),
    "QueueHandler()": queue_handler,
    "QueueListener() + QueueHandler()": queue_listener,
    "MemoryHandler()": lambda: to_file(memory_handler),
}


def measure(scenario):
    """Runs a scenario `repeat` times `number` times. Returns its times, and the records that arrived."""
    sums = []
    count = 0
    for _ in range(arguments["repeat"]):
        whole = calls = delivered = 0.0
        for _ in range(arguments["number"]):
            run, arrived = scenario()
            whole += run.arrived - run.began
            calls += run.returned - run.called
            delivered += run.arrived - run.called
            count += arrived
        sums.append((whole, calls, delivered))
    return [statistics.median(column) for column in zip(*sums)], count


measures = {}
total = 0
for name, scenario in SCENARIOS.items():
    (whole, calls, delivered), count = measure(scenario)
    measures[name + " whole"] = whole
    measures[name + " calls"] = calls
    measures[name + " delivered"] = delivered
    total += count

version = f"Python {sys.version.split()[0]}"
if library == "picologging":
    version += f", picologging {logging.__version__}"
print(json.dumps({"measures": measures, "recordCount": total, "checksum": f"{total:x}", "settings": version}))
