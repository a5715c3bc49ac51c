#!/usr/bin/env python3
"""report_csv.py FOLDER: writes CSV files as run, matrix, costs, maps and stat do, and in FOLDER/ab as ab does, with figures
made up from a seed: two hosts, several gaps, counters, two regimes, rejected trials, a host named as no host should be.
For the tests of `report`; the columns are asked of the program (NUMAPROBE)."""
import csv
import io
import os
import random
import subprocess
import sys

PROGRAM = os.environ.get("NUMAPROBE", "build/numaprobe")
EVIL = "<script>alert(1)</script> `touch pwned` \" ' & ${x}"
AB = ("ab_schema,session,started_at,host,cpu_model,kernel,version,seed,cpus,program,command,block,order,accepted,"
      "reject_reason,wall_s,cpu_s,memory_bytes,switches,metric,canary_ns,canary_after_ns,round_trip_ns").split(",")
STAT = ("tool,host,cpu_model,kernel,command,seconds,status,cpu,role,event,scope,count,share,reason").split(",")


def columns():
    text = subprocess.run([PROGRAM, "schema", "--csv"], capture_output=True, text=True, check=True).stdout
    return [row["column"] for row in csv.DictReader(io.StringIO(text))]


def write(path, names, rows):
    with open(path, "w", newline="", encoding="utf-8") as f:
        out = csv.DictWriter(f, names, restval="", lineterminator="\r\n")
        out.writeheader()
        out.writerows(rows)


def common(run_id, host, instrument, **more):
    return {"schema": 1, "run_id": run_id, "started_at": "2026-01-02T03:04:05Z", "host": host,
            "cpu_model": "Made-up CPU 9000", "arch": "x86_64", "kernel": "6.1.0", "version": "0.1.0", "seed": 1,
            "pages": "4k", "mem_node": 0, "mem_verified": "move_pages", "prefetchers": "on", "regime": 0,
            "accepted": 1, "clock_overhead_ns": 20, "clock_resolution_ns": 10, "protocol": "one-word-turns",
            "canary_ns": 120, "canary_after_ns": 121, "distance": "same L3", "instrument": instrument,
            "gap_ns": 0, "counters": "none", **more}


# ns of isolated, and how many times as much at 8, 16, 64 and 128 B
RUN = {"store": (1.1, [9.0, 8.0, 1.0, 1.0]), "add": (5.6, [3.9, 3.5, 1.0, 1.0]), "cas": (6.1, [6.0, 5.5, 1.02, 1.0])}
ALIGNS = ["", 8, 16, 64, 128]


def variant_ns(rng, op, align, block, gap):
    base, factors = RUN[op]
    factor = 1 if align == "" else factors[ALIGNS.index(align) - 1]
    price = base * (factor - 1) * max(0, 1 - gap / 220)
    bump = 1.6 if align == 8 and block % 5 == 0 else 1  # a second mode, for the distribution to show
    return (base + gap + price * bump) * rng.lognormvariate(0, 0.01)


def counts(rng, align, ops):
    contested = align in (8, 16)
    return {"counters": "perf rfo=L2_RQSTS:RFO_MISS l3-miss=LONGEST_LAT_CACHE:MISS",
            "counters_reason": "cycles: the kernel keeps them for the NMI watchdog",
            "rfo": round(ops * (0.31 if contested else 0.0004) * rng.lognormvariate(0, 0.05)),
            "fill_same_l3": round(ops * (0.29 if contested else 0.0002) * rng.lognormvariate(0, 0.05)),
            "l3_miss": round(ops * 0.0001 * rng.lognormvariate(0, 0.2)), "counted_ops": ops}


