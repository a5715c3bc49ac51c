#!/usr/bin/env bats
# numaprobe costs: what it plans, measures, writes and refuses.

load ../common

setup() {
    common_setup
    brief=(--op load,add --gap 0,100 --max-time 300ms)
}

@test "costs: --help names every option once, and the examples" {
    run --separate-stderr "$NUMAPROBE" costs --help
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    for option in op state gap hold contenders cpus home mem-node topology precision max-time seed strict csv json dry-run quiet; do
        [ "$(grep -c -- "^ .*--$option\b[= ]" <<<"$output")" -ge 1 ]
    done
    [ "$(grep -c '^  numaprobe costs' <<<"$output")" -eq 4 ]
    [ "$(LC_ALL=C.UTF-8 wc -L <<<"$output")" -le 80 ]
}

@test "costs: --dry-run plans a machine that is not here, with all its places, and writes nothing" {
    cd "$box"
    run --separate-stderr "$NUMAPROBE" costs --dry-run --op load --topology "pack:2 numa:1 l3:2 core:2 pu:2"
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [[ $output == *"memory: local node 0, remote node 1"* ]]
    for place in here sibling "same L3" "other L3" "other pkg"; do
        [ "$(grep -cE "^load  (modified|exclusive|shared) +$place " <<<"$output")" -eq 6 ]
    done
    [ "$(grep -c '^load  invalid    memory' <<<"$output")" -eq 2 ]
    [ "$(grep -c 'not here' <<<"$output")" -eq 0 ]
    grep -qE '^ +16 +0-14:2,1-15:2 +0,10,' <<<"$output"
    [ "$(LC_ALL=C.UTF-8 wc -L <<<"$output")" -le 80 ]
    holds_only .
}

@test "costs: --dry-run says of each place that is not there why" {
    run --separate-stderr "$NUMAPROBE" costs --dry-run --topology "pack:1 core:1 pu:1"
    [ "$status" -eq 0 ]
    for line in "sibling  *the core has no second thread" "same L3  *no L3 is known here" \
        "other L3  *the package has no core" "other pkg  *there is no other package" \
        "shared, here  *needs a second core" "remote memory  *no other node has memory" \
        "holding curve  *one cpu has no other cpu"; do
        grep -q "^$line" <<<"$output"
    done
    [ "$(grep -cE '^(load|store|add|cas|swap) +(modified|exclusive) +here +local' <<<"$output")" -eq 10 ]
    [ "$(grep -c ' remote ' <<<"$output")" -le 1 ]
    run "$NUMAPROBE" costs --dry-run --topology data/topologies/lab-x86-memless.xml --cpus 2
    [ "$status" -eq 0 ]
    [[ $output == *"memory: remote node 0"* ]]
    [[ $output == *"local memory   cpu 2 is on a node without memory"* ]]
}

