#!/usr/bin/env bats
# What the command lines of all commands have in common: help, outputs, exit codes, and what a first word means.

load ../common

setup() { common_setup; }

commands() { "$NUMAPROBE" --help | sed -n 's/^  \([a-z+]*\)  .*/\1/p'; }

# Samples to read, in a.csv.
make_samples() {
    "$NUMAPROBE" "${short[@]}" --quiet --csv "$box/a.csv" >/dev/null
}

@test "command line: help COMMAND, -h and --help are the same, and each has an example" {
    for command in $(commands); do
        run -0 --separate-stderr "$NUMAPROBE" help "$command"
        [[ $output == "Usage: numaprobe $command "* && -z $stderr ]]
        [[ $command == c* ]] || [ "$output" = "$("$NUMAPROBE" "$command" -h)" ]
        [[ $output == *$'\nExamples:\n  numaprobe '* ]]
    done
    refuses 2 "there is no command 'rnu'; did you mean 'run'; 'numaprobe --help' lists them" help rnu
}

@test "command line: --version everywhere" {
    for command in run ab matrix costs detect watch compare report stat events topo doctor schema; do
        [ "$("$NUMAPROBE" "$command" --version)" = "$("$NUMAPROBE" --version)" ]
    done
    "$NUMAPROBE" --help | grep -q -- '--version'
}

@test "command line: no help is wider than 80 columns" {
    for command in "" $(commands); do
        # shellcheck disable=SC2086 # none is "help" alone
        width=$("$NUMAPROBE" help $command | LC_ALL=C.UTF-8 wc -L)
        echo "$command: $width"
        [ "$width" -le 80 ]
    done
}

@test "command line: a first word that belongs to an option" {
    refuses 2 "there is no command 'ring'; did you mean 'numaprobe --layout ring'; 'numaprobe --help' lists them" ring
    refuses 2 "there is no command 'cas'; did you mean 'numaprobe --op cas'; 'numaprobe --help' lists them" cas
    refuses 2 "there is no command 'x.csv'; did you mean 'numaprobe report x.csv --term'; 'numaprobe --help' lists them" x.csv
}

@test "command line: a bare number that can be read in two ways is refused" {
    refuses 2 "--precision: '1' can be read in two ways; write 1% or 100%" --precision 1
    refuses 2 "--gate: '0.5' can be read in two ways; write 0.5% or 50%" compare --gate 0.5 a b
    refuses 2 "--tolerance: '5' has no unit; write 5%" matrix --tolerance 5
}

