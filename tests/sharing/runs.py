"""What runs the twins: a program under numaprobe detect, its report, and TAP."""
import json
import os
import subprocess
import sys
import tempfile

import expect

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NUMAPROBE = os.path.realpath(os.environ.get("NUMAPROBE", os.path.join(ROOT, "build", "numaprobe")))


class Tap:
    count = failed = 0

    def line(self, name, wrong, note=""):
        self.count += 1
        self.failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {self.count} - {name}{note}")
        for text in wrong[:8]:
            print("# " + str(text).strip().replace("\n", "\n#   "))
        sys.stdout.flush()

    def skip(self, name, why):
        self.count += 1
        print(f"ok {self.count} - {name} # skip {why}")


def run(command, env=None, cpus=()):
    before = ["taskset", "-c", ",".join(map(str, cpus))] if cpus else []
    return subprocess.run(before + command, capture_output=True, text=True, check=False, timeout=300,
                          env={**os.environ, **(env or {})})


def report_of(options, path, **how):
    """Runs detect; returns how that ended and the report, None when none was written."""
    done = run([NUMAPROBE, "detect", "--json", path, *options], **how)
    if not os.path.exists(path):
        return done, None
    with open(path, encoding="utf-8") as file:
        return done, json.load(file)


def wrong_run(twin, state, programs, words, cpus, at_once, env=None, options=()):
    """One run of the uninstrumented program and one of the instrumented one; a twin without findings also with lines of
    128 bytes. AT_ONCE: how many threads run at once, None if nothing is known of it. OPTIONS: of detect."""
    plain = run([programs[0], *words], env, cpus)
    with tempfile.TemporaryDirectory() as folder:
        path, record = folder + "/report.json", folder + "/record"
        done, report = report_of([*options, "--record", record, "--", programs[1], *words], path, env=env, cpus=cpus)
        if report is None:
            return [f"no report, status {done.returncode}: {done.stderr}"]
        wrong = [] if done.stdout == plain.stdout else [f"prints {done.stdout!r}, not {plain.stdout!r}"]
        if (done.returncode, report["status"]) != (plain.returncode, plain.returncode):
            wrong.append(f"status {done.returncode}, in the report {report['status']}, not {plain.returncode}")
        wrong += expect.wrong_report(twin, state, report, at_once)
        if state == "fixed":
            done, report = report_of(["--lines", "128", "--read", record], folder + "/128.json")
            wrong += expect.wrong_128(twin, report) if report else [f"--lines 128: no report: {done.stderr}"]
    return wrong
