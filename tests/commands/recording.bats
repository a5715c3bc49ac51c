#!/usr/bin/env bats
# numaprobe topo --record: what it records is what topo, doctor and events print of it, here and of the lab's guests.

load ../common

setup() {
    common_setup
    recording=$box/recording
}

record() { "$NUMAPROBE" topo --record "$recording" --quiet; }

# What changes from one look at this machine to the next is left out: how busy it is.
without_load() { sed -e '/^other load,/d' -e '/^steal,/d'; }

@test "recording: topo, doctor and events print of it what they print of this machine" {
    record
    holds_only "$recording" files.txt manifest.json
    diff <("$NUMAPROBE" topo) <("$NUMAPROBE" topo --topology "$recording" | sed 's/^recording: /this machine: /')
    diff <("$NUMAPROBE" topo --json) <("$NUMAPROBE" topo --json --topology "$recording" |
        sed 's/"recording"/"this machine"/')
    diff <("$NUMAPROBE" doctor --csv | without_load) <("$NUMAPROBE" doctor --csv --topology "$recording" | without_load)
    diff <("$NUMAPROBE" doctor --topology "$recording") <("$NUMAPROBE" doctor --topology "$recording")
    for backend in perf papi none; do
        diff <("$NUMAPROBE" events --counters $backend) \
            <("$NUMAPROBE" events --counters $backend --topology "$recording")
        diff <("$NUMAPROBE" events --csv --counters $backend) \
            <("$NUMAPROBE" events --csv --counters $backend --topology "$recording")
    done
    diff <("$NUMAPROBE" run --dry-run | sed 1d) <("$NUMAPROBE" run --dry-run --topology "$recording" | sed 1d)
}

@test "recording: a restricted process is recorded with its restriction" {
    need_two_cpus
    command -v taskset >/dev/null || skip "no taskset(1)"
    cpu=$(awk '/Cpus_allowed_list/ { split($2, a, /[,-]/); print a[1] }' /proc/self/status)
    taskset -c "$cpu" "$NUMAPROBE" topo --record "$recording" --quiet
    diff <(taskset -c "$cpu" "$NUMAPROBE" topo --csv) <("$NUMAPROBE" topo --csv --topology "$recording")
    "$NUMAPROBE" doctor --topology "$recording" | grep -q "cpus .*1 of "
}

@test "recording: what it says, and what is in it" {
    run -0 "$NUMAPROBE" topo --record "$recording"
    [[ ${lines[0]} == "Recorded in $recording: "*" files of "* ]]
    [[ $output == *"serial numbers"* ]]
    run -1 grep -rE "HostName|cmdline|product_serial|uuid" "$recording"
    python3 - "$recording/manifest.json" <<'END'
import json, sys
d = json.load(open(sys.argv[1]))
assert list(d) == ["schema", "version", "date", "arch", "kernel", "files", "calls", "unread", "events"], list(d)
assert d["schema"] == 1 and d["files"] > 20
END
}

@test "recording: an event that was not tried is not recorded, whatever this machine has" {
    record
    run -0 "$NUMAPROBE" events --csv --topology "$recording" --events msr/tsc/,cycles
    [[ $output == *"msr/tsc/"*"not recorded"* || $output == *"msr/tsc/"*,no,* ]]
    sed 's/"role": "cycles"/"role": "other"/; s/"why": "[^"]*"/"why": ""/' "$recording/manifest.json" >"$box/m"
    mv "$box/m" "$recording/manifest.json"
    run -0 "$NUMAPROBE" events --csv --topology "$recording" --events cycles
    [[ $output == *"cycles,no,"*"not recorded"* ]]
}

@test "recording: the option is refused where it cannot be meant" {
    refuses 2 "--record: records this machine and prints no tables; leave out --topology, --csv and --json" \
        topo --record "$recording" --topology pu:2
    refuses 2 "--record: records this machine and prints no tables; leave out --topology, --csv and --json" \
        topo --record "$recording" --csv
    refuses 2 "--topology: 'pu:2' is not a recording, which alone has what doctor judges; 'numaprobe topo --record DIR' \
makes one" doctor --topology pu:2
    refuses 2 "--topology: 'data/topologies/four-nodes.xml' is not a recording, which alone has events; 'numaprobe topo \
--record DIR' makes one" events --topology data/topologies/four-nodes.xml
    refuses 4 "--topology: '$box/none' is not a recording, which alone has events; 'numaprobe topo --record DIR' makes \
one" events --topology "$box/none"
    [ ! -e "$recording" ]
}

