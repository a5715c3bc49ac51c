#!/usr/bin/env python3
"""fleet_csv.py FOLDER HOSTS [--off HOST=SHARE]... [--all HOST=SHARE]... [--set HOST:COLUMN=TEXT]... [--spread SHARE]
[--seed N] [--one FILE] CSV...: the CSV files of a fleet, made from those of one machine. Each host has the same rows under
its name and other run_ids, with the times of each value (layout, op, alignment, state, ...) times a factor: its own, of
which the logarithm has a standard deviation of --spread (default 1%), and one for all values of the host (half of it).
--off puts one value of the host (that with the most rows) off by a share, --all puts all off, --set changes a column.
--one: one file, as of `fleet collect`, instead of one for each host."""
import argparse
import collections
import csv
import io
import os
import random

TIMES = ("seconds", "ns_per_op", "canary_ns", "canary_after_ns")
NAME = ("layout", "reference_for", "op", "align_bytes", "role", "state", "home", "distance", "gap_ns", "threads")


def pairs(words, end):
    return [(head, *tail) for head, *tail in (word.split(end) for word in words)]


def split_rows(path):
    """Of each row its value's number, and the text around its times, its host and its run_id, of which the order is known."""
    with open(path, newline="", encoding="utf-8") as f:
        rows = list(csv.reader(f))
    column = {name: i for i, name in enumerate(rows[0])}
    names = {}
    keys = [names.setdefault(tuple(row[column[n]] for n in NAME if n in column), len(names)) for row in rows[1:]]
    return rows[0], column, rows[1:], keys, collections.Counter(keys).most_common(1)[0][0], len(names)


def text_of(row):
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(row)
    return out.getvalue()


class Source:
    """A CSV whose rows are kept as text, with places for what differs from host to host."""

    def __init__(self, path, changed):
        self.header, column, rows, self.keys, self.most, self.values = split_rows(path)
        at = {column[name]: name for name in (*TIMES, "host", "run_id", *changed) if name in column}
        self.parts = []
        for row in rows:
            pieces, text = [], []
            for i, cell in enumerate(row):
                if i in at and (cell or at[i] not in TIMES):
                    pieces.append(("".join(text), at[i], float(cell) if at[i] in TIMES else cell))
                    text = [","]
                else:
                    text.append(text_of([cell, ""])[:-3] + ("," if i < len(row) - 1 else ""))
            self.parts.append((pieces, "".join(text)))

    def write(self, out, host, run_id, factor, other, node):
        out.write(text_of(self.header + (["fleet_node"] if node == "first" else [])) if node != "more" else "")
        end = f",{host}\r\n" if node else "\r\n"
        for key, (pieces, rest) in zip(self.keys, self.parts):
            for text, name, cell in pieces:
                out.write(text)
                if name in TIMES:
                    out.write(f"{cell * (factor[key] if name[0] != 'c' else factor[-1]):.9g}")
                else:
                    out.write({"host": host, "run_id": run_id, **other}.get(name, cell))
            out.write(rest + end)


def main():
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("folder"), args.add_argument("hosts", type=int), args.add_argument("csv", nargs="+")
    for name in ("--off", "--all", "--set"):
        args.add_argument(name, action="append", default=[])
    args.add_argument("--spread", type=float, default=0.01), args.add_argument("--seed", type=int, default=1)
    args.add_argument("--one")
    a = args.parse_args()
    rng = random.Random(a.seed)
    sets = collections.defaultdict(dict)
    for where, text in pairs(a.set, "="):
        host, name = where.split(":")
        sets[host][name] = text
    sources = [Source(path, {name for names in sets.values() for name in names}) for path in a.csv]
    off, whole = (collections.defaultdict(float, {h: float(s) for h, s in pairs(w, "=")}) for w in (a.off, a.all))
    os.makedirs(a.folder, exist_ok=True)
    one = open(os.path.join(a.folder, a.one), "w", newline="", encoding="utf-8") if a.one else None
    for i in range(a.hosts):
        host = f"node{i:04}"
        base = rng.lognormvariate(0, a.spread / 2) * (1 + whole[host])
        for n, source in enumerate(sources):
            factor = [base * rng.lognormvariate(0, a.spread) for _ in range(source.values + 1)]
            if n == 0:
                factor[source.most] *= 1 + off[host]
            out = one or open(os.path.join(a.folder, f"{host}-{n}.csv"), "w", newline="", encoding="utf-8")
            node = None if not one else "first" if i == n == 0 else "more"
            source.write(out, host, f"{n:04x}{i:012x}", factor, sets[host], node)
            if not one:
                out.close()
    if one:
        one.close()


if __name__ == "__main__":
    main()
