"""The twins in Go: their sources in twins/, and how one is built."""
import os
import subprocess

import toolchains
import twins as corpus

SOURCES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "twins")
COMMON = ["twin", *corpus.STATES]


def find(names):
    every = sorted(f[:-3] for f in os.listdir(SOURCES) if f.endswith(".go") and f[:-3] not in COMMON)
    unknown = set(names) - set(every)
    if unknown:
        raise ValueError(f"no such twin: {', '.join(sorted(unknown))}")
    return [corpus.Twin(os.path.join(SOURCES, f"{name}.go")) for name in every if not names or name in names]


def build_one(go, twin, state, front, program):
    """What went wrong, or None."""
    command = [*front, "build", "-o", program, "twin.go", f"{state}.go", f"{twin.name}.go"]
    done = subprocess.run(command, cwd=SOURCES, env=toolchains.environment(go), capture_output=True, text=True,
                          check=False)
    return None if done.returncode == 0 else f"{' '.join(command)}: {done.stderr}"
