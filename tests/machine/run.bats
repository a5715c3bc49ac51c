#!/usr/bin/env bats
# numaprobe run: what it lists, plans, measures and writes. What it refuses is in run_bad.bats.

load ../common

setup() { common_setup; }

@test "run: --list shows every layout and op there is a file for" {
    run --separate-stderr "$NUMAPROBE" run --list
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    layouts=$(awk '$2 == "8,16,32,64,128,256" { print $1 }' <<<"$output")
    [ "$layouts" = "$(basename -s .c layouts/*.c | sort)" ]
    ops=$(awk '/^op / { on = 1; next } on && NF == 0 { exit } on { print $1 }' <<<"$output")
    [ "$ops" = "$(basename -s .c probes/trial/ops/*.c | sort)" ]
}

@test "run: --help names every option once, and the examples" {
    run --separate-stderr "$NUMAPROBE" run --help
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    for option in align layout op mode gap list cpus place threads mem-node pages topology precision max-time \
        seed strict self-test csv json dry-run quiet help counters events; do
        [ "$(grep -c -- "^ .*--$option\b[= ]" <<<"$output")" -ge 1 ]
    done
    [ "$(grep -c '^  numaprobe ' <<<"$output")" -eq 4 ]
    run "$NUMAPROBE" run --usage
    [ "$status" -eq 0 ]
    [[ $output == "Usage: numaprobe run "*"--align=LIST"* ]]
}

@test "run: --dry-run plans a machine of 2,048 threads" {
    run --separate-stderr "$NUMAPROBE" --dry-run --topology "pack:8 numa:2 l3:8 core:8 pu:2" \
        --place spread --threads 2048 --layout counter,shard --align 8,64
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [[ ${lines[*]} == *"threads  2048"* ]]
    # 2 layouts, each with its reference: as many points as ops times 3
    points=$(awk '/^point/ { on = 1; next } on { print $2, $3 }' <<<"$output")
    [ "$(sort -u <<<"$points")" = "$(printf 'counter 64\ncounter 8\ncounter isolated\nshard 64\nshard 8\nshard isolated')" ]
}

@test "run: --dry-run plans machines of 4,096 and 8,192 cpus" {
    for l3s in 16 32; do
        cpus=$((8 * 2 * l3s * 8 * 2))
        run --separate-stderr "$NUMAPROBE" --dry-run --topology "pack:8 numa:2 l3:$l3s core:8 pu:2" \
            --place compact --threads "$cpus" --op add --align 64
        [ "$status" -eq 0 ]
        [[ ${lines[*]} == *"threads  $cpus"* ]]
        # Each thread its own element, 64 B from the next.
        [ "$(awk '$2 == "counter" && $3 == 64 { print $(NF - 1), $NF }' <<<"$output")" = "$cpus $((cpus * 64))" ]
    done
}

@test "run: --dry-run writes no file" {
    cd "$box"
    run "$NUMAPROBE" --dry-run --csv out.csv --json out.json
    [ "$status" -eq 0 ]
    holds_only .
}

@test "run: a short run writes CSV as the schema says" {
    cd "$box"
    run --separate-stderr "$NUMAPROBE" "${short[@]}" --csv out.csv
    [ "$status" -eq 0 ]
    rows=$(check_csv out.csv)
    [ "$rows" -gt 0 ]
    holds_only . out.csv
    # No reader is shut out, as with mkstemp's 0600.
    [ "$(stat -c %a out.csv)" = "$(printf '%o' $((0666 & ~$(umask))))" ]
}

@test "run: the CSV can go to stdout's own device" {
    run --separate-stderr "$NUMAPROBE" "${short[@]}" --csv /dev/stdout
    [ "$status" -eq 0 ]
    [ "$(grep -c '^schema,run_id,' <<<"$output")" -eq 1 ]
    # The table goes to stderr.
    grep -qE '^add  |^No block could be counted' <<<"$stderr" && ! grep -qE '^add  |^No block' <<<"$output"
}

