"""What the scripts that print a published table next to the measured one have in common."""
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.join(os.path.dirname(os.path.realpath(__file__)), "..")
PROGRAM = os.environ.get("NUMAPROBE", os.path.join(ROOT, "build", "numaprobe"))
NAME = os.path.basename(sys.argv[0])
THRESHOLD = 1.05  # of numaprobe's verdicts


def help_asked(doc):
    """Prints the text for -h and --help."""
    asked = sys.argv[1:2] in (["-h"], ["--help"])
    if asked:
        print(doc)
    return asked


def published(name):
    """The rows of data/reference/NAME.csv."""
    with open(os.path.join(ROOT, "data", "reference", name + ".csv"), newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def numaprobe(*words):
    """The JSON of a command of numaprobe; ends with its exit code when that is not 0."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "out.json")
        try:
            done = subprocess.run([PROGRAM, *words, "--json", path], stdout=subprocess.DEVNULL, check=False)
        except OSError as e:
            sys.exit(f"{NAME}: cannot run '{PROGRAM}': {e.strerror}; make, or set NUMAPROBE")
        if done.returncode:
            sys.exit(done.returncode)
        with open(path, encoding="utf-8") as f:
            return json.load(f)


def go_words():
    """Options that put Go's maps next to ours, where there is a Go."""
    return ["--go"] if shutil.which("go") else []


def with_interval(value, digits, unit=""):
    if value is None or value["median"] is None:
        return "not measured"
    text = f"{value['median']:.{digits}f}{unit}"
    if value["low"] is None:
        return f"{text} (n = {value['n']})"
    return f"{text} ({value['low']:.{digits}f}–{value['high']:.{digits}f})"


def quotient(a, b):
    """Of two intervals that were measured in the same blocks or not: the widest that they allow."""
    if not a or not b or a["median"] is None or b["median"] is None:
        return None
    low = a["low"] / b["high"] if a["low"] and b["high"] else None
    return {"median": a["median"] / b["median"], "low": low, "high": a["high"] / b["low"] if low else None,
            "n": min(a["n"], b["n"])}


def strategy(group, name, align=None):
    """Of one number of threads, as in the JSON of numaprobe maps; None: not measured."""
    return next((s for s in group["strategies"] if s["strategy"] == name and s["align_bytes"] == align), None)


def table(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
