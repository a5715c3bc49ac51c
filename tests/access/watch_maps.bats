#!/usr/bin/env bats
# numaprobe watch --maps: a Go program's maps are found with their shares of its time, of both kinds, also when it is
# stripped; what is no Go program is refused in one line.

load ../common

setup_file() { go_setup_file tests/go-maps/four.go; }
setup() { go_setup; }
teardown() { kill "$pid" 2>/dev/null || true; }

# PROGRAM [SECONDS]: its shares of the time in maps against its own, which are the last line of `out`.
shares_of() {
    [ -x "$1" ] || skip "no Go here that makes $1"
    rm -f out
    "./$1" 60 >out 3>&- &
    pid=$!
    for ((tries = 0; tries < 600; tries++)); do [ ! -s out ] || break; sleep 0.1; done # its maps are filled then
    "$numaprobe" watch --maps -p $pid --duration "${2:-4}s" --json found.json >text || return
    kill $pid
    python3 - "$1" <<'END'
import json, sys
found = json.load(open("found.json"))
true = [float(x) for x in open("out").read().splitlines()[-1].split()]
process = found["processes"][0]
assert process["samples"] > process["all_samples"] / 2, process
rows = {}
for row in found["maps"]:
    function = row["sites"][0]["function"]
    rows.setdefault(function, []).append(row)
functions = ["main.useNumbers", "main.useNames", "main.usePoints", "main.useShared"]
known = sum(rows[f][0]["samples"] for f in functions)
in_maps = known / process["all_samples"]
for function, share in zip(functions, true):
    row = rows[function][0]
    # Within 3 points, since the program's own times have its loops in them, of the interval, made three standard
    # deviations wide: a busy machine gives few samples.
    low, part, high = (row[key] / in_maps for key in ("share_low", "share", "share_high"))
    off = part - share
    assert -0.03 - 1.5 * (high - part) <= off <= 0.03 + 1.5 * (part - low), (function, low, part, high, share)
    assert row["sites"][0]["file"].endswith(".go") and row["sites"][0]["line"] > 0, row
    assert row["keys"] in (50000, None) and row["address"], row
    if "stripped" not in sys.argv[1]:
        assert row["name"] == "main." + function[8:].lower(), row
assert known > 0.9 * process["samples"], (known, process)
END
}

@test "watch --maps: four maps of Go 1.19 have their shares" { shares_of old; }
@test "watch --maps: of a stripped one, too" { shares_of old-stripped; }
@test "watch --maps: four maps of Go 1.24 have their shares" { shares_of new; }
@test "watch --maps: of a stripped one of 1.24, too" { shares_of new-stripped; }

@test "watch --maps: the report has names, types and places" {
    shares_of old 2
    grep -Eq '^ +[0-9]+% \([0-9.]+-[0-9.]+\)  main\.numbers, map\[uint64\]uint64 at 0xc0' text
    grep -Eq '^ +50000 keys in 8192 buckets$' text
    grep -Eq '^ +[0-9]+%  write    main\.useNumbers  .*four\.go:[0-9]+$' text
    grep -Eq 'main\.shared, sync\.Map at 0x' text
    grep -Eq '^ +[0-9]+%  Load     main\.useShared ' text
}

@test "watch --maps: what is no Go program is refused in one line" {
    sleep 60 3>&- &
    pid=$!
    run "$numaprobe" watch --maps -p $pid --duration 1s
    [ "$status" -eq 2 ]
    [[ $output == "numaprobe: watch: --maps: process $pid: "*" was not built by Go 1.18 or newer" ]]
}