@test "run: the JSON has the figures, verdicts and regimes" {
    cd "$box"
    run --separate-stderr "$NUMAPROBE" "${short[@]}" --json out.json
    [ "$status" -eq 0 ]
    python3 - <<'END'
import json
d = json.load(open("out.json"))
assert d["partial"] is False and d["schema"] == 1 and d["run"]["seed"] == 1
variants = {(f["layout"], f["align_bytes"], f["op"]) for f in d["figures"]}
assert variants <= {("counter", a, "add") for a in (None, 8, 64)}, variants
assert variants, "no figures"
for f in d["figures"]:
    assert f["ns_per_op"]["median"] > 0 and f["accepted"] > 0, f
assert [(v["layout"], v["op"], v["role"]) for v in d["verdicts"]].count(("counter", "add", "adder")) >= 1
assert all(v["text"] for v in d["verdicts"])
assert d["regimes"] and all(r["blocks"] > 0 for r in d["regimes"])
END
}

@test "run: one cpu is a valid run, without canary and verdict" {
    cd "$box"
    run --separate-stderr taskset -c 0 "$NUMAPROBE" "${short[@]}" --quiet --csv out.csv --json out.json
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [[ ${lines[0]} == "throughput, 1 thread on cpu 0"* ]]
    [[ $output == *"no verdict: one cpu shares nothing"* ]]
    [ "$(grep -c canary <<<"$output")" -eq 0 ]
    check_csv out.csv
    python3 - <<'END'
import csv, json
rows = list(csv.DictReader(open("out.csv", newline="")))
assert all(r["canary_ns"] == "" and r["threads"] == "1" for r in rows)
assert [v["kind"] for v in json.load(open("out.json"))["verdicts"]] == ["none"]
END
}

@test "run: a pipe gets no colours, and --quiet leaves stderr silent" {
    run --separate-stderr "$NUMAPROBE" "${short[@]}" --quiet
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [[ $output != *$'\e'* ]]
    [[ $output == *"isolated"* || $output == *"No block could be counted"* ]]
}

@test "run: on a terminal of 80 columns no line is longer, colours with and without NO_COLOR" {
    command -v script >/dev/null || skip "no script(1)"
    for look in plain colour; do
        wish=$([ $look = plain ] && echo NO_COLOR=1 || echo NO_COLOR=)
        at_80_columns env "$wish" "$NUMAPROBE" --layout counter,ring --align 8,64 --max-time 2s \
            >"$box/$look"
        # Progress ends by wiping its line; of the rest, colours take no column.
        python3 - "$box/$look" <<'END'
import re, sys
text = open(sys.argv[1], encoding="utf-8").read().split("\r")[-1]
text = text.split("\x1b[K")[-1]
lines = re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines()
assert len(lines) > 10, text
assert max(map(len, lines)) <= 80, max(lines, key=len)
END
    done
    [ "$(grep -c $'\e\[[0-9;]*m' "$box/plain")" -eq 0 ]
    if [ "$(nproc)" -ge 2 ]; then [ "$(grep -c $'\e\[[0-9;]*m' "$box/colour")" -ge 1 ]; fi
}

@test "run: progress on a terminal, none with --quiet" {
    command -v script >/dev/null || skip "no script(1)"
    shown=$(at_80_columns "$NUMAPROBE" "${short[@]}")
    [[ $shown == *"blocks, "*"at most "*" s left"* ]]
    shown=$(at_80_columns "$NUMAPROBE" "${short[@]}" --quiet)
    [[ $shown == *"isolated"* ]]
    [[ $shown != *" s left"* ]]
}

@test "run: the list fits 80 columns" {
    command -v script >/dev/null || skip "no script(1)"
    at_80_columns "$NUMAPROBE" --list >"$box/list"
    grep -q '^counter ' "$box/list"
    [ "$(LC_ALL=C.UTF-8 wc -L <"$box/list")" -le 80 ]
}

@test "run: the tool's own verdict on add at 8 B is false sharing, removed by 64 B" {
    need_two_cpus
    run --separate-stderr "$NUMAPROBE" --cpus 0,1 --op add --align 8,64 --max-time 10s
    [ "$status" -eq 0 ]
    echo "$output"
    grep -qE '^counter +add +adder +8 B: false sharing, [0-9.]+× \([0-9.]+–[0-9.]+\); 64 B removes it$' <<<"$output"
}

