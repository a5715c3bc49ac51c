#!/usr/bin/env bats
# numaprobe schema: the columns of the CSV, which are a promise to everyone who reads one.

load ../common

setup() { common_setup; }

@test "schema: data/schema.csv is what the program says" {
    "$NUMAPROBE" schema --csv >"$box/schema.csv"
    # After a column was added at the end: build/numaprobe schema --csv >data/schema.csv
    cmp data/schema.csv "$box/schema.csv"
}

@test "schema: the first columns are those that readers rely on, in their order" {
    promised=schema,run_id,started_at,host,cpu_model,arch,kernel,hypervisor,version,seed,layout,align_bytes,op,role
    promised+=,mode,gap_ns,shards,pages,threads,thread,cpu,core,l3,package,node,mem_node,mem_verified,trial,block
    promised+=,regime,canary_ns,prefetchers,ops,seconds,ns_per_op,lat_min_ns,lat_p50_ns,lat_p90_ns,lat_p99_ns
    promised+=,lat_p999_ns,lat_max_ns,clock_overhead_ns,clock_resolution_ns,context_switches,migrations,steal_ns
    promised+=,accepted,reject_reason,reference_for
    count=$(tr , '\n' <<<"$promised" | wc -l)
    columns=$("$NUMAPROBE" schema --csv | tr -d '\r' | tail -n +2 | cut -d, -f1 | head -n "$count" | paste -sd,)
    [ "$columns" = "$promised" ]
}

@test "schema: every column once, with a type and a meaning" {
    "$NUMAPROBE" schema --csv >"$box/schema.csv"
    python3 - "$box/schema.csv" <<'END'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
names = [row["column"] for row in rows]
assert len(names) > 48 and len(set(names)) == len(names)
for row in rows:
    assert row["type"] in ("text", "integer", "real") and row["meaning"], row
    assert not row["column"].endswith("_ns") or row["unit"].startswith("ns"), row
END
}

@test "schema: JSON and text tell the same columns" {
    columns=$("$NUMAPROBE" schema --csv | tr -d '\r' | tail -n +2 | cut -d, -f1)
    from_json=$("$NUMAPROBE" schema --json | python3 -c '
import json, sys
for row in json.load(sys.stdin)["rows"]: print(row["column"])')
    from_text=$("$NUMAPROBE" schema | tail -n +2 | cut -d" " -f1)
    [ "$from_json" = "$columns" ]
    [ "$from_text" = "$columns" ]
}

@test "schema: a word or an option too many" {
    refuses 2 "unexpected argument 'all'; options begin with --, 'numaprobe schema --help' lists them" schema all
    refuses 2 "there is no option '--jsno'; did you mean '--json'; 'numaprobe schema --help' lists them" schema --jsno
}

@test "schema: 80 columns on a terminal" {
    command -v script >/dev/null || skip "no script(1)"
    at_80_columns env NO_COLOR=1 "$NUMAPROBE" schema >"$box/text"
    grep -q '^schema ' "$box/text"
    [ "$(LC_ALL=C.UTF-8 wc -L <"$box/text")" -le 80 ]
}
