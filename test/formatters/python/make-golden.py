"""Writes golden.json, what Python itself makes of formats, values and times.

    python3 test/formatters/python/make-golden.py

Made with CPython 3.11 and the C library of GNU; needs the time zone database.
"""

import json
import logging
import os
import time
from itertools import product

NUMBERS = [0, 7, -7, 255, 1234567, -1234567, 2**53, 10**18]
FLOATS = [0.0, -0.0, 0.5, 1.5, 2.5, -2.5, 3.14159, 1e-5, 1e-4, 123456.789, 1e15, 1e16, 1e22, 1.005, 2.675,
          999999.5, 0.1, 1e100, float("inf"), float("-inf"), float("nan")]
TEXTS = ["", "INFO", "Gr\u00fc\u00dfe", "\U0001f600ab", "it's", 'say "hi"', "back\\slash"]

PERCENT_INTEGER = ["%(x)d", "%(x)i", "%(x)u", "%(x)5d", "%(x)-12d|", "%(x)012d", "%(x)+d", "%(x) d", "%(x).9d",
                   "%(x)x", "%(x)#X", "%(x)#o", "%(x)s", "%(x)10s", "%(x)-10s|", "%(x)r", "%(x).2f", "%(x)e", "%(x)g"]
PERCENT_FLOAT = ["%(x)f", "%(x).0f", "%(x).1f", "%(x).2f", "%(x)10.3f", "%(x)-12.1f|", "%(x)012.2f", "%(x)+.2f",
                 "%(x)e", "%(x).2E", "%(x).0e", "%(x)g", "%(x).3g", "%(x)G", "%(x)#g", "%(x)#.0f", "%(x)s", "%(x)r"]
PERCENT_TEXT = ["%(x)s", "%(x)8s", "%(x)-8s|", "%(x).2s", "%(x)8.2s", "%(x)r", "%(x)a", "%(x)08s"]

BRACE_INTEGER = ["{x}", "{x:d}", "{x:12d}", "{x:<12}|", "{x:^13}|", "{x:012}", "{x:+}", "{x: }", "{x:,}", "{x:_}",
                 "{x:x}", "{x:#X}", "{x:#b}", "{x:_x}", "{x:o}", "{x:*>14,}", "{x:015,}", "{x:.2f}", "{x:e}", "{x:g}",
                 "{x:%}", "{x!r}", "{x!s:>12}", "{x:=+10}", "{x:n}"]
BRACE_FLOAT = ["{x}", "{x:f}", "{x:.0f}", "{x:.1f}", "{x:.3f}", "{x:12.2f}", "{x:<12.2f}|", "{x:^12.1f}|", "{x:012.2f}",
               "{x:+.1f}", "{x:e}", "{x:.2E}", "{x:g}", "{x:.3g}", "{x:G}", "{x:.4}", "{x:.1}", "{x:,.2f}", "{x:%}", "{x:.1%}",
               "{x:20}", "{x:*^20}", "{x!r}"]
BRACE_TEXT = ["{x}", "{x:s}", "{x:8}|", "{x:>8}", "{x:^8}|", "{x:*^9}", "{x:.2}", "{x:>6.2s}", "{x!r}", "{x!a}", "{x!r:>12}",
              "{x:\u00e9>8}"]


def plain(value):
    return {"float": repr(value)} if isinstance(value, float) else value


def shown(render, formats, values):
    rows = []
    for form, value in product(formats, values):
        try:
            rows.append([form, plain(value), render(form, value)])
        except (ValueError, TypeError, OverflowError):
            pass
    return rows


def percent(form, value):
    return form % {"x": value}


def brace(form, value):
    return form.format(x=value)


DIRECTIVES = ["%a %A %b %B %c", "%d %H %I %j %m %M", "%p %S %U %w %W", "%x %X %y %Y %Z %%", "%C %D %e %F %g %G %h",
              "%k %l %P %r %R %s %T %u %V %z", "[%n%t]", "%-d %-H %_d %^a %^B %-j %Od %Ey", "%Q %! %", "100%% %%Y %%%Y"]
ZONES = ["UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/Sao_Paulo", "America/St_Johns",
         "Asia/Kolkata", "Asia/Tokyo", "Asia/Tashkent", "Australia/Sydney", "Pacific/Auckland", "Pacific/Kiritimati"]
