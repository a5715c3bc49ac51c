#!/usr/bin/env bats
# numaprobe events: every role is listed, with a reason wherever it does not count; no name of an event, however
# wrong, costs more than its own row.

load ../common

setup() { common_setup; }

events() { "$NUMAPROBE" events "$@"; }

# Every row: here is counts, opens or no; a reason exactly where no. Prints the roles.
check_events_csv() {
    python3 -c '
import csv, re, sys
text = sys.stdin.buffer.read().decode()
assert text.endswith("\r\n")
rows = list(csv.DictReader(text.splitlines(keepends=True), strict=True))
for r in rows:
    assert list(r) == "role here scope sees event code why note source".split(), r
    assert r["here"] in ("counts", "opens", "no") and (r["here"] == "no") == (r["why"] != ""), r
    assert "\n" not in r["why"] and len(r["why"]) < 300, r
    assert r["event"] == "" or r["scope"] and r["sees"] and r["source"], r
print(*[r["role"] for r in rows])'
}

cell() { # COLUMN EVENT...: of the one row
    events --csv --events "$2" | python3 -c 'import csv, sys
for r in csv.DictReader(sys.stdin): print(r[sys.argv[1]])' "$1"
}

@test "events: every role that stat counts is listed" {
    roles="cycles instructions loads stores rfo fill-same-l3 fill-remote l3-miss l3-miss-remote stall-mem"
    [ "$(events --csv | check_events_csv)" = "$roles" ]
    run -0 events
    for role in $roles; do
        grep -qE "^$role +(counts|opens|no)( |$)" <<<"$output"
    done
    [[ $output == Processor*Backend*"Always counted, by the kernel: context-switches"* ]]
    "$NUMAPROBE" stat --csv "$box/s.csv" true
    while read -r role; do
        [[ " $roles context-switches migrations page-faults " == *" $role "* ]]
    done < <(cut -d, -f9 "$box/s.csv" | sed 1d)
}

@test "events: a reason for each 'no', in text too" {
    events --csv | check_events_csv
    events | tr '\n' ' ' >"$box/line" && events >"$box/text"
    while read -r role; do
        # Its name comes before a colon, alone or with others of the same reason.
        grep -qE "[ ,]$role(, [a-z0-9, -]*)?: [^ ]" "$box/line"
    done < <(awk '$2 == "no" { print $1 }' "$box/text")
}

@test "events: JSON has the rows of the CSV" {
    events --json >"$box/e.json"
    events --csv >"$box/e.csv"
    python3 - "$box/e.json" "$box/e.csv" <<'END'
import csv, json, sys
objects = json.load(open(sys.argv[1]))["rows"]
rows = list(csv.DictReader(open(sys.argv[2], newline="")))
assert [{k: "" if v is None else v for k, v in o.items()} for o in objects] == rows
END
}

