#!/usr/bin/env bats
# numaprobe compare, on files made here.
load ../common

setup() {
    common_setup
    made "$box/a.csv"
    made "$box/b.csv"
}

compare() { "$NUMAPROBE" compare "$@"; }

@test "compare: a table of ratios, the answer first" {
    made "$box/b.csv" ns8=13
    run -0 compare "$box/a.csv" "$box/b.csv"
    echo "$output"
    [[ ${lines[0]} == "1 worse by more than 5%, 1 the same, of 2 estimates compared." ]]
    [[ $output == *"A: $box/a.csv, run of 2026-01-01T00:00:00Z on box"* ]]
    [[ $output == *"counter, throughput, 2 threads, same L3, canary 75 and 75 ns"* ]]
    [[ $output =~ add\ +8\ B\ +adder\ +10\.0\ +13\.0\ +1\.30×\ +1\.[23][0-9]–1\.3[0-9]\ +\+1\.00\ +30/30\ +worse ]]
    [[ $output =~ add\ +64\ B\ +adder\ +9\.99\ +9\.99\ +1\.00× ]]
}

@test "compare: what a terminal would obey is not printed, from whatever cell" {
    local evil=$'x\x1b]0;\x07\xc2\x9b31m\x7f'
    made "$box/a.csv" layout="$evil" host="$evil" && made "$box/b.csv" layout="$evil" host="$evil" ns=13
    "$NUMAPROBE" compare "$box/a.csv" "$box/b.csv" --markdown "$box/out.md" >"$box/out"
    for file in "$box/out" "$box/out.md"; do
        grep -q 'x ' "$file"
        run ! grep -qaP '\x1b|\x07|\x7f|\xc2[\x80-\x9f]' "$file"
    done
    "$NUMAPROBE" report "$box/a.csv" --term >"$box/out" || [ $? -eq 4 ]
    run ! grep -qaP '\x1b|\x07|\x7f|\xc2[\x80-\x9f]' "$box/out"
}

@test "compare: fits in 80 columns" {
    made "$box/b.csv" ns8=13 kernel=6.2
    at_80_columns "$NUMAPROBE" compare "$box/a.csv" "$box/b.csv" >"$box/text"
    cat "$box/text"
    grep -q 'worse by more' "$box/text"
    [ "$(sed 's/\x1b\[[0-9;]*m//g' "$box/text" | wc -L)" -le 80 ]
}

@test "compare: a kernel that differs is only said" {
    made "$box/b.csv" kernel=6.2 version=2
    run -0 compare "$box/a.csv" "$box/b.csv"
    [[ $output == *"They differ in kernel (6.1 and 6.2), numaprobe (1 and 2)"* ]]
}

@test "compare: refuses what differs unless told to" {
    made "$box/b.csv" cpu_model=cpu10
    refuses 3 "nothing to compare: the cpu model differs ('cpu9' and 'cpu10'); --across cpu compares anyway" \
        compare "$box/a.csv" "$box/b.csv"
    run -0 compare --across cpu "$box/a.csv" "$box/b.csv"
    made "$box/b.csv" protocol=other
    refuses 3 "nothing to compare: the canary's protocol differs ('turns' and 'other'); --across protocol compares anyway" \
        compare "$box/a.csv" "$box/b.csv"
    made "$box/b.csv" "distance=same core"
    refuses 3 "nothing to compare: the distance between the cpus differs ('same L3' and 'same core'); --across distance compares anyway" \
        compare "$box/a.csv" "$box/b.csv"
    made "$box/b.csv" canary_ns=157 protocol=other
    run -0 compare --across protocol,regime "$box/a.csv" "$box/b.csv"
}

@test "compare: with nothing left to join it fails, also without a gate" {
    made "$box/b.csv" op=cas
    refuses 3 "nothing to compare: no variant is in both $box/a.csv and $box/b.csv" compare "$box/a.csv" "$box/b.csv"
    made "$box/b.csv" accepted=0 "reject_reason=context switch"
    refuses 3 "nothing to compare: $box/b.csv has no trial that counts (120 of 120 rows rejected: context switch)" \
        compare "$box/a.csv" "$box/b.csv"
}

@test "compare: --gate" {
    run -0 compare --gate 5% "$box/a.csv" "$box/b.csv"
    [[ $output == *"Gate passed."* ]]
    made "$box/b.csv" ns=10.3
    run -0 compare --gate 5% "$box/a.csv" "$box/b.csv"
    run --separate-stderr -1 compare --gate 1% "$box/a.csv" "$box/b.csv"
    [[ $stderr == "numaprobe: --gate 1%: 2 of 2 estimates got worse by more; the worst: counter add "* ]]
    [[ $output == "2 worse by more than 1%"* && $output != *"Gate passed"* ]]
    made "$box/b.csv" ns=7
    run -0 compare --gate 5% "$box/a.csv" "$box/b.csv"
}