@test "costs: every recorded machine has a plan of 80 columns" {
    for machine in data/topologies/*.xml; do
        run --separate-stderr "$NUMAPROBE" costs --dry-run --topology "$machine"
        echo "$machine: $status $stderr"
        [ "$status" -eq 0 ]
        [ -z "$stderr" ]
        [ "$(grep -cE '^(load|store|add|cas|swap) ' <<<"$output")" -ge 15 ]
        [ "$(LC_ALL=C.UTF-8 wc -L <<<"$output")" -le 80 ]
    done
}

@test "costs: a brief run writes the CSV and JSON that were asked for" {
    cd "$box"
    run --separate-stderr "$NUMAPROBE" costs "${brief[@]}" --csv out.csv --json out.json
    echo "$output"
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    holds_only . out.csv out.json
    [ "$(check_csv out.csv)" -gt 0 ]
    python3 - <<'END'
import csv, json
rows = list(csv.DictReader(open("out.csv", newline="")))
assert {r["instrument"] for r in rows} == {"costs"}
lines = [r for r in rows if r["layout"] == "line"]
holds = [r for r in rows if r["layout"] == "hold"]
alone = [r for r in rows if r["layout"] == "isolated"]
assert len(lines) + len(holds) + len(alone) == len(rows) and lines
assert bool(holds) == bool(alone) == any(int(r["threads"]) > 1 for r in rows)
for r in lines:
    assert r["role"] == "requester" and r["home"] in ("local", "remote"), r
    assert (r["state"] == "invalid") == (r["peer"] == "") == (r["distance"] == ""), r
    assert (r["distance"] == "same cpu") == (r["peer"] == r["cpu"]), r
for r in holds:
    assert 0 <= int(r["transfers"]) <= int(r["ops"]) and r["op"] == "add" and r["peer"] == "", r
d = json.load(open("out.json"))
assert d["partial"] is False and d["schema"] == 1
# What is not there has a reason and no figure; never a zero.
for p in d["prices"]:
    assert (p["ns"] is None) == (p["reason"] != ""), p
    assert p["ns"] is None or p["ns"]["median"] > 0, p
assert sum(p["ns"] is not None for p in d["prices"]) > 0 or d["blocks"] == 0
for c in d["hold"]:
    n = c["ops_a_hold"]["n"]
    assert n == 0 or c["ops_a_hold"]["median"] >= 1, c
    assert (c["contended_ns"]["n"] >= 20) == (c["contended_ns"]["low"] is not None), c
END
}

@test "costs: --contenders and --hold choose who writes to the line and how; a store has no holding time" {
    cd "$box"
    run --separate-stderr "$NUMAPROBE" costs --op none --gap 0,50 --hold rmw,store --contenders distances,domains \
        --max-time 500ms --csv out.csv --json out.json
    echo "$output"
    [ "$status" -eq 0 ] || [ "$status" -eq 77 ]
    [ "$status" -eq 0 ] || skip "one cpu"
    check_csv out.csv
    python3 - <<'END'
import csv, json
rows = [r for r in csv.DictReader(open("out.csv", newline="")) if r["layout"] in ("hold", "isolated")]
assert {r["op"] for r in rows} == {"rmw", "store"}
for r in rows:
    assert (r["transfers"] == "") == (r["op"] == "store"), r
for c in json.load(open("out.json"))["hold"]:
    assert c["op"] in ("rmw", "store")
    assert c["op"] == "rmw" or c["hold_ns"]["median"] is None, c
END
}

@test "costs: without --csv no file is written" {
    cd "$box"
    echo kept >costs.csv
    run --separate-stderr -0 "$NUMAPROBE" costs "${brief[@]}"
    [ "$(cat costs.csv)" = kept ]
    holds_only . costs.csv
}

@test "costs: one cpu is a valid run: here and memory, no canary, no curve" {
    cd "$box"
    run --separate-stderr taskset -c 0 "$NUMAPROBE" costs --op load,cas --max-time 500ms --quiet --csv out.csv
    echo "$output"
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [ "$(grep -c canary <<<"$output")" -eq 0 ]
    [[ $output == *"holding curve  one cpu has no other cpu to hold a line against"* ]]
    check_csv out.csv
    python3 - <<'END'
import csv
rows = list(csv.DictReader(open("out.csv", newline="")))
assert rows and all(r["canary_ns"] == "" and r["threads"] == "1" for r in rows)
assert {r["state"] for r in rows} == {"modified", "exclusive", "invalid"}
END
}

@test "costs: all prices are said, with an interval or the reason" {
    run --separate-stderr "$NUMAPROBE" costs --max-time 10s --csv "$box/out.csv" --json "$box/out.json"
    echo "$output"
    [ "$status" -eq 0 ]
    python3 - "$box/out.json" <<'END'
import json, sys
d = json.load(open(sys.argv[1]))
prices = [p for p in d["prices"] if p["ns"]]
for p in prices:
    assert p["ns"]["n"] < 20 or p["ns"]["low"] <= p["ns"]["median"] <= p["ns"]["high"], p
own = [p for p in prices if (p["op"], p["state"], p["distance"]) == ("load", "modified", "same cpu")]
if own and own[0]["ns"]["low"] is not None:
    for p in prices:
        assert p["ns"]["high"] is None or own[0]["ns"]["low"] <= p["ns"]["high"], p
END
}

@test "costs: on a terminal of 80 columns no line is longer" {
    command -v script >/dev/null || skip "no script(1)"
    at_80_columns "$NUMAPROBE" costs --max-time 2s --csv "$box/out.csv" >"$box/out"
    python3 - "$box/out" <<'END'
import re, sys
text = open(sys.argv[1], encoding="utf-8").read().split("\r")[-1].split("\x1b[K")[-1]
lines = re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines()
assert len(lines) > 10, text
assert max(map(len, lines)) <= 80, max(lines, key=len)
END
}

@test "costs: the seed orders the trials" {
    cd "$box"
    for name in one again other; do
        "$NUMAPROBE" costs --cpus 0 --max-time 1ms --quiet --seed "$([ $name = other ] && echo 2 || echo 1)" \
            --csv $name.csv >/dev/null
    done
    order() {
        python3 -c '
import csv, sys
rows = csv.DictReader(open(sys.argv[1], newline=""))
print(*dict.fromkeys(r["op"] + r["state"] + r["home"] for r in rows if r["block"] == "0"))' "$1"
    }
    [ "$(order one.csv | wc -w)" -ge 15 ]
    [ "$(order one.csv)" = "$(order again.csv)" ]
    [ "$(order one.csv)" != "$(order other.csv)" ]
}

@test "costs: what is wrong is said in one line, and nothing is written" {
    cd "$box"
    refuses 2 "--op: unknown op 'rmw'; known: load, store, add, cas, swap, none" costs --op rmw
    refuses 2 "--state: unknown state 'owned'; known: modified, exclusive, shared, invalid" costs --state owned
    refuses 2 "--home: unknown home 'here'; known: local, remote" costs --home here
    refuses 2 "--gap: '1ms' is too long; at most 100us" costs --gap 0,1ms
    refuses 2 "--hold: unknown op 'cas'; known: add, rmw, store" costs --hold cas
    refuses 2 "--contenders: unknown contenders 'all'; known: counts, distances, domains" costs --contenders all
    refuses 2 "nothing to measure: --op none and --gap none leave neither a price nor a curve" \
        costs --op none --gap none
    refuses 77 "nothing to measure: one cpu has no other cpu to hold a line against" costs --op none --cpus 0
    refuses 2 "--topology: nothing can be measured on a machine that is not here; add --dry-run" \
        costs --topology "pack:1 core:2 pu:1"
    refuses 2 "--json: 'x' is written by --csv; name another file" costs --csv x --json x
    run --separate-stderr "$NUMAPROBE" costs --op load extra
    [ "$status" -eq 2 ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    run --separate-stderr "$NUMAPROBE" costs --csv no/such/folder.csv
    [ "$status" -eq 4 ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    holds_only .
}

@test "costs: a full disk is told, and no file is left" {
    [ -c /dev/full ] || skip "no /dev/full"
    cd "$box"
    run --separate-stderr "$NUMAPROBE" costs --op load --gap none --max-time 50ms --csv /dev/full
    [ "$status" -eq 4 ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    holds_only .
}

# By the schema, where python3 has the package for it.
check_card() { # FILE
    python3 - "$1" "$BATS_TEST_DIRNAME/../../data/card.schema.json" <<'END'
import json, sys
card, schema = (json.load(open(path)) for path in sys.argv[1:])
try:
    import jsonschema
    jsonschema.Draft202012Validator(schema).validate(card)
except ImportError:
    print("# python3-jsonschema is missing")
missing = {lack["what"] for lack in card["lacks"]}
for row in card["prices"]:
    for owner, ns in row["ns"].items():
        assert ns or owner in missing or row["reasons"][owner], row
for row in card["hold"]:
    assert len(row["gap_ns"]) == len(row["contended_ns"]) == len(row["price_ns"]), row
    assert (row["hold_ns"] is None) == (row["op"] == "store"), row
    for key in ("contended_ns", "price_ns", "hold_ns"):
        assert row[key] and all(row[key]) or row["reasons"][key], row
contenders = {row["contenders"] for row in card["hold"]} | {w[12:] for w in missing if w.startswith("contenders: ")}
assert contenders >= {"same core", "same L3", "same package", "other package", "one L3", "two L3s", "two packages"}
assert card["classes"] or "classes" in missing
END
}

@test "costs: --card writes one short document with what there is and why the rest is not" {
    cd "$box"
    run --separate-stderr -0 "$NUMAPROBE" costs --card this.card --label "this machine" --max-time 2s
    [ -z "$stderr" ]
    holds_only . this.card
    [ "$(stat -c %s this.card)" -lt 20000 ]
    check_card this.card
    grep -q '"label":"this machine"' this.card
    grep -q '"command_line":\["numaprobe costs","--card","this.card","--label","this machine",' this.card
    run --separate-stderr -0 "$NUMAPROBE" costs --card - --op load --gap none --max-time 300ms -q
    check_card_is_json() { python3 -c 'import json, sys; assert json.load(sys.stdin)["hold"] == []'; }
    check_card_is_json <<<"$output"
}

@test "costs: a card of one cpu has no curves and no classes, and says why" {
    cd "$box"
    run --separate-stderr -0 taskset -c 0 "$NUMAPROBE" costs --card one.card --op load --max-time 300ms -q
    check_card one.card
    python3 - <<'END'
import json
card = json.load(open("one.card"))
assert card["hold"] == [] and card["classes"] == []
lacks = {lack["what"]: lack["reason"] for lack in card["lacks"]}
assert "needs two cpus" in lacks["classes"] and "one cpu" in lacks["curves"], lacks
END
}

@test "costs: --card --dry-run plans a card for each recorded machine, in 80 columns" {
    for machine in data/topologies/*.xml; do
        run --separate-stderr -0 "$NUMAPROBE" costs --card "$box/x" --dry-run --topology "$machine"
        [ -z "$stderr" ]
        [[ $output == *"card: "*" prices and "*" points of curves, 24 s; "*" pairs, 6 s"* ]]
        [ "$(LC_ALL=C.UTF-8 wc -L <<<"$output")" -le 80 ]
    done
    run -0 "$NUMAPROBE" costs --card "$box/x" --dry-run --max-time 1s --topology "pack:2 l3:8 core:8 pu:2"
    [[ $output == *"; give it a longer --max-time."* ]]
    holds_only "$box"
}

@test "costs: an interrupted run leaves no card, and an earlier one as it was" {
    cd "$box"
    echo kept >old.card
    for card in old new; do
        run -130 python3 "$BATS_TEST_DIRNAME/../interrupt.py" SIGINT sh -c 'exec "$@" >table' sh "$NUMAPROBE" costs --card $card.card \
            --precision 0.001% --max-time 60s
        tail -n 2 table
        [ "$(tail -n 1 table)" = "No card is written, since the run was interrupted." ]
    done
    [ "$(cat old.card)" = kept ]
    holds_only . old.card table
}

@test "costs: what is wrong with a card is said in one line before anything is measured" {
    cd "$box"
    refuses 2 "--label: names the machine of a card; give it --card FILE" costs --label x
    refuses 2 "--card: 'x' is written by --json; name another file" costs --card x --json x
    run --separate-stderr "$NUMAPROBE" costs --card no/such/folder
    [ "$status" -eq 4 ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    holds_only .
    [ -c /dev/full ] || skip "no /dev/full"
    run --separate-stderr "$NUMAPROBE" costs --op load --gap none --max-time 50ms --card /dev/full -q
    [ "$status" -eq 4 ]
    [ "${#stderr_lines[@]}" -eq 1 ]
}
