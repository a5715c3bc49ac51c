#!/usr/bin/env python3
"""report_json.py FILE: writes what `numaprobe detect --json` might, with all that its report can hold: a priced
finding, latent ones on lines of 64 and 128 bytes, fields of one byte and with long names, several processes, names as
none should be. For the tests of `report`; what detect really writes is tested by a run of it."""
import json
import sys

EVIL = "<script>alert(2)</script> `touch pwned` \" ' & ${x}"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def frame(function, line, **more):
    return {"function": function, "file": "src/server/statistics.c", "line": line, "module": "/srv/app", "offset": 4096 + line} | more


def thing(kind, name, type_, size, **more):
    return {"kind": kind, "name": name, "type": type_, "size": size, "declared": None, "allocated": [], "count": 1} | more


def interval(mid):
    return {"mid": mid, "low": mid * 0.98, "high": mid * 1.02, "n": 40}


def price(speedup=None, verdict=None, reason="name the program built without numaprobe cc by --plain"):
    known = speedup is not None
    return {"ns_per_access": interval(8.1) if known else None, "padded_ns_per_access": interval(1.2) if known else None,
            "speedup": interval(speedup) if known else None, "verdict": verdict, "pace": 1.02 if known else None,
            "reason": None if known else reason}


def row(letter, line_bytes, *touched):
    text = ["."] * line_bytes
    for what, first, size in touched:
        text[first:first + size] = what * size
    return {"letter": letter, "bytes": "".join(text)}


def finding(object_, fields, rows, line_bytes=64, **more):
    letters = [r["letter"] for r in rows]
    return {
        "kind": "false", "latent": None, "pid": 4711, "object": object_, "beside": [], "cache_lines": 1,
        "fields": [{"name": name, "known": True, "object": 0, "first": max(first, 0), "size": size, "readers": "AB",
                    "writers": LETTERS[i % len(rows)]} for i, (name, first, size) in enumerate(fields)],
        "lines": [frame("serve", 17 + i) | {"read": i % 2 == 0, "write": True, "count": 900 - 50 * i, "thread": letter,
                                            "object": 0, "first": 0, "size": 8}
                  for i, letter in enumerate(letters + letters)],
        "threads": [{"letter": letter, "tid": 4712 + i, "name": "worker", "started": frame("main", 60 + i),
                     "reads": 9000000 - i, "writes": 8000000} for i, letter in enumerate(letters)],
        "accesses": 34000000, "share": 0.617,
        "handovers": {"false": 12600, "true": 3, "per_second": 658000.5, "possible": None},
        "price": price(), "suggestion": {"what": "pad", "bytes": 64,
                                         "text": "pad struct stats from 16 to 64 bytes: alignas(64) before its first member"},
        "picture": {"address": "0x55b3af5a04c0", "bytes": line_bytes, "threads": rows,
                    "fields": [{"name": n, "object": 0, "first": f, "size": s} for n, f, s in fields]}} | more


def findings():
    stats = thing("global", "stats", "struct stats[2]", 32, declared={"file": "src/server/statistics.c", "line": 8})
    yield finding(stats, [("[0].hits", 32, 8), ("[0].misses", 40, 8), ("[1].hits", 48, 8), ("[1].misses", 56, 8)],
                  [row("A", 64, ("B", 48, 16)), row("B", 64, ("B", 32, 8), ("R", 40, 8))], price=price(1.88, "gain"))
    flags = thing("heap", None, "struct flags", 16, allocated=[frame("flags_new", 31), frame("main", 58)], count=12)
    names = [(f"is_ready[{i}]", i, 1) for i in range(8)] + [("a_counter_with_a_rather_long_name", 12, 4), (EVIL, 16, 8)]
    yield finding(flags, names, [row(LETTERS[i], 64, ("W", i, 1), ("R", 16, 8)) for i in range(8)], kind="mixed",
                  cache_lines=12, beside=[thing("tls", EVIL, EVIL, 8), thing("stack", None, None, 64)],
                  price=price(1.01, "none"))
    yield finding(thing("unknown", None, None, None), [("byte -8-7", -8, 16), ("byte 96-103", 96, 8)],
                  [row("A", 128, ("B", 0, 8)), row("B", 128, ("W", 96, 8))], 128, latent="128-byte lines",
                  handovers={"false": 0, "true": 0, "per_second": 0, "possible": 2500000}, price=price(1.2, "undecided"))
    yield finding(thing("global", EVIL, EVIL, 8), [], [], latent="turns", pid=4720, lines=[], threads=[],
                  handovers={"false": 0, "true": 0, "per_second": 0, "possible": 1200},
                  suggestion={"what": "none", "bytes": None, "text": EVIL}, price=price(reason=EVIL))
    yield finding(thing("global", "total", "long", 8), [("byte 0-7", 0, 8)], [row("A", 64, ("B", 0, 8))], kind="true",
                  handovers={"false": 0, "true": 45200, "per_second": 0, "possible": None})


def report():
    process = {"pid": 4711, "parent": 4710, "command": ["/srv/app", "--threads", "2", EVIL], "seconds": 12.25,
               "threads": 9, "accesses": {"seen": 6540000000, "share": 0.14}, "ended": "exit", "notes": []}
    child = process | {"pid": 4720, "parent": 4711, "threads": 1, "accesses": {"seen": 0, "share": None},
                       "ended": "signal 11", "notes": [EVIL]}
    return {"version": "0.1.0", "command": process["command"], "status": 0, "signal": None, "mode": "sampled",
            "line_bytes": 128, "processes": [process, child], "findings": list(findings()),
            "suppressed": [{"pattern": "object:" + EVIL, "count": 2}], "below": 3, "unwatched": 1,
            "speedup_of_all": interval(1.91)}


with open(sys.argv[1], "w", encoding="utf-8") as f:
    json.dump(report(), f, indent=1)