@test "compare: clients that are threads are not compared with those dealt out" {
    local map=(instrument=maps role=worker op=reads-90 layout=sharded clients=100)
    made "$box/a.csv" "${map[@]}" client_threads=0
    made "$box/b.csv" "${map[@]}" client_threads=1
    run --separate-stderr -0 compare --json "$box/o.json" "$box/a.csv" "$box/a.csv"
    [[ $output == *"maps: reads-90, throughput, 2 threads, 100 clients, same L3"* ]]
    run --separate-stderr -0 compare --json "$box/o.json" "$box/b.csv" "$box/b.csv"
    [[ $output == *"maps: reads-90, throughput, 2 threads, 100 client threads, same L3"* ]]
    python3 - "$box/o.json" <<'END'
import json, sys
rows = json.load(open(sys.argv[1]))["rows"]
assert rows and all(r["clients"] == 100 and r["client_threads"] == 1 and r["verdict"] == "same" for r in rows), rows
END
    made "$box/both.csv" "${map[@]}" layout=rwlock client_threads=1
    cat "$box/both.csv" >>"$box/a.csv"
    cat "$box/both.csv" >>"$box/b.csv"
    run --separate-stderr -0 compare --json "$box/o.json" "$box/a.csv" "$box/b.csv"
    python3 - "$box/o.json" <<'END'
import json, sys
rows = json.load(open(sys.argv[1]))["rows"]
assert {(r["layout"], r["client_threads"], r["verdict"]) for r in rows} == \
    {("rwlock", 1, "same"), ("sharded", 0, "only in A"), ("sharded", 1, "only in B")}, rows
assert all((r["ratio"] is not None) == (r["layout"] == "rwlock") for r in rows), rows
END
}

@test "compare: strategies of maps, a load in a section" {
    local map=(instrument=maps role=worker op=reads-90)
    made "$box/a.csv" "${map[@]}" layout=sharded
    made "$box/b.csv" "${map[@]}" layout=sharded ns8=13
    made "$box/rwlock.csv" "${map[@]}" layout=rwlock align_bytes=
    made "$box/other.csv" "${map[@]}" layout=sharded threads=4
    cat "$box/rwlock.csv" >>"$box/a.csv"
    cat "$box/rwlock.csv" >>"$box/b.csv"
    run --separate-stderr -1 compare --gate 5% --markdown "$box/o.md" --json "$box/o.json" "$box/a.csv" "$box/b.csv"
    echo "$output"
    [[ $stderr == "numaprobe: --gate 5%: 1 of 3 estimates got worse by more; the worst: reads-90 sharded 8 B, 1.3"* ]]
    [[ $output == *"maps: reads-90, throughput, 2 threads, same L3, canary 75 and 75 ns"* ]]
    [[ $output =~ rwlock\ +9\.99\ +9\.99\ +1\.00× ]]
    [[ $output =~ sharded\ 8\ B\ +10\.0\ +13\.0\ +1\.30×.*worse ]]
    [[ $output =~ sharded\ 64\ B\ +9\.99\ +9\.99\ +1\.00× ]]
    [[ $output != *isolated* ]]
    grep -qE '^\| sharded \| reads-90 \| 8 B \| worker \| 10.0 \| 13.0 \|' "$box/o.md"
    grep -qE '^\| rwlock \| reads-90 \|  \| worker \|' "$box/o.md"
    python3 - "$box/o.json" <<'END'
import json, sys
rows = json.load(open(sys.argv[1]))["rows"]
assert [(r["layout"], r["align_bytes"], r["verdict"]) for r in rows] == \
    [("rwlock", None, "same"), ("sharded", 8, "worse"), ("sharded", 64, "same")], rows
END
    # other numbers of threads are other estimates
    run --separate-stderr -3 compare "$box/a.csv" "$box/other.csv"
    [[ $stderr == *"no variant is in both"* ]]
}

