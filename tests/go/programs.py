"""Real programs in Go: packages of its standard library, Debian's source packages, and a crowd of goroutines. How each
is built by any go, and run."""
import os
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
FOLDER = os.path.join(ROOT, "build", "go-programs")
SOURCES = os.path.join(FOLDER, "sources")
LIBRARIES = os.path.join(FOLDER, "libraries")
GOPATH = os.path.join(LIBRARIES, "usr", "share", "gocode")
SHORT = ["-test.short"]
# net wants a network for what that leaves out.
STANDARD = {"sync": [], "sync/atomic": [], "sort": [], "bytes": [], "encoding/json": [], "context": [], "bufio": [],
            "os/exec": [], "net": SHORT}


class Job:
    """What is run in the folder WHERE with WORDS and, as its input, GIVEN. MAKE: the words of go that build it."""

    def __init__(self, name, make, where, words, given=""):
        self.name, self.make, self.where, self.words, self.given = name, make, where, words, given


class Source:
    """A Debian source package whose import path is PATH; its program in MAIN is run with WORDS, and TESTS are what is
    run of its packages' tests."""

    def __init__(self, package, path, main, words, tests, given=""):
        self.package, self.path, self.main, self.words = package, path, main, words
        self.tests, self.given = tests, given

    def folder(self, below="."):
        return os.path.normpath(os.path.join(GOPATH, "src", self.path, below))


WORDS = "".join(f"{n * 7919 % 1000003} {n}\n" for n in range(200000))
ALL = [
    Source("fzf", "github.com/junegunn/fzf", ".", ["--filter=12 3"],
           {"src": [], "src/algo": [], "src/util": [], "src/tui": []}, WORDS),
    # Its tests of the whole server take minutes, and some a cluster.
    Source("nats-server", "github.com/nats-io/nats-server/v2", ".", ["--version"],
           {"conf": [], "server": [*SHORT, "-test.run=Sublist|IPQueue|Parse|MemStore|FileStoreBasics"]}),
    Source("golang-github-klauspost-compress", "github.com/klauspost/compress", "s2/cmd/s2c",
           ["-q", "-c", "-cpu=2", "-"], {"huff0": SHORT, "fse": [], "gzip": SHORT, "s2": SHORT, "zstd": SHORT}, WORDS),
]


def fetch(source):
    """None, or why there is no source."""
    for script, words in (("fetch-source", [SOURCES, source.package]),
                          ("fetch-gocode", [LIBRARIES, os.path.join(SOURCES, source.package)])):
        done = subprocess.run([os.path.join(ROOT, "scripts", script), *words], capture_output=True, text=True,
                              check=False)
        if done.returncode:
            return f"no source package {source.package}: {(done.stderr.strip().splitlines() or ['no word why'])[-1]}"
    if not os.path.exists(source.folder("debian")):
        shutil.rmtree(source.folder(), ignore_errors=True)
        shutil.copytree(os.path.join(SOURCES, source.package), source.folder(), symlinks=True)
    return None


def of_library(goroot):
    for package, words in STANDARD.items():
        yield Job(package, ["test", "-c", package], os.path.join(goroot, "src", package), ["-test.v", *words])


def of_source(source):
    """Without vet, since a newer one refuses what an older one let pass."""
    yield Job(source.package, ["build", "."], source.folder(source.main), source.words, source.given)
    for package, words in source.tests.items():
        yield Job(f"{source.package}, tests of {package}", ["test", "-vet=off", "-c", "."], source.folder(package),
                  ["-test.v", *words])


def crowd():
    return Job("20,000 goroutines", ["build", "crowd.go"], HERE, [])


def build(job, front, env, program):
    """What go said if it failed, or None. In the folder, since a program of GOPATH has no module."""
    words = [*front, job.make[0], *job.make[1:-1], "-o", program, job.make[-1]]
    done = subprocess.run(words, cwd=job.where, env=env, capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else f"{' '.join(words)}: {done.stderr.strip()}"
