# What the tests of several commands share. A test's own files are in $box: bats keeps files of its own in
# $BATS_TEST_TMPDIR.
bats_require_minimum_version 1.5.0

common_setup() {
    cd "$(dirname "${BASH_SOURCE[0]}")/.." || return
    NUMAPROBE=$(realpath "${NUMAPROBE:-build/numaprobe}")
    box=$BATS_TEST_TMPDIR/box
    mkdir "$box"
    # shellcheck disable=SC2034 # used by the tests
    short=(--op add --align 8,64 --max-time 300ms)
    unset NO_COLOR
}

# A program in Go by each version that is here: $box/old and $box/new, and the same stripped. $numaprobe is the program.
go_setup_file() { # SOURCE
    cd "$(dirname "${BASH_SOURCE[0]}")/.." || return
    numaprobe=$(realpath "${NUMAPROBE:-build/numaprobe}")
    newer=$PWD/build/go-1.24/usr/lib/go-1.24
    export numaprobe box=$BATS_FILE_TMPDIR GO111MODULE=off GOFLAGS='' GOTOOLCHAIN=local
    command -v go >/dev/null && go build -o "$box/old" "$1"
    [ ! -x "$newer/bin/go" ] || GOROOT=$newer "$newer/bin/go" build -o "$box/new" "$1"
    for program in old new; do
        [ ! -x "$box/$program" ] || strip -s -o "$box/$program-stripped" "$box/$program"
    done
}
# Where clocks of threads may not be opened, nothing can be watched.
go_setup() {
    cd "$box" || return
    run "$numaprobe" watch -p $$ --duration 10ms --quiet
    [ "$status" -eq 0 ] || [[ $output == *"is numaprobe"* ]] || skip "$output"
}

need_two_cpus() { [ "$(nproc)" -ge 2 ] || skip "only one cpu"; }

# refuses STATUS LINE ARGUMENT...: exactly this one line on stderr, nothing on stdout.
refuses() {
    local code=$1 line=$2
    shift 2
    run --separate-stderr "$NUMAPROBE" "$@"
    echo "status $status, stderr: $stderr, stdout: $output" # shown when the test fails
    [ "$status" -eq "$code" ] && [ "$stderr" = "numaprobe: $line" ] && [ -z "$output" ]
}

# Nothing in the folder but the names given, not even what begins with a dot.
holds_only() {
    local folder=$1
    shift
    [ "$(find "$folder" -mindepth 1 -printf '%P\n' | sort)" = "$(printf '%s\n' "$@" | sort)" ]
}

# Runs the arguments on a terminal of 80 columns, without carriage returns. ECHO of control codes stays.
at_80_columns() {
    local words
    printf -v words '%q ' "$@"
    script -qec "stty cols 80; $words" /dev/null </dev/null | tr -d '\r'
}

# RFC 4180: CRLF after every record, the header first, every record as long; the columns in the schema's
# order; `accepted` 0 or 1, with a reason exactly where 0. Prints the number of rows.
check_csv() {
    python3 - "$1" <("$NUMAPROBE" schema --csv) <<'END'
import csv, re, sys
data = open(sys.argv[1], newline="", encoding="utf-8").read()
rows = list(csv.reader(data.splitlines(keepends=True), strict=True))
schema = [row["column"] for row in csv.DictReader(open(sys.argv[2], newline=""))]
assert data.endswith("\r\n"), "the last record has no CRLF"
assert not re.search(r"(?<!\r)\n|\r(?!\n)", data), "a line end that is no CRLF"
assert rows[0] == schema, "the header is not the schema's columns"
for number, row in enumerate(rows[1:], 2):
    assert len(row) == len(schema), f"record {number} has {len(row)} fields of {len(schema)}"
    cell = dict(zip(schema, row))
    assert cell["accepted"] in ("0", "1"), f"record {number}: accepted is {cell['accepted']!r}"
    assert (cell["accepted"] == "1") == (cell["reject_reason"] == ""), f"record {number}: reason"
    if cell["instrument"] not in ("", "run"):
        continue
    isolated = cell["layout"] == "isolated"
    assert isolated == (cell["align_bytes"] == ""), f"record {number}: align_bytes"
    assert isolated == (cell["reference_for"] != ""), f"record {number}: reference_for"
print(len(rows) - 1)
END
}

# metrics_are_good FILE: as Prometheus reads it, and as its conventions ask for.
metrics_are_good() {
    python3 - "$1" <<'END'
import re, sys
text = open(sys.argv[1], encoding="utf-8").read()
assert text.endswith("\n")
name, seen, families = None, set(), set()
for line in text.splitlines():
    head = re.fullmatch(r"# (HELP|TYPE) (numaprobe_[a-z0-9_]+) (.+)", line)
    sample = re.fullmatch(r'([a-z0-9_]+)(\{[a-z_]+="(?:[^"\\]|\\["\\n])*"(?:,[a-z_]+="(?:[^"\\]|\\["\\n])*")*\})? (\S+)', line)
    if head and head[1] == "HELP":
        name = head[2]
        assert name not in families, f"{name} is in two places"
        families.add(name)
    elif head:
        assert head[2] == name and head[3] == "gauge", line
    else:
        assert sample and sample[1] == name and line.rpartition(" ")[0] not in seen, line
        float(sample[3])
        seen.add(line.rpartition(" ")[0])
assert families
END
}

# A layout of one's own, in $box.
write_mine() {
    cat >"$box/mine.c" <<'END'
#include "layouts/layout.h"
struct element { _Alignas(ALIGN) uint64_t hits; };
static void *word(void *array, unsigned shard, enum layout_word word)
{
    return word == WORD_WRITER ? &((struct element *)array)[shard].hits : NULL;
}
LAYOUT(mine) = {.abi = LAYOUT_ABI, .name = "mine", .summary = "one counter each", .ops = "add", .role = {"adder"},
    .cast = CAST_WRITERS, .align_bytes = ALIGN, .element_bytes = sizeof(struct element), .word = word};
END
}

# made FILE [COLUMN=VALUE]...: 30 blocks of counter add at 8 and 64 B, 10 ns an op; ns=13 and blocks=5 also work,
# and ns8=13 for 8 B alone.
made() {
    python3 - <("$NUMAPROBE" schema --csv) "$@" <<'END'
import csv, random, sys
columns = [row["column"] for row in csv.DictReader(open(sys.argv[1], newline=""))]
given = dict(word.split("=", 1) for word in sys.argv[3:])
ns = float(given.pop("ns", 10))
ns8 = float(given.pop("ns8", ns))
blocks = int(given.pop("blocks", 30))
random.seed(1)
out = csv.DictWriter(open(sys.argv[2], "w", newline=""), columns, restval="", lineterminator="\r\n")
out.writeheader()
for block in range(blocks):
    for align in 8, 64:
        for thread in 0, 1:
            seconds = (ns8 if align == 8 else ns) * 1e-6 * random.gauss(1, 0.005)
            row = dict(schema=1, run_id="r1", started_at="2026-01-01T00:00:00Z", host="box", cpu_model="cpu9",
                arch="x86_64", kernel="6.1", version="1", seed=1, layout="counter", align_bytes=align, op="add",
                role="adder", mode="throughput", gap_ns=0, shards=64, pages="4k", threads=2, thread=thread, cpu=thread,
                mem_node="0", mem_verified="move_pages", trial=2 * block + (align == 64), block=block, regime=0,
                canary_ns=75, ops=1000, seconds=repr(seconds), ns_per_op=repr(seconds * 1e6), accepted=1,
                distance="same L3", protocol="turns", instrument="run")
            out.writerow({**row, **given})
END
}