@test "recording: a folder that is not empty stays as it is" {
    mkdir "$recording" && echo mine >"$recording/x"
    refuses 4 "--record: '$recording' is not an empty or a new folder; name another one" topo --record "$recording"
    holds_only "$recording" x
    rm "$recording/x"
    record
    refuses 4 "--record: '$recording' is not an empty or a new folder; name another one" topo --record "$recording"
    holds_only "$recording" files.txt manifest.json
    refuses 4 "--record: cannot write '$box/no/where': No such file or directory; the folder around it does not \
exist, or takes no folders: name another place" topo --record "$box/no/where"
    refuses 4 "--record: cannot write '/proc/x': No such file or directory; the folder around it does not exist, or takes \
no folders: name another place" topo --record /proc/x
    ln -s nowhere "$box/link"
    refuses 4 "--record: '$box/link' is not an empty or a new folder; name another one" topo --record "$box/link"
}

@test "recording: an empty folder is filled where it is, though nothing could replace it" {
    mkdir "$recording"
    ln -s recording "$box/link"
    inode=$(stat -c %i "$recording")
    "$NUMAPROBE" topo --record "$box/link" --quiet
    holds_only "$recording" files.txt manifest.json
    [ "$(stat -c %i "$recording")" = "$inode" ]
    mkdir "$box/here" && cd "$box/here"
    "$NUMAPROBE" topo --record . --quiet
    holds_only "$box/here" files.txt manifest.json
}

@test "recording: what is not a file does not hold a replay up" {
    record
    rm "$recording/manifest.json" && mkfifo "$recording/manifest.json"
    refuses 4 "--topology: cannot read the recording '$recording': no recording is there ('$recording/manifest.json': not a \
file); 'numaprobe topo --record DIR' makes one" topo --topology "$recording"
    record_again=$box/again
    "$NUMAPROBE" topo --record "$record_again" --quiet
    rm "$record_again/files.txt" && mkfifo "$record_again/files.txt"
    refuses 4 "--topology: cannot read the recording '$record_again': '$record_again/files.txt': not a file; 'numaprobe topo \
--record DIR' makes one" topo --topology "$record_again"
}

@test "recording: a full disk leaves nothing" {
    run bash -c 'trap "" XFSZ; ulimit -f 1; "$0" topo --record "$1"' "$NUMAPROBE" "$recording"
    [ "$status" -eq 4 ]
    [[ $output == "numaprobe: --record: cannot write '$recording': File too large" ]]
    holds_only "$box"
}

@test "recording: Ctrl-C leaves nothing, or all" {
    # Anywhere within it: beginning, events, files.
    for delay in 0 0.02 0.05 0.1 0.12 0.14 0.16 0.18 0.2 0.25; do
        python3 - "$delay" "$NUMAPROBE" topo --record "$recording" --quiet <<'END'
import signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.SIG_DFL)
p = subprocess.Popen(sys.argv[2:])
time.sleep(float(sys.argv[1]))
p.send_signal(signal.SIGINT)
p.wait()
END
        [ ! -e "$recording" ] || holds_only "$recording" files.txt manifest.json
        rm -rf "$recording"
        holds_only "$box"
    done
}

@test "recording: a replay leaves nothing in TMPDIR, however it ends" {
    record
    mkdir "$box/tmp"
    export TMPDIR=$box/tmp
    "$NUMAPROBE" topo --topology "$recording" >/dev/null
    "$NUMAPROBE" doctor --topology "$recording" | head -n 1 >/dev/null
    run bash -c '"$0" topo --topology "$1" >/dev/full' "$NUMAPROBE" "$recording"
    [ "$status" -eq 4 ]
    holds_only "$box/tmp"
    TMPDIR=$box/missing refuses 4 "--topology: cannot read the recording '$recording': no folder in $box/missing: No such \
file or directory; 'numaprobe topo --record DIR' makes one" topo --topology "$recording"
}