def run_rows(rng, run_id, host, gap=0, blocks=24, counted=False, regimes=1, scale=1.0, **more):
    trial = 0
    for block in range(blocks):
        regime = 0 if block < blocks * 0.6 or regimes == 1 else 1
        for op in RUN:
            for align in ALIGNS:
                trial += 1
                bad = rng.random() < 0.05
                for thread in (0, 1):
                    ns = variant_ns(rng, op, align, block, gap) * scale * (1 + 2 * regime)
                    ops = round(1e6 / ns)
                    row = common(run_id, host, "run", layout="counter" if align else "isolated", align_bytes=align,
                                 reference_for="" if align else "counter", op=op, role="adder", mode="latency",
                                 gap_ns=gap, shards=64, threads=2, thread=thread, cpu=thread, core=thread, l3=0,
                                 package=0, node=0, trial=trial, block=block, ops=ops, seconds=ops * ns / 1e9,
                                 ns_per_op=ns, lat_p50_ns=ns, lat_p99_ns=ns * 3)
                    row |= {"regime": regime, "canary_ns": 120 + 280 * regime, **more}
                    if counted:
                        row |= counts(rng, align, ops)
                    if bad:
                        row |= {"accepted": 0, "reject_reason": "context switch"}
                    yield row


def matrix_rows(rng, run_id, host, cpus=16, blocks=20):
    trial = 0
    for op, base in (("handover", 45), ("message", 60)):
        for a in range(cpus):
            for b in range(a + 1, cpus):
                near = a // 8 == b // 8
                for block in range(blocks):
                    trial += 1
                    ns = base * (1 if near else 3.4) * rng.lognormvariate(0, 0.03)
                    ops = 2000
                    yield common(run_id, host, "matrix", layout="pair", op=op, role="pair", mode="latency", threads=2,
                                 cpu=a, peer=b, home="first", beside=cpus // 2, block=block, trial=trial,
                                 distance="same L3" if near else "same package", ops=ops, seconds=ops * ns / 1e9,
                                 ns_per_op=ns, canary_ns="", canary_after_ns="", protocol="")


PLACES = [("same cpu", 0, 1), ("same core", 1, 1.5), ("same L3", 2, 4), ("other package", 40, 14)]


def hold_rows(rng, run_id, host, threads, gap, alone, **more):
    for thread in range(threads):
        price = 0 if alone else 20 * threads * max(0.1, 1 - gap / 300)
        ns = (6 + gap + price) * rng.lognormvariate(0, 0.005)
        yield common(run_id, host, "costs", layout="isolated" if alone else "hold", reference_for="hold" if alone else "",
                     align_bytes="" if alone else 8, op="add", role="contender", gap_ns=gap, mode="throughput",
                     threads=threads, thread=thread, cpu=thread, ops=1000, seconds=ns * 1e-6, ns_per_op=ns,
                     transfers=0 if alone else 100, **more)


def costs_rows(rng, run_id, host, blocks=20):
    trial = 0
    for block in range(blocks):
        for state, price in (("modified", 12), ("exclusive", 11), ("shared", 13)):
            for distance, peer, factor in PLACES:
                for op, more in (("load", 0), ("store", 4), ("add", 5), ("cas", 6)):
                    trial += 1
                    ns = (price * factor + more) * rng.lognormvariate(0, 0.02)
                    yield common(run_id, host, "costs", layout="line", op=op, role="requester", mode="latency",
                                 state=state, home="local", cpu=0, peer=peer, distance=distance, block=block,
                                 trial=trial, threads=1, ops=1000, seconds=ns * 1e-6, ns_per_op=ns)
        for op in ("load", "add"):
            trial += 1
            ns = 95 * rng.lognormvariate(0, 0.02)
            yield common(run_id, host, "costs", layout="line", op=op, role="requester", mode="latency",
                         state="invalid", home="remote", cpu=0, distance="", block=block, trial=trial, threads=1,
                         ops=1000, seconds=ns * 1e-6, ns_per_op=ns)
        for threads in (2, 4):
            for gap in (0, 50, 100, 200, 400):
                for alone in (True, False):
                    trial += 1
                    yield from hold_rows(rng, run_id, host, threads, gap, alone, block=block, trial=trial)


# ns of one thread and of two, KiB after the load and emptied
STRATEGIES = {("rwlock", ""): (30, 300, 256, 256), ("sharded", 8): (24, 50, 265, 265),
              ("sharded", 64): (24, 40, 269, 269), ("cow", ""): (4000, 30000, 24000, 260),
              ("none", ""): (3, 3, 0, 0)}