@test "run: --self-test finds no difference between a variant and itself" {
    run --separate-stderr "$NUMAPROBE" --self-test --op add --align 8,64 --max-time 10s
    echo "$output"
    [ "$status" -eq 0 ]
    [[ $output == *"A/A: no difference"* ]] || [ "$(nproc)" -lt 2 ]
    [[ $output != *DIFFERENT* ]]
    [ "$(grep -c '^add  8 B [ab] ' <<<"$output")" -ge 2 ]
}

@test "run: a layout of one's own runs in the same variants" {
    cd "$box"
    cat >mine.c <<'END'
#include "layouts/layout.h"
struct element {
    _Alignas(ALIGN) uint64_t hits;
};
static void *word(void *array, unsigned shard, enum layout_word word)
{
    struct element *e = array;
    return word == WORD_WRITER ? &e[shard].hits : NULL;
}
LAYOUT(mine) = {.abi = LAYOUT_ABI, .name = "mine", .summary = "hits", .ops = "add", .role = {"hitter"},
    .align_bytes = ALIGN, .element_bytes = sizeof(struct element), .word = word};
END
    run --separate-stderr "$NUMAPROBE" --layout ./mine.c --align 8,128 --max-time 300ms --quiet --csv out.csv
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    check_csv out.csv
    variants=$(python3 -c '
import csv
rows = csv.DictReader(open("out.csv", newline=""))
print(*sorted({r["layout"] + r["align_bytes"] + ":" + r["reference_for"] for r in rows}))')
    [ "$variants" = "isolated:mine mine128: mine8:" ]
    [ "$(python3 -c '
import csv
print(*{r["layout_file"] for r in csv.DictReader(open("out.csv", newline=""))})')" = ./mine.c ]
    holds_only . mine.c out.csv
}

@test "run: the seed orders the trials" {
    cd "$box"
    for name in one again other; do
        "$NUMAPROBE" --cpus 0 --op add,store,rmw --align 8,16,32,64 --max-time 1ms --quiet \
            --seed "$([ $name = other ] && echo 2 || echo 1)" --csv $name.csv >/dev/null
    done
    # Of the first block, each variant once: a trial that was disturbed is repeated.
    order() {
        python3 -c '
import csv, sys
rows = [r for r in csv.DictReader(open(sys.argv[1], newline="")) if r["block"] == "0"]
print(*dict.fromkeys(r["layout"] + r["align_bytes"] + r["op"] for r in rows))' "$1"
    }
    [ "$(order one.csv | wc -w)" -eq 15 ]
    [ "$(order one.csv)" = "$(order again.csv)" ]
    [ "$(order one.csv)" != "$(order other.csv)" ]
}

@test "run: pages that are not those asked for are told, and refused by --strict" {
    cd "$box"
    # What fragmentation or a container's setting does; 41 is PR_SET_THP_DISABLE.
    without=(python3 -c 'import ctypes, os, sys
ctypes.CDLL(None).prctl(41, 1, 0, 0, 0) and sys.exit(77)
os.execv(sys.argv[1], sys.argv[1:])')
    run --separate-stderr "${without[@]}" "$NUMAPROBE" "${short[@]}" --pages thp --csv out.csv
    [ "$status" -ne 77 ] || skip "the kernel has no PR_SET_THP_DISABLE"
    [ "$status" -eq 0 ]
    grep -qE "^--pages thp: the memory (has pages of [0-9]+k|is not known to have such pages) \(see" <<<"$output"
    python3 - <<'END'
import csv
rows = list(csv.DictReader(open("out.csv", newline="")))
assert rows and all(r["pages"] == "thp" and r["pages_got"] != "thp" for r in rows), rows[:1]
END
    run --separate-stderr "${without[@]}" "$NUMAPROBE" "${short[@]}" --pages thp --strict
    [ "$status" -eq 77 ]
    [[ $stderr == "numaprobe: --strict: "* ]]
    # The default asks for nothing, so nothing is told.
    run --separate-stderr "${without[@]}" "$NUMAPROBE" "${short[@]}"
    [ "$status" -eq 0 ]
    [[ $output != *"--pages"* ]]
}
