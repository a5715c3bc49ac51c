"""The jobs in Go of `make bench-detect`: two goroutines each, by every version of Go that there is."""
import os
import subprocess

import toolchains
from twins import newer

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "go", "jobs.go")
ALL = ["go-flate", "go-json", "go-sort", "go-regexp", "go-strings", "go-map", "go-channels"]


def run(job):
    """Makes a command of the words that start the program."""
    return lambda start: [*start, job.removeprefix("go-")]


def build(version, front, folder, runtime):
    """The program, or a RuntimeError that has what go said. FRONT: the words of go, and the first ones of its own."""
    program = os.path.join(folder, f"go-{version}", "jobs")
    if newer(program, [SOURCE, *runtime]):
        return program
    os.makedirs(os.path.dirname(program), exist_ok=True)
    env = toolchains.environment(toolchains.find()[version])
    done = subprocess.run([*front, "-o", program, os.path.basename(SOURCE)], cwd=os.path.dirname(SOURCE), env=env,
                          capture_output=True, text=True, check=False)
    return program if done.returncode == 0 else RuntimeError(f"go {version}: {done.stderr.strip()}")
