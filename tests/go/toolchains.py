"""The versions of Go that there are: /usr/bin/go, and what `scripts/setup go` puts below build/go-1.24."""
import os
import re
import shutil
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NEWER = os.path.join(ROOT, "build", "go-1.24", "usr", "lib", "go-1.24", "bin", "go")
WANTED = ["1.19", "1.24"]
# Nothing is fetched, and what a user has set does not count.
ALONE = {"GOTOOLCHAIN": "local", "GOPROXY": "off", "GOFLAGS": "", "GOWORK": "off"}


def environment(go):
    return {**{k: v for k, v in os.environ.items() if k not in ("GOROOT", "GOMAXPROCS")}, **ALONE, "NUMAPROBE_GO": go}


def version_of(go):
    """1.19 of go1.19.8; None: it does not run."""
    done = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=False, env=environment(go))
    found = re.match(r"go(\d+\.\d+)", done.stdout)
    return found[1] if found else None


def root_of(go):
    done = subprocess.run([go, "env", "GOROOT"], capture_output=True, text=True, check=True, env=environment(go))
    return done.stdout.strip()


def find():
    """{version: program}; the first of a version counts."""
    programs = [shutil.which("go"), NEWER]
    found = {version_of(p): p for p in reversed(programs) if p and os.access(p, os.X_OK)}
    return {version: program for version, program in found.items() if version}


def lacking(version):
    return f"no Go {version}; scripts/setup go"