# A leap day, ends and beginnings of years, the hours in which clocks change.
TIMES = [157766400, 951782400, 1078012799, 1767225599, 1767225600, 1735689599, 1735689600, 1704067199, 1672531200, 1609459199,
         1609459200, 1293839999, 1230767999, 1774745999, 1774746000, 1792889999, 1792890000, 1772953199, 1772953200,
         1793512799, 1793512800, 1795368486, 4102444799]


def times():
    rows = []
    for zone in ZONES:
        os.environ["TZ"] = zone
        time.tzset()
        for seconds, form in product(TIMES, DIRECTIVES):
            rows.append([zone, seconds, form, time.strftime(form, time.localtime(seconds))])
    return rows


LINES = [
    ["%", "%(asctime)s %(levelname)-8s %(name)s %(message)s", None],
    ["%", "%(levelname)s:%(name)s:%(message)s", None],
    ["%", "%(asctime)s.%(msecs)03d %(levelno)d [%(process)05d] %(message)r", "%d/%b/%Y:%H:%M:%S %z"],
    ["%", "%(created)f %(msecs)s %(levelname).1s%(message)40s|%(message)-40s| 100%%", None],
    ["%", "%(asctime)30s|%(asctime)-30s|%(user)s %(user)10.3s %(count)04d %(ratio).2f", "%H:%M"],
    ["%", "%(pathname)s %(filename)s %(module)s %(lineno)d %(funcName)s", None],
    ["%", "%(zone)s %(zone)6s %(user)s", None],
    ["{", "{asctime} {levelname:<8} {name} {message}", None],
    ["{", "{levelname:^10}|{message:*>40}|{levelno:03d}|{created:.3f}|{msecs:03.0f}", None],
    ["{", "{{{user}}} {user!r:>10} {count:,} {ratio:.1%} {zone:>5}", None],
    ["$", "$asctime ${levelname} $name: ${message} $$5 $user", "%c"],
    ["$", "${zone}${zone}-$levelno", None],
]


def lines():
    os.environ["TZ"] = "UTC"
    time.tzset()
    record = logging.makeLogRecord({
        "name": "shop.checkout", "levelno": logging.WARNING, "levelname": "WARNING", "msg": "Order %d took %s ms",
        "args": (7, 2.5), "created": 1795368486.123, "msecs": 123.0, "process": 4242, "user": "ann", "count": 1234567,
        "ratio": 0.256, "pathname": "/srv/shop/cart.test.ts", "filename": "cart.test.ts", "module": "cart.test", "lineno": 42,
        "funcName": "total",
    })
    rows = []
    for style, form, datefmt in LINES:
        formatter = logging.Formatter(form, datefmt, style, defaults={"zone": "eu"})
        rows.append({"style": style, "format": form, "datefmt": datefmt, "line": formatter.format(record)})
    return rows


def refused():
    rows = []
    for style, form in [
        ("%", "no field"), ("%", "%s only"), ("%", "%(name)"), ("{", "no field"), ("{", "{name"), ("{", "{name!x}"),
        ("{", "{name:*"), ("{", "{name:d d}"), ("{", "{}}"), ("$", "no field"), ("$", "$ message"), ("$", "$name $"),
    ]:
        try:
            logging.Formatter(form, style=style)
            rows.append([style, form, False])
        except ValueError:
            rows.append([style, form, True])
    return rows


golden = {
    "percent": shown(percent, PERCENT_INTEGER, NUMBERS) + shown(percent, PERCENT_FLOAT, FLOATS) + shown(percent, PERCENT_TEXT, TEXTS),
    "brace": shown(brace, BRACE_INTEGER, NUMBERS) + shown(brace, BRACE_FLOAT, FLOATS) + shown(brace, BRACE_TEXT, TEXTS),
    "times": times(),
    "lines": lines(),
    "refused": refused(),
}
with open(os.path.join(os.path.dirname(__file__), "golden.json"), "w", encoding="utf-8") as file:
    body = ",\n".join(
        f' "{name}": [\n' + ",\n".join("  " + json.dumps(row) for row in rows) + "\n ]" for name, rows in golden.items()
    )
    file.write("{\n" + body + "\n}\n")
print({name: len(rows) for name, rows in golden.items()})