@test "recording: a broken one is refused in one line" {
    record
    broken() { # WHAT COMMAND...: done to a copy
        rm -rf "$box/broken" && cp -r "$recording" "$box/broken"
        (cd "$box/broken" && eval "$2")
        for command in topo doctor events; do
            run "$NUMAPROBE" "$command" --topology "$box/broken"
            [ "$status" -eq 4 ] && [ "${#lines[@]}" -eq 1 ] && [[ $output == "numaprobe: --topology: "*"$1"* ]] ||
                { echo "$command, $2: $status, $output" && return 1; }
        done
    }
    broken "no recording is there" "rm manifest.json"
    broken "not JSON" "echo '{' >manifest.json"
    broken "is not the manifest of a recording" "echo '{}' >manifest.json"
    broken "has schema 2, and this numaprobe knows 1" "sed -i 's/\"schema\": 1/\"schema\": 2/' manifest.json"
    broken "No such file" "rm files.txt"
    broken "has schema 7" "sed -i '1s/1/7/' files.txt"
    broken "is not a recording" ": >files.txt"
    broken "cut off" "sed -i '\$d' files.txt"
    broken "cut off" "head -c -1 files.txt >f && mv f files.txt"
    broken "broken, or cut off" "head -c 500 files.txt >f && mv f files.txt"
    broken "broken, or cut off" "sed -i '2s:.*:/../../up:' files.txt"
    mkdir "$box/empty"
    for command in topo "run --dry-run" "matrix --dry-run" "costs --dry-run" "maps --dry-run"; do
        # shellcheck disable=SC2086 # words
        run "$NUMAPROBE" $command --topology "$box/empty"
        [ "$status" -eq 4 ] && [ "${#lines[@]}" -eq 1 ] && [[ $output == *"no recording is there"* ]]
    done
    # Without what the calls answered there is still a topology.
    rm -rf "$box/broken" && cp -r "$recording" "$box/broken"
    sed -i 's/"calls"/"other"/; s/"events"/"others"/' "$box/broken/manifest.json"
    "$NUMAPROBE" topo --topology "$box/broken" >/dev/null
    for command in doctor events; do
        run "$NUMAPROBE" $command --topology "$box/broken"
        [ "$status" -eq 4 ] && [[ $output == "numaprobe: --topology: the recording's manifest lacks answers of "* ]]
    done
}

# Columns by their names, of a CSV.
columns() { # NAME...
    python3 -c 'import csv, sys
for row in csv.DictReader(sys.stdin):
    if row.get("check") not in ("other load", "steal"): print(*[row[name] for name in sys.argv[1:]], sep=" | ")' "$@"
}

@test "recording: the lab's guests are what lstopo recorded of them, and what they printed" {
    local folder guests=0
    for folder in data/recordings/lab-*; do
        guest=${folder##*/}
        diff <("$NUMAPROBE" topo --csv --topology "$folder") \
            <("$NUMAPROBE" topo --csv --topology "data/topologies/$guest.xml")
        [ "$("$NUMAPROBE" topo --topology "$folder" | head -n 1 | cut -d: -f2)" = \
            "$("$NUMAPROBE" topo --topology "data/topologies/$guest.xml" | head -n 1 | cut -d: -f2)" ]
        diff <(columns check level found <"$folder/doctor.csv") \
            <("$NUMAPROBE" doctor --csv --topology "$folder" | columns check level found)
        diff <(columns role here scope event code why <"$folder/events.csv") \
            <("$NUMAPROBE" events --csv --topology "$folder" | columns role here scope event code why)
        guests=$((guests + 1))
    done
    [ "$guests" -eq "$(sh -c '. scripts/lab/guests; echo $guests' | wc -w)" ]
}

@test "recording: a guest of another architecture is its own, not this machine" {
    "$NUMAPROBE" events --topology data/recordings/lab-arm-2n-l3 | grep -q "^Processor .*Neoverse N1"
    "$NUMAPROBE" doctor --topology data/recordings/lab-arm-2n-l3 | grep -q "the kernel's clock is arch_sys_counter"
    "$NUMAPROBE" doctor --topology data/recordings/lab-x86-cxl | grep -q "memory nodes .*3 of 3"
}
