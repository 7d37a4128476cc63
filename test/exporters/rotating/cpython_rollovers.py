"""
Asks CPython when its TimedRotatingFileHandler rotates, and how it calls the files; writes the answers as lines of JSON.

    python3.13 test/exporters/rotating/cpython_rollovers.py > test/exporters/rotating/cpython-rollovers.jsonl

Needs CPython 3.13 or later. What 3.11 and 3.12 do differently, and is not asked for here:
  - 3.11 counts an interval of several midnights or weeks as one;
  - 3.11 leaves a change of the clock before a midnight to doRollover(), so the first rotation after a start is an hour off;
  - 3.11 and 3.12 take an "atTime" that is now for the time of today, and rotate twice.

Zones with a change of the clock by one hour, in which daylight saving is the time that is ahead: for others (Lord Howe, half an
hour; Dublin, where tzdata calls the winter a negative daylight saving; zones that moved) CPython's own arithmetic is off.
"""

import datetime
import json
import logging.handlers
import os
import random
import sys
import tempfile
import time

ZONES = {
    # Zone: days on which its clocks changed.
    "UTC": ["2024-03-31", "2024-10-27"],
    "Europe/Berlin": ["2024-03-31", "2024-10-27", "2026-03-29", "2026-10-25"],
    "Europe/London": ["2024-03-31", "2024-10-27"],
    "America/New_York": ["2024-03-10", "2024-11-03"],
    "America/St_Johns": ["2024-03-10", "2024-11-03"],
    "America/Santiago": ["2024-04-07", "2024-09-08"],
    "America/Havana": ["2024-03-10", "2024-11-03"],
    "Asia/Beirut": ["2024-03-31", "2024-10-27"],
    "Asia/Kolkata": ["2024-03-31"],
    "Australia/Sydney": ["2024-04-07", "2024-10-06"],
    "Pacific/Chatham": ["2024-04-07", "2024-09-29"],
    "Pacific/Apia": ["2024-04-07"],
}
AT_TIMES = [None, None, "00:00:00", "00:30:00", "01:59:59", "02:30:00", "03:00:00", "13:37:11", "23:59:59"]
WHENS = ["S", "M", "H", "D", "MIDNIGHT", "MIDNIGHT", "W0", "W1", "W2", "W3", "W4", "W5", "W6"]
CASES_A_ZONE = 250


class Handler(logging.handlers.TimedRotatingFileHandler):
    """Tells where it would put the file, and leaves it there."""

    destination = ""

    def rotate(self, source, dest):
        self.destination = dest


def times_of(days, count, rng):
    """Around the changes, and anywhere in the year."""
    for _ in range(count):
        day = datetime.datetime.fromisoformat(rng.choice(days)).replace(tzinfo=datetime.timezone.utc)
        spread = rng.choice([4 * 3600, 36 * 3600, 9 * 86400, 180 * 86400])
        yield int(day.timestamp()) + rng.randint(-spread, spread)


def ask(path, zone, now, rng):
    when = rng.choice(WHENS)
    interval = rng.choice([1, 1, 1, 2, 3, 7])
    utc = rng.random() < 0.15
    at_time = rng.choice(AT_TIMES) if when[0] in "MW" and when != "M" else None
    parsed = None if at_time is None else datetime.time.fromisoformat(at_time)
    handler = Handler(path, when, interval, utc=utc, atTime=parsed, delay=True)
    rollover_at = handler.computeRollover(now)
    # The rotation comes with the next record: some time later.
    later = rollover_at + rng.choice([0, 1, 90, 7200, 100_000])
    handler.rolloverAt = rollover_at
    real_time = time.time
    time.time = lambda: later
    try:
        handler.doRollover()
    finally:
        time.time = real_time
    suffix = handler.destination[len(path) + 1 :]
    return [zone, when, interval, utc, at_time, now, rollover_at, later, suffix, handler.rolloverAt]


def main():
    if sys.version_info < (3, 13):
        sys.exit("Cannot ask this Python: it is older than 3.13")
    rng = random.Random(20240331)
    cases = []
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "app.log")
        for zone, days in ZONES.items():
            os.environ["TZ"] = zone
            time.tzset()
            cases += [ask(path, zone, now, rng) for now in times_of(days, CASES_A_ZONE, rng)]
    names = ["zone", "when", "interval", "utc", "atTime", "now", "rolloverAt", "later", "suffix", "next"]
    version = ".".join(map(str, sys.version_info[:3]))
    print(json.dumps({"python": version, "names": names}))
    for case in cases:
        print(json.dumps(case))


main()
