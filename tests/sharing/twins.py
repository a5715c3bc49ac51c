"""The twins of tests/sharing: what their sources say about them, as those in Go do, and how they are built. Not what is
said about them: that is expect.py."""
import glob
import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
CXX = {"gcc": "g++", "clang": "clang++"}
FLAGS = ["-O2", "-g", "-pthread", "-Wall", "-Wextra", "-Werror"]
STATES = ["broken", "fixed"]


class Twin:
    """One source file: two programs."""

    def __init__(self, path):
        self.path = path
        self.name, suffix = os.path.splitext(os.path.basename(path))
        self.cxx = suffix == ".cc"
        self.rust = suffix == ".rs"
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
        said = re.findall(r"(?:/\*|//) (expect|fixed|price|build): (.*?)(?:\s*\*/|$)", "\n".join(lines), re.M)
        self.said = dict(said)
        if "expect" not in self.said:
            raise ValueError(f"{path}: no expectation")
        self.kind, *words = self.said["expect"].split()
        if self.kind not in ("false-sharing", "true-sharing", "none"):
            raise ValueError(f"{path}: what is {self.kind}?")
        self.words = {}
        for word in words:
            key, value = word.split("=")
            self.words.setdefault(key, []).append(value)
        self.hot = self.marked(lines, "hot")
        self.touched = self.marked(lines, "touched")
        if (self.kind == "false-sharing") != bool(self.hot):
            raise ValueError(f"{path}: hot lines and expectation do not agree")

    @staticmethod
    def marked(lines, mark):
        return {n for n, line in enumerate(lines, 1) if re.search(rf"(/\*|//) <- {mark}\b", line)}

    def expects(self, key):
        return set(self.words.get(key, []))


def find(names):
    """All twins, those in Rust last, or those named."""
    files = [f for f in sorted(os.listdir(HERE)) if f.endswith((".c", ".cc"))]
    files += ["rust/" + f for f in sorted(os.listdir(HERE + "/rust")) if f != "twin.rs"]
    twins = [Twin(os.path.join(HERE, f)) for f in files]
    unknown = set(names) - {t.name for t in twins}
    if unknown:
        raise ValueError(f"no such twin: {', '.join(sorted(unknown))}")
    return [t for t in twins if not names or t.name in names]


def newer(target, sources):
    return os.path.exists(target) and all(os.path.getmtime(target) > os.path.getmtime(s) for s in sources)


def call(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or done.stderr:
        raise RuntimeError(" ".join(command) + "\n" + done.stderr)


def compile_twin(twin, state, compiler, front, folder, flags):
    """FRONT: words before the compiler's own, for C and C++. A RuntimeError tells what the compiler said."""
    cc = CXX[compiler] if twin.cxx else compiler
    command = [*front[twin.cxx], cc] if front else [cc]
    command += [*FLAGS, *flags, *(["-std=c++17"] if twin.cxx else ["-std=gnu11", "-D_GNU_SOURCE"])]
    command += ["-DFIXED"] if state == "fixed" else []
    program = os.path.join(folder, f"{twin.name}-{state}")
    sources = [twin.path, os.path.join(HERE, "twin.h")]
    if front:  # numaprobe itself, and the runtime it links
        sources += [front[0][0], *glob.glob(os.path.join(os.path.dirname(front[0][0]), "runtime", "*"))]
    if newer(program, sources):
        return program
    link = []
    if "build" in twin.said:  # the library of one state must not be found by the other
        libraries = os.path.join(folder, f"{state}-libraries")
        os.makedirs(libraries, exist_ok=True)
        library = os.path.join(libraries, f"lib{twin.name}.so")
        call([*command, "-DLIBRARY", "-fPIC", "-shared", "-o", library, twin.path])
        link = [f"-Wl,-rpath,{libraries}"] + ([library] if twin.said["build"] == "library" else [])
    call([*command, "-o", program, twin.path, *link])
    return program


def compile_rust(twin, state, compiler, front, folder, flags):
    """FRONT: words before the arguments of rustc, else COMPILER."""
    command = [*(front or [compiler]), "--edition", "2021", "-O", *flags]
    command += ["--check-cfg", "cfg(fixed)", "-D", "warnings"]
    command += ["--cfg", "fixed"] if state == "fixed" else []
    program = os.path.join(folder, f"{twin.name}-{state}")
    sources = [twin.path, os.path.join(HERE, "rust", "twin.rs")]
    if front:
        sources += [front[0], *glob.glob(os.path.join(os.path.dirname(front[0]), "runtime", "*"))]
    if not newer(program, sources):
        call([*command, "-o", program, twin.path])
    return program


def build(twins, compiler, folder, front=None, flags=()):
    """Builds both states of all; returns {(twin name, state): path, or the RuntimeError}."""
    folder = os.path.abspath(os.path.join(folder, os.path.basename(compiler)))
    os.makedirs(folder, exist_ok=True)

    def one(job):
        twin, state = job
        try:
            return (compile_rust if twin.rust else compile_twin)(twin, state, compiler, front, folder, flags)
        except RuntimeError as wrong:
            return wrong

    jobs = [(t, s) for t in twins for s in STATES]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return {(t.name, s): built for (t, s), built in zip(jobs, pool.map(one, jobs))}