@test "command line: an event that does not exist is refused before anything is measured" {
    cd "$box"
    for command in "run --csv r.csv" "stat --csv s.csv touch t" "events --csv e.csv"; do
        read -ra words <<<"$command"
        run -2 --separate-stderr "$NUMAPROBE" "${words[0]}" --events l3-mis,rfo "${words[@]:1}"
        [[ -z $output && ${#stderr_lines[@]} -eq 1 ]]
        [[ $stderr == "numaprobe: --events: "*"'l3-mis'"*"did you mean 'l3-miss'"*"'numaprobe events' lists the roles" ]]
    done
    refuses 2 "--events: event 'PAPI_L1_DCM' is a preset of PAPI: use --counters papi; 'numaprobe events' lists the roles" \
        --counters perf --events PAPI_L1_DCM
    holds_only .
}

@test "command line: '-' is standard output, and the table is not there" {
    cd "$box"
    run -0 --separate-stderr "$NUMAPROBE" "${short[@]}" --quiet --json -
    python3 -c 'import json, sys; json.loads(sys.argv[1])' "$output"
    [[ $stderr == *isolated* ]]
    run -0 --separate-stderr "$NUMAPROBE" "${short[@]}" --quiet -j /dev/stdout
    python3 -c 'import json, sys; json.loads(sys.argv[1])' "$output"
    refuses 2 "--json: '/dev/stdout' is written by --csv; name another file" "${short[@]}" --csv - --json /dev/stdout
    [ "$("$NUMAPROBE" topo --csv -)" = "$("$NUMAPROBE" topo --csv)" ]
    [ "$("$NUMAPROBE" topo -c)" = "$("$NUMAPROBE" topo --csv)" ]
    "$NUMAPROBE" schema --json s.json --csv s.csv
    [ "$(cat s.csv)" = "$("$NUMAPROBE" schema --csv)" ]
    holds_only . s.csv s.json
}

@test "command line: compare and report read '-' and write to it" {
    cd "$box"
    make_samples
    cp a.csv b.csv
    run -0 --separate-stderr "$NUMAPROBE" compare --csv - - b.csv <a.csv
    [[ ${lines[0]} == instrument,* ]]
    run -0 --separate-stderr "$NUMAPROBE" compare --quiet --markdown - a.csv a.csv
    [[ -z $stderr && -n $output ]]
    run -0 --separate-stderr "$NUMAPROBE" report - -o - <a.csv
    [[ $output == "<!"* ]]
    holds_only . a.csv b.csv
}

@test "command line: report leaves out tables without samples, and reads a file once" {
    cd "$box"
    make_samples
    "$NUMAPROBE" compare --quiet --csv c.csv a.csv a.csv
    "$NUMAPROBE" topo --csv t.csv
    run -0 --separate-stderr "$NUMAPROBE" report a.csv c.csv t.csv ./a.csv -o r.html
    [ "$stderr" = "'c.csv' is left out: it is a table of compare, without samples.
't.csv' is left out: it is a table of topo, without samples.
'./a.csv' is given twice; it is read once." ]
    "$NUMAPROBE" stat --quiet --csv s.csv true
    run -4 --separate-stderr "$NUMAPROBE" report s.csv --png d
    [ "$stderr" = "numaprobe: --png: these files have nothing that a chart could show" ]
}

@test "command line: JSON of every command has a version, and its keys are documented" {
    tests=$PWD/tests docs=$PWD/docs
    cd "$box"
    make_samples
    "$NUMAPROBE" compare --quiet --json compare a.csv a.csv
    "$NUMAPROBE" stat --quiet --json stat true
    "$NUMAPROBE" "${short[@]}" --quiet --json run >/dev/null
    "$NUMAPROBE" costs --op load --gap 10 --max-time 300ms --quiet --json costs >/dev/null
    for command in topo doctor events schema; do "$NUMAPROBE" $command --json $command || [ $command = doctor ]; done
    "$NUMAPROBE" topo --topology "pack:2 [numa] core:2 pu:1" --json nodes
    "$NUMAPROBE" matrix --memory --max-time 300ms --quiet --json memory >/dev/null
    files=(compare stat run costs topo doctor events schema nodes memory)
    if [ "$(nproc)" -ge 2 ]; then
        "$NUMAPROBE" matrix --cpus 0,1 --max-time 300ms --quiet --json matrix >/dev/null
        "$NUMAPROBE" align --cpus 0,1 --max-time 2s --quiet --json align >/dev/null || [ $? -eq 3 ]
        files+=(matrix align)
    fi
    for file in "${files[@]}"; do
        python3 -c 'import json, sys; assert json.load(open(sys.argv[1]))["schema"] == 1' "$file"
    done
    "$tests/json_keys.py" "$docs/json.md" "${files[@]}"
}

@test "command line: exit codes are distinguished" {
    cd "$box"
    echo 'not,a,csv' >broken.csv
    run -4 "$NUMAPROBE" compare none.csv none.csv
    run -4 "$NUMAPROBE" report broken.csv -o r.html
    run -77 "$NUMAPROBE" --cpus 8191
    run -77 "$NUMAPROBE" --threads 8000
    run -77 "$NUMAPROBE" --dry-run --topology "core:2 pu:1" --place smt
    run -2 "$NUMAPROBE" --align 7
    make_samples
    head -n 3 a.csv >short.csv
    run -3 "$NUMAPROBE" compare --gate 5% short.csv short.csv
}

@test "command line: a dumb terminal gets no escapes, and LC_ALL=C only ASCII" {
    run -0 env TERM=dumb script -qec "'$NUMAPROBE' ${short[*]}" /dev/null
    [[ $output == *isolated* && $output != *$'\e'* ]]
    LC_ALL=C run -0 "$NUMAPROBE" "${short[@]}"
    [[ $output == *isolated* ]] && ! LC_ALL=C grep -q '[^ -~]' <<<"$output"
    # Of made samples, since a run on a busy machine may have nothing to compare.
    python3 tests/report_csv.py "$box"
    LC_ALL=C.UTF-8 run -0 "$NUMAPROBE" compare "$box/run-alpha.csv" "$box/run-beta.csv"
    [[ $output == *–* ]]
    LC_ALL=C run -0 "$NUMAPROBE" compare "$box/run-alpha.csv" "$box/run-beta.csv"
    run ! env LC_ALL=C grep '[^ -~]' <<<"$output"
}

@test "command line: on a terminal of 80 columns nothing is wider" {
    command -v script >/dev/null || skip "no script(1)"
    for command in events topo doctor schema "run --list" "run --dry-run" "stat true"; do
        read -ra words <<<"$command"
        width=$(at_80_columns "$NUMAPROBE" "${words[@]}" | sed 's/\x1b\[[0-9;]*[mK]//g' | LC_ALL=C.UTF-8 wc -L)
        echo "$command: $width"
        [ "$width" -le 80 ]
    done
}

@test "command line: the verdicts of run are in the order of its tables" {
    need_two_cpus
    run -0 --separate-stderr "$NUMAPROBE" --layout lock,counter --cpus 0,1 --max-time 2s --precision 10% --quiet
    [[ $output != *"No block could be counted"* ]] || skip "nothing could be counted in 2 s"
    # Of the first regime: each layout's verdicts, then its table.
    verdicts=$(awk '/^layout +op +role +verdict/ { on = 1; next } on && !NF { exit } on { print $1 }' <<<"$output")
    [ "$(uniq <<<"$verdicts" | paste -sd,)" = lock,counter ]
    [ "$(grep -oE '^(lock|counter):' <<<"$output" | head -n 2 | paste -sd,)" = lock:,counter: ]
}

@test "command line: the program of README can be watched" {
    cp docs/hits.c "$box" && cd "$box"
    "$NUMAPROBE" cc -O1 -pthread -o hits hits.c
    run -0 --separate-stderr "$NUMAPROBE" detect --full ./hits
    [[ $stderr == *"false sharing: global stats (struct stats[2]), hits.c:8"*"in main hits.c:28"*"serve hits.c:17"* ]]
}