@test "events: codes are what perf stat -e takes" {
    perf version 2>/dev/null | grep -q '^perf version' || skip "no perf here: linux-perf"
    for code in $(events --csv | python3 -c 'import csv, sys
print(*[c.lstrip("-") for r in csv.DictReader(sys.stdin) for c in r["code"].split()])'); do
        perf stat -e "$code" -o "$box/p" true || { [[ $code == */* ]] && [ ! -e "/sys/bus/event_source/devices/${code%%/*}" ]; }
    done
}

@test "events: a counter without a PMU counts, or says why" {
    [ -e /sys/bus/event_source/devices/msr/events/tsc ] || skip "no PMU msr here"
    events --csv --events msr/tsc/ | check_events_csv
    here=$(cell here msr/tsc/)
    [ "$here" = counts ] || [ "$here" = opens ] || [ -n "$(cell why msr/tsc/)" ]
    [ "$(cell code msr/tsc/)" = msr/tsc/ ]
    if [ "$here" != no ]; then
        "$NUMAPROBE" stat --csv "$box/s.csv" --events msr/tsc/ true
        grep -qE ',raw1,msr/tsc/,thread,[1-9][0-9]*,1,' "$box/s.csv"
    fi
}

@test "events: a name that is none is refused in one line" {
    for name in / // a//b ../x/y/ no-such-event r rzz PAPI_TOT_INS 'cycles instructions' ' cycles' é '%s%n' -cycles \
        'cpu/event=1' "x'y" 'x"y' r1ffffffffffffffffff; do
        run -2 --separate-stderr events --counters perf --csv --events "cycles,$name"
        [[ -z $output && ${#stderr_lines[@]} -eq 1 && $stderr == "numaprobe: --events: event '"* ]]
        [[ $stderr == *"; 'numaprobe events' lists the roles" ]]
    done
}

@test "events: a name of what is not here has its row and its reason" {
    # The last is an event of processors that are too old to be here.
    for name in nopmu/x/ nopmu/event=/ "nopmu/$(printf '\t')/" tracepoint/config=0/ netburst::TC_DELIVER_MODE; do
        run -0 --separate-stderr events --csv --events "$name"
        [ -z "$stderr" ]
        [ "$(check_events_csv <<<"${output/%$'\r'/$'\r'}")" = raw1 ]
        [ "$(cell here "$name")" = no ] && [ -n "$(cell why "$name")" ]
        run -0 events --events "$name"
        [[ $output == *"$(cell why "$name")"* ]]
    done
    run -0 events --csv --events nopmu/x/,cycles,nopmu/y/
    [ "${#lines[@]}" -eq 4 ] # The others have theirs.
}

@test "events: a number that does not fit is not quietly another one" {
    for name in msr/event=0x1ffffffffffffffffff/ software/config=0x1ffffffffffffffffff/; do
        run --separate-stderr events --csv --events "$name"
        echo "$name: $status, $stderr, $output"
        [[ $stderr == *"does not fit"* || $(cell why "$name") == *"'$name'"* ]] # The latter without that PMU.
    done
}

@test "events: a list that is none is one line" {
    for list in , '' 'cycles,' ',cycles' 'cycles,,rfo'; do
        refuses 2 "--events: an empty name; expected roles or events, as in 'rfo,l3-miss'" events --events "$list"
    done
    refuses 2 "--events: 'raw1' is a place for an event of yours; name that event instead" events --events raw1
    long=$(printf 'y%.0s' $(seq 300))
    refuses 2 "--events: '${long:0:40}...' is too long for an event" events --events "$long"
    refuses 2 "--events: at most 4 events that are not roles; 'r5' is the fifth" events --events r1,r2,r3,r4,r5
}

@test "events: the same name twice is one row" {
    [ "$(events --csv --events cycles,cycles | check_events_csv)" = cycles ]
}

@test "events: --counters" {
    for name in auto perf; do
        run -0 events --counters $name
        [[ $output == *"Backend    perf"* || $output == *"Backend    papi"* ]]
    done
    run -0 events --counters none
    [[ $output == *"Backend    none"*"--counters none"* ]]
    events --csv --counters none | check_events_csv
    run --separate-stderr -2 events --counters perv
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == "numaprobe: --counters: unknown backend 'perv'; did you mean 'perf'"* ]]
    run --separate-stderr -2 events --counters bogus
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == "numaprobe: --counters: unknown backend 'bogus'; known: auto, none, "* ]]
}

@test "events: the backends that --help names are known, here or not" {
    for name in $("$NUMAPROBE" events --help | grep -oE -- '--counters=NAME +[^(]*' | sed 's/.*NAME//; s/,/ /g; s/ or / /'); do
        echo "$name"
        run -0 events --csv --counters "$name"
        check_events_csv <<<"$output"
    done
}

@test "events: arguments, --help, a full disk" {
    refuses 2 "unexpected argument 'extra'; options begin with --, 'numaprobe events --help' lists them" events extra
    run -0 events --help
    [[ $output == *"--counters"* && $output == *"--events"* ]]
    [ -c /dev/full ] || skip "no /dev/full"
    run -4 bash -c '"$0" events >/dev/full' "$NUMAPROBE"
}