def maps_rows(rng, run_id, host, blocks=30):
    trial = 0
    for block in range(blocks):
        for op, keys, scale in (("half", 10000, 1), ("reads-90", 10000, 0.6), ("deletes", 1000, 4)):
            for threads in (1, 2):
                for (layout, align), (*ns, full, emptied) in STRATEGIES.items():
                    trial += 1
                    for thread in range(threads):
                        seconds = ns[threads - 1] * scale * rng.lognormvariate(0, 0.02) * 1e-6
                        whole = {"full_bytes": full * keys // 10 * 1.024,
                                 "emptied_bytes": emptied * keys // 10 * 1.024} if thread == 0 else {}
                        yield common(run_id, host, "maps", layout=layout, align_bytes=align, op=op, role="worker",
                                     mode="throughput", shards=64 if align else 1, threads=threads, thread=thread,
                                     cpu=thread, trial=trial, block=block, ops=1000, seconds=seconds,
                                     ns_per_op=seconds * 1e6, keys=keys, value_bytes=8, writes=500, allocations=0,
                                     iterations=0, snapshot=1, counters_reason="maps counts no events", **whole)


def stat_rows():
    for role, count, reason in (("rfo", 123456, ""), ("l3-miss", "", "the kernel has no such event here")):
        yield {"tool": "numaprobe stat", "host": "alpha", "cpu_model": "Made-up CPU 9000", "kernel": "6.1.0",
               "command": "./app --fast '<b>'", "seconds": 1.5, "status": 0, "role": role, "event": "X:Y",
               "scope": "thread", "count": count, "share": 1 if count else "", "reason": reason}


def ab_rows(rng, session, host, ratio, blocks=40):
    """`./new` takes `ratio` of the time of `./old`; every tenth block is disturbed."""
    for block in range(blocks):
        for order, program in enumerate(rng.sample(["a", "b", "control"], 3)):
            wall = (ratio if program == "b" else 1) * 0.05 * (1 + rng.random() / 50)
            accepted = block % 10 != 9
            yield {"ab_schema": 1, "session": session, "started_at": "2026-01-02T03:04:05Z", "host": host,
                   "cpu_model": "Made-up CPU 9000", "kernel": "6.1.0", "version": "0", "seed": 1, "cpus": "0,1",
                   "program": program, "command": "./new --name '<b>'" if program == "b" else "./old",
                   "block": block, "order": order, "accepted": int(accepted),
                   "reject_reason": "" if accepted else "canary", "wall_s": wall, "cpu_s": 0.9 * wall,
                   "memory_bytes": 4096000, "switches": 3, "canary_ns": 9000, "canary_after_ns": 9000}


def main():
    folder, names, rng = sys.argv[1], columns(), random.Random(1)
    files = {
        "run-alpha.csv": run_rows(rng, "a1a1a1a1a1a1a1a1", "alpha", counted=True),
        "run-beta.csv": run_rows(rng, "b1b1b1b1b1b1b1b1", "beta", regimes=2, blocks=60, scale=1.7,
                                 hypervisor="KVM", mem_verified="unverified", prefetchers="unknown",
                                 counters_reason="the kernel has no such event here"),
        "run-evil.csv": run_rows(rng, "e1e1e1e1e1e1e1e1", EVIL, blocks=8, cpu_model=EVIL),
        "gap-60.csv": run_rows(rng, "a2a2a2a2a2a2a2a2", "alpha", gap=60),
        "gap-120.csv": run_rows(rng, "a3a3a3a3a3a3a3a3", "alpha", gap=120),
        "gap-240.csv": run_rows(rng, "a4a4a4a4a4a4a4a4", "alpha", gap=240),
        "matrix.csv": matrix_rows(rng, "c1c1c1c1c1c1c1c1", "alpha"),
        "costs.csv": costs_rows(rng, "d1d1d1d1d1d1d1d1", "alpha"),
        "maps.csv": maps_rows(random.Random(2), "f1f1f1f1f1f1f1f1", "alpha"),
    }
    for name, rows in files.items():
        write(os.path.join(folder, name), names, rows)
    write(os.path.join(folder, "stat.csv"), STAT, stat_rows())
    os.makedirs(os.path.join(folder, "ab"), exist_ok=True)
    for n, host in enumerate(("alpha", "alpha", "beta", EVIL)):
        write(os.path.join(folder, "ab", f"{n}.csv"), AB, ab_rows(rng, f"f{n}" * 8, host, 0.8 + 0.01 * n))


main()