@test "compare: a gate does not pass what it cannot judge" {
    made "$box/b.csv" blocks=19
    run --separate-stderr -3 compare --gate 5% "$box/a.csv" "$box/b.csv"
    [[ $stderr == "numaprobe: --gate 5%: 2 estimates of A cannot be judged: fewer than 20 blocks, or no partner in B" ]]
    grep -v ',64,add,' "$box/a.csv" >"$box/b.csv"
    run --separate-stderr -3 compare --gate 5% "$box/a.csv" "$box/b.csv"
    echo "$output"
    [[ $stderr == "numaprobe: --gate 5%: 1 estimate of A cannot be judged: fewer than 20 blocks, or no partner in B" ]]
    [[ $output =~ A\ +counter\ +add\ +64\ B\ +adder\ +"not measured in the other file" ]]
    # What is only in B is new: no reason to fail.
    run -0 compare --gate 5% "$box/b.csv" "$box/a.csv"
}

@test "compare: --csv, --json and --markdown" {
    made "$box/b.csv" ns8=13 'host=a|b<i>'
    grep -v ',64,add,' "$box/b.csv" >"$box/c.csv"
    run -0 compare --csv "$box/o.csv" --json "$box/o.json" --markdown "$box/o.md" "$box/a.csv" "$box/c.csv"
    holds_only "$box" a.csv b.csv c.csv o.csv o.json o.md
    python3 - "$box" <<'END'
import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1] + "/o.csv", newline="")))
assert json.load(open(sys.argv[1] + "/o.json"))["rows"][0]["verdict"] == "worse"
assert [row["verdict"] for row in rows] == ["worse", "only in A"], rows
assert float(rows[0]["ratio_low"]) > 1.25 and rows[0]["n_b"] == "30" and rows[0]["cliffs_delta"] == "1"
assert rows[1]["n_b"] == "" and rows[1]["ratio"] == "" and rows[1]["n_a"] == "30"
END
    cat "$box/o.md"
    grep -qF '**numaprobe compare**: 1 worse by more than 5%, of 1 estimate compared.' "$box/o.md"
    grep -qE '^\| counter \| add \| 8 B \| adder \| 10.0 \| 13.0 \| 1.30× \| .*\| 30 \| 30 \| worse \|$' "$box/o.md"
    grep -qF 'on a\|b\<i\>' "$box/o.md"
    [ "$(grep -c '<details>' "$box/o.md")" -eq 2 ]
}

@test "compare: '-' is the standard input" {
    run -0 compare - "$box/b.csv" <"$box/a.csv"
    [[ $output == *"A: stdin, run of"* ]]
    refuses 2 "compare: only one of the files can be '-'" compare - -
}

@test "compare: matrices of two regimes are refused as runs are" {
    local pair=(instrument=matrix layout=pair align_bytes= role=pair mode=latency peer=1 beside=1)
    made "$box/a.csv" "${pair[@]}" canary_ns=75
    made "$box/b.csv" "${pair[@]}" canary_ns=300 ns=26
    refuses 3 "nothing to compare: no regime in common (canaries of 75 and 300 ns a round trip); --across regime compares those with the most blocks" \
        compare --gate 5% "$box/a.csv" "$box/b.csv"
}

@test "compare: a time that is not above zero is an error of its file" {
    made "$box/b.csv" seconds=-1e-6
    refuses 4 "$box/b.csv:2: column 'seconds': '-1e-6' is not a time; it must be above zero where the row is accepted" \
        compare --gate 5% "$box/a.csv" "$box/b.csv"
    made "$box/b.csv" ns_per_op=0
    refuses 4 "$box/b.csv:2: column 'ns_per_op': '0' is not a time; it must be above zero where the row is accepted" \
        compare "$box/a.csv" "$box/b.csv"
    refuses 4 "$box/b.csv:2: column 'ns_per_op': '0' is not a time; it must be above zero where the row is accepted" \
        report -o "$box/page.html" "$box/b.csv"
}

@test "compare: several files joined, in any order of rows" {
    made "$box/2.csv" run_id=r2 op=cas
    cat "$box/2.csv" "$box/a.csv" >"$box/joined.csv"
    run -0 compare "$box/joined.csv" "$box/b.csv"
    [[ $output == *"of 2 estimates compared"* && $output == *"not measured in the other file"* ]]
    { head -n 1 "$box/a.csv" && tail -n +2 "$box/a.csv" | sort -t, -k19,19 -k32,32; } >"$box/sorted.csv"
    run -0 compare --csv "$box/o1" "$box/a.csv" "$box/b.csv"
    run -0 compare --csv "$box/o2" "$box/sorted.csv" "$box/b.csv"
    cmp "$box/o1" "$box/o2"
}

