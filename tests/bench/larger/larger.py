"""The larger programs of `make bench-detect`: Debian's source packages, how each is built with any compiler, and run."""
import os
import random
import re
import shutil
import subprocess

from twins import newer

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
SOURCES = os.path.join(ROOT, "build", "bench-detect", "sources")
WORDS = os.path.join(ROOT, "build", "bench-detect", "words")


class Larger:
    """PACKAGE's source, built by the shell commands MAKE, by $CC and with $HERE as this folder, to the file MADE.
    RUN gives the words that run it from those that start it; it prints the same in every run."""

    def __init__(self, name, package, make, made, run):
        self.name, self.package, self.make, self.made, self.run = name, package, make, made, run


ALL = [
    Larger("zstd", "zstd", 'make -s -C programs zstd CC="$CC" HAVE_ZLIB=0 HAVE_LZMA=0 HAVE_LZ4=0', "programs/zstd",
           lambda program: [*program, "-q", "-T2", "-9", "-B1M", "-c", WORDS]),
    Larger("xz", "xz-utils", './configure -q CC="$CC" --disable-shared --disable-nls --disable-doc && '
           "make -s -C src/liblzma && make -s -C src/xz",
           "src/xz/xz", lambda program: [*program, "-T2", "-1", "--block-size=512KiB", "-c", WORDS]),
    # Its tools are built by the machine's compiler: only what they make is the program.
    Larger("sqlite", "sqlite3", "./configure -q --disable-tcl --disable-readline && make -s sqlite3.c && "
           '$CC -O2 -pthread -I. -o threads "$HERE/sqlite_threads.c" sqlite3.c -lm -ldl', "threads", list),
    Larger("memcached", "memcached", './configure -q CC="$CC" && make -s memcached', "memcached",
           lambda program: ["python3", os.path.join(HERE, "memcached.py"), *program]),
]


def last_line(text):
    return (text.strip().splitlines() or ["no word why"])[-1]


def content(path):
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as file:
        return file.read()


def fetch(one):
    """None, or why there is no source."""
    done = subprocess.run([os.path.join(ROOT, "scripts", "fetch-source"), SOURCES, one.package], capture_output=True,
                          text=True, check=False)
    return f"no source package {one.package}: {last_line(done.stderr)}" if done.returncode else None


def make_words():
    """4 MB that compress like a text, the same everywhere."""
    if os.path.exists(WORDS):
        return
    rng = random.Random(1)
    words = ["".join(rng.choices("etaoinshrdlu", k=rng.randint(2, 9))) for _ in range(5000)]
    with open(WORDS + ".part", "w", encoding="ascii") as file:
        file.write(" ".join(rng.choices(words, k=600000)))
    os.rename(WORDS + ".part", WORDS)


def build(one, cc, folder, runtime):
    """Builds a copy of the source in FOLDER, unless it is there, built so and by this RUNTIME; returns the program. A
    RuntimeError tells what make said."""
    tree = os.path.join(folder, one.package)
    program, how = os.path.join(tree, one.made), f"{cc}\n{one.make}\n"
    used = [os.path.join(HERE, name) for name in re.findall(r"\$HERE/([\w.]+)", one.make)]
    if newer(program, [*used, *runtime]) and content(tree + ".how") == how:
        return program
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(os.path.join(SOURCES, one.package), tree, symlinks=True)
    done = subprocess.run(["sh", "-ec", one.make], cwd=tree, env={**os.environ, "CC": cc, "HERE": HERE}, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    if done.returncode:
        raise RuntimeError(f"{one.name}: does not build with {cc}: {last_line(done.stdout)}")
    with open(tree + ".how", "w", encoding="utf-8") as file:
        file.write(how)
    return program