@test "compare: wrong usage is one line" {
    refuses 2 "compare: two files are needed; expected: numaprobe compare [OPTION...] A.csv B.csv" compare "$box/a.csv"
    run --separate-stderr -2 compare --across kernel "$box/a.csv" "$box/b.csv"
    [[ $stderr == "numaprobe: --across: unknown property 'kernel'"*"known: cpu, protocol, distance, regime"* ]]
    run --separate-stderr -2 compare --gate much "$box/a.csv" "$box/b.csv"
    [[ $stderr == "numaprobe: --gate: "* ]]
    refuses 2 "--csv: '$box/a.csv' is one of the files compared; name another file" \
        compare --csv "$box/a.csv" "$box/a.csv" "$box/b.csv"
    refuses 2 "--json: '$box/o' is written by --csv; name another file" \
        compare --csv "$box/o" --json "$box/o" "$box/a.csv" "$box/b.csv"
    run -2 compare "$box/a.csv" "$box/b.csv" "$box/a.csv"
}

# bad LINE: compare says exactly this of $box/bad.csv, as either file, and leaves nothing behind.
bad() {
    refuses 4 "$1" compare --csv "$box/o.csv" --json "$box/o.json" --markdown "$box/o.md" "$box/bad.csv" "$box/b.csv"
    refuses 4 "$1" compare --csv "$box/o.csv" --json "$box/o.json" --markdown "$box/o.md" "$box/a.csv" "$box/bad.csv"
    holds_only "$box" a.csv b.csv bad.csv
}

@test "compare: bad input is one line with file and line number" {
    head -c -20 "$box/a.csv" >"$box/bad.csv" # broken off in the last row
    bad "$box/bad.csv:121: $(tail -n 1 "$box/bad.csv" | tr -dc , | wc -c | awk '{ print $1 + 1 }') fields, but the header has $(head -n 1 "$box/a.csv" | tr -dc , | wc -c | awk '{ print $1 + 1 }')"
    sed '5s/add/a"dd/' "$box/a.csv" >"$box/bad.csv"
    bad "$box/bad.csv:5: a quote in the wrong place"
    sed '1s/,seconds,/,minutes,/' "$box/a.csv" >"$box/bad.csv"
    bad "$box/bad.csv:1: column 'seconds' is missing; is this a CSV of numaprobe?"
    sed '9s/^1,/2,/' "$box/a.csv" >"$box/bad.csv"
    bad "$box/bad.csv:9: schema 2 is not schema 1, which this version reads"
    made "$box/bad.csv" seconds=NaN
    bad "$box/bad.csv:2: column 'seconds': 'NaN' is not a finite number"
    { head -n 3 "$box/a.csv" && head -c 10000000 /dev/zero | tr '\0' x; } >"$box/bad.csv"
    bad "$box/bad.csv:4: a field is larger than 1 MiB"
    printf 'a\0b\n' >"$box/bad.csv"
    bad "$box/bad.csv:1: a NUL byte: this is not a CSV text"
    : >"$box/bad.csv"
    bad "$box/bad.csv:1: empty: there is no header line"
    printf 'a,b\r\n1,2\r\n' >"$box/bad.csv"
    bad "$box/bad.csv:1: column 'schema' is missing; is this a CSV of numaprobe?"
    head -n 1 "$box/a.csv" >"$box/bad.csv"
    refuses 3 "nothing to compare: the first file has no rows" compare "$box/bad.csv" "$box/b.csv"
}

@test "compare: a file that is not there, a folder, and counts without times" {
    refuses 4 "$box/none.csv: No such file or directory" compare --csv "$box/o" "$box/none.csv" "$box/b.csv"
    refuses 4 "$box:1: it is a folder" compare --csv "$box/o" "$box/a.csv" "$box"
    holds_only "$box" a.csv b.csv
    "$NUMAPROBE" stat --csv "$box/stat.csv" true 2>/dev/null
    refuses 3 "nothing to compare: $box/stat.csv has counts of 'numaprobe stat' only, no times" \
        compare "$box/stat.csv" "$box/b.csv"
}

@test "compare: an earlier result stays when the comparison fails" {
    echo before >"$box/o.csv"
    : >"$box/empty.csv"
    run -4 compare --csv "$box/o.csv" "$box/a.csv" "$box/empty.csv"
    [ "$(cat "$box/o.csv")" = before ]
}

@test "compare: a real run against itself has no difference" {
    need_two_cpus
    "$NUMAPROBE" "${short[@]}" --quiet --csv "$box/run.csv" >/dev/null
    run -0 compare "$box/run.csv" "$box/run.csv"
    echo "$output"
    [[ $output == "0 worse by more than 5%"* && $output != *better* ]]
}
