#!/usr/bin/env bats
# numaprobe fleet: plans, scripts, states and joined rows, without Slurm and without ssh. With them: scripts/check-fleet.

load ../common

setup() {
    common_setup
    printf '# two kinds\nnode1 milan\nnode2 milan\nadmin@node3 altra\n' >"$box/hosts"
    f="$box/it's a plan"
}

fleet() { "$NUMAPROBE" fleet "$1" --folder "$f" "${@:2}"; }
plan() { fleet plan --hosts "$box/hosts" "$@" -- run --align 8,64 --max-time 10s; }
# Column COLUMN of the plan.
column() { python3 -c 'import csv, sys
print(*[row[sys.argv[2]] for row in csv.DictReader(open(sys.argv[1], newline=""))])' "$f/plan.csv" "$1"; }
# What a task has when it is done: its CSV, and the exit code.
answer() { # TASK-NODE [COLUMN=VALUE]...
    mkdir -p "$f/tasks/$1"
    made "$f/tasks/$1/result.csv" blocks=2 "version=$("$NUMAPROBE" --version | cut -d' ' -f2)" "run_id=$1" "${@:2}"
    printf '%-8s\n' 0 >"$f/tasks/$1/exit"
}
# A task that failed.
fail() { # TASK-NODE CODE LINE
    mkdir -p "$f/tasks/$1"
    printf '%-8s\n' "$2" >"$f/tasks/$1/exit"
    printf 'a table\n%s\n' "$3" >"$f/tasks/$1/stderr"
}
# Slurm's programs and GNU parallel are not in this PATH, whatever is installed here.
alone() {
    mkdir "$box/bin"
    for program in bash flock mkdir cat mktemp rm; do ln -s "$(type -P $program)" "$box/bin/"; done
    PATH=$box/bin
}

@test "fleet: a plan has a task for each host, and its limit from the command's" {
    run -0 plan
    [ "$output" = "3 tasks of 3 nodes, 3 of them new; at most 75 s each: $f/plan.csv" ]
    [ "$(column node)" = "node1 node2 admin@node3" ]
    [ "$(column kind)" = "milan milan altra" ]
    [ "$(column command)" = "run --align 8,64 --max-time 10s run --align 8,64 --max-time 10s run --align 8,64 --max-time 10s" ]
    [ "$(column limit_s)" = "75 75 75" ]
    [ "$(column program)" = "numaprobe numaprobe numaprobe" ]
    holds_only "$f" plan.csv
}

@test "fleet: a plan grows by new hosts and commands, and by nothing else" {
    plan
    run -0 plan
    [[ $output == "3 tasks of 3 nodes, 0 of them new"* ]]
    echo node9 x >>"$box/hosts"
    run -0 plan --time 2min
    [[ $output == "4 tasks of 4 nodes, 1 of them new; at most 120 s each"* ]]
    [ "$(column limit_s)" = "120 120 120 120" ]
    fleet plan --hosts "$box/hosts" --one-per-kind -- matrix --home all
    [ "$(column job)" = "1 1 1 1 2 2 2" ]
    [ "$(column node)" = "node1 node2 admin@node3 node9 node1 admin@node3 node9" ]
}

@test "fleet: the limit is that of all loads of maps, and --time of any command" {
    fleet plan --hosts "$box/hosts" -- maps --load deletes,reads-90 --max-time 20s
    [ "$(column limit_s)" = "120 120 120" ]
    f=$box/b
    fleet plan --hosts "$box/hosts" -- topo
    [ "$(column limit_s)" = "60 60 60" ]
}

@test "fleet: the script of a dry run is bash, and starts nothing" {
    plan --program "/opt/my tools/numaprobe"
    run -0 --separate-stderr fleet run --dry-run
    [ "$output" = "$(cat "$f/run.sh")" ]
    bash -n "$f/run.sh"
    [[ $output == *"job_program[1]='/opt/my tools/numaprobe'"* && $output == *"task_node[3]=admin@node3"* ]]
    [[ $output == *"tasks=(1 2 3)"* && $output == *"words_1=(run --csv=- --align 8,64 --max-time 10s)"* ]]
    holds_only "$f" plan.csv run.sh
    shellcheck -s bash -e SC2034,SC2016,SC2015,SC2054 "$f/run.sh"
}

@test "fleet: words with quotes reach the command as they are" {
    printf 'here\n' >"$box/hosts"
    printf '#!/bin/sh\n[ "$1" = --version ] && exec "%s" --version\nprintf "x\\r\\n"; printf "<%%s>\\r\\n" "$@"\n' \
        "$NUMAPROBE" >"$box/my 'program'"
    chmod +x "$box/my 'program'"
    fleet plan --hosts "$box/hosts" --program "$box/my 'program'" -- ab --a 'echo "a b" $HOME' --b "it's; *" --quiet
    fleet run --dry-run >/dev/null
    # The node is this machine's shell.
    mkdir "$box/bin"
    printf '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\n[ "$2" = here ] && exec sh -c "$3"\n' >"$box/bin/ssh"
    chmod +x "$box/bin/ssh"
    PATH=$box/bin:$PATH bash "$f/run.sh" 1
    [ "$(tr -d '\r' <"$f/tasks/1-here/result.csv")" = "x
<ab>
<--csv=->
<--a>
<echo \"a b\" \$HOME>
<--b>
<it's; *>
<--quiet>" ]
    [ "$(cat "$f/tasks/1-here/exit")" = "0       " ]
    holds_only "$f/tasks/1-here" exit result.csv stderr
}

@test "fleet: a task on a node of another version, and one that fails, leave no CSV" {
    printf 'here\n' >"$box/hosts"
    printf '#!/bin/sh\n[ "$1" = --version ] && echo numaprobe "$(cat "%s/version")" && exit\necho rows; echo no >&2; exit 77\n' \
        "$box" >"$box/program"
    chmod +x "$box/program"
    mkdir "$box/bin"
    printf '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nexec sh -c "$3"\n' >"$box/bin/ssh"
    chmod +x "$box/bin/ssh"
    fleet plan --hosts "$box/hosts" --program "$box/program" -- matrix
    fleet run --dry-run >/dev/null
    echo 0.0.9 >"$box/version"
    PATH=$box/bin:$PATH run -4 bash "$f/run.sh" 1
    run -1 fleet status
    [[ $output == *"failed  another version: numaprobe 0.0.9 answered, the plan is of numaprobe "* ]]
    "$NUMAPROBE" --version | cut -d' ' -f2 >"$box/version"
    PATH=$box/bin:$PATH run -77 bash "$f/run.sh" 1
    run -1 fleet status
    [[ $output == *"failed  exit 77: no"* ]]
    [ ! -e "$f/tasks/1-here/result.csv" ]
}

@test "fleet: only what is not done is in the script" {
    plan
    answer 2-node2
    run -0 fleet run --dry-run
    [[ $output == *$'\n'"tasks=(1 3)"$'\n'* ]]
    answer 1-node1
    answer 3-admin@node3
    run -0 fleet run
    [ "$output" = "Nothing to start: 3 done, 0 running, 0 waiting." ]
}

@test "fleet: status lists what is not done, with the reason" {
    plan
    answer 1-node1
    fail 2-node2 255 "ssh: connect to host node2 port 22: No route to host"
    run -1 fleet status
    [[ $output == "1 done, 0 running, 0 waiting, 1 failed, 1 missing"* ]]
    [[ $output == *"2  node2        failed   node failed or not reached: ssh: connect to host"* ]]
    [[ $output == *"3  admin@node3  missing  not started; 'numaprobe fleet run' does that"* ]]
    run -1 fleet status --json -
    [ "$(jq -r '.rows[] | .task + " " + .state' <<<"$output" 2>/dev/null || python3 -c 'import json, sys
for row in json.load(sys.stdin)["rows"]: print(row["task"], row["state"])' <<<"$output")" = "1 done
2 failed
3 missing" ]
    fleet status --json "$box/j" || [ $? -eq 1 ]
    tests/json_keys.py docs/json.md "$box/j"
    answer 2-node2
    answer 3-admin@node3
    run -0 fleet status
    [ "$output" = "3 done, 0 running, 0 waiting, 0 failed, 0 missing" ]
}

@test "fleet: a run that is at work in the folder is seen" {
    plan
    fail 1-node1 running ""
    run -1 fleet status
    [[ $output == *"interrupted: its 'fleet run' ended before it"* ]]
    : >"$f/lock"
    run -3 flock "$f/lock" "$NUMAPROBE" fleet status --folder "$f"
    [[ $output == "0 done, 1 running, 0 waiting, 0 failed, 2 missing"* ]]
    fleet run --dry-run >/dev/null
    run -4 flock "$f/lock" bash "$f/run.sh"
    [[ $output == *"another 'fleet run' is at work in this folder"* ]] || [[ $output == *"GNU parallel is not installed"* ]]
}

@test "fleet: collect joins what is there, and names what is missing" {
    plan
    answer 1-node1
    fail 2-node2 124 "half a table"
    answer 3-admin@node3
    run -1 --separate-stderr fleet collect --csv "$box/all.csv"
    [ -z "$output" ]
    [ "$stderr" = "2 of 3 tasks, 16 rows
missing: node2, task 2: failed: timed out after 75 s, or was killed" ]
    python3 - "$box/all.csv" "$f/tasks/1-node1/result.csv" <<'PY'
import csv, sys
rows, first = (list(csv.reader(open(p, newline=""), strict=True)) for p in sys.argv[1:])
assert rows[0] == first[0] + ["fleet_node"]
assert [r[:-1] for r in rows[1:9]] == first[1:] and {r[-1] for r in rows[1:9]} == {"node1"}
assert {r[-1] for r in rows[9:]} == {"admin@node3"} and len(rows) == 17
PY
    "$NUMAPROBE" compare "$box/all.csv" "$box/all.csv"
    answer 2-node2
    run -0 --separate-stderr fleet collect --csv -
    [ "$stderr" = "3 of 3 tasks, 24 rows" ]
    [ "$(wc -l <<<"$output")" -eq 25 ]
}

@test "fleet: a CSV that is cut off, doubled, empty, or of another version is missing" {
    plan
    answer 1-node1
    answer 2-node2
    answer 3-admin@node3
    missing() { # WORDS: of task 2
        run -1 --separate-stderr fleet collect --csv "$box/all.csv"
        echo "$stderr"
        [ "$stderr" = "2 of 3 tasks, 16 rows
missing: node2, task 2: failed: $1" ]
        [[ $(fleet run --dry-run) == *$'\n'"tasks=(2)"$'\n'* ]]
    }
    csv=$f/tasks/2-node2/result.csv
    cp "$csv" "$box/good"
    head -c 700 "$box/good" >"$csv" && missing "broken CSV: it is cut off"
    : >"$csv" && missing "broken CSV: it is cut off"
    head -n 1 "$box/good" >"$csv" && missing "broken CSV: it has no rows"
    { head -n 3 "$box/good" && printf '1,2\r\n'; } >"$csv" && missing "broken CSV: line 4 has 2 fields of $(head -n 1 "$csv" | tr , '\n' | wc -l)"
    sed '3s/,1000,/,x,/' "$box/good" >"$csv" && missing "broken CSV:3: column 'ops': 'x' is not a whole number"
    cat "$box/good" "$box/good" >"$csv" && missing "doubled CSV: its header is there again, in line 10"
    cp "$f/tasks/1-node1/result.csv" "$csv" && missing "doubled CSV: its rows are of the same run as those of task 1"
    answer 2-node2 version=0.0.9
    missing "another version: numaprobe 0.0.9 answered, the plan is of numaprobe $("$NUMAPROBE" --version | cut -d' ' -f2)"
    sed '1s/,load,/,burden,/' "$box/good" >"$csv" && missing "another version: its columns are not those of the others"
    cp "$box/good" "$csv"
    run -0 fleet collect --csv "$box/all.csv"
}

@test "fleet: where nothing is done, collect writes no file" {
    plan
    run -1 --separate-stderr fleet collect --csv "$box/all.csv"
    [[ $stderr == "0 of 3 tasks, 0 rows"$'\n'"missing: node1, task 1: missing: not started"* ]]
    [ ! -e "$box/all.csv" ]
}

@test "fleet: without Slurm or GNU parallel there is a line that names the way out" {
    plan
    alone
    refuses 77 "no nodes from Slurm: cannot run 'sinfo': No such file or directory; name hosts by --hosts FILE for ssh" \
        fleet plan --folder "$box/none" -- run
    run -77 --separate-stderr fleet run
    [[ $stderr == *"GNU parallel is not installed here (Debian: parallel)"* ]]
}

@test "fleet: sinfo that fails, and other nodes than expected, are refused in one line" {
    mkdir "$box/bin"
    sinfo() { printf '#!/bin/sh\n%s\n' "$1" >"$box/bin/sinfo" && chmod +x "$box/bin/sinfo"; }
    export PATH=$box/bin:$PATH
    sinfo 'echo "slurm_load_partitions: Unable to contact slurm controller" >&2; exit 1'
    refuses 77 "no nodes from Slurm: 'sinfo' ended with exit code 1: slurm_load_partitions: Unable to contact slurm \
controller; name hosts by --hosts FILE for ssh" fleet plan --folder "$f" -- run
    sinfo 'exit 0'
    refuses 77 "sinfo lists no node; is the partition's name right?" fleet plan --folder "$f" -- run
    sinfo 'echo "n1|main*|down*|a|1|1|1|1|1"'
    run -77 --separate-stderr fleet plan -- run
    [ "$stderr" = "Left out, since Slurm can start nothing there: n1
numaprobe: no node is left to plan for" ]
    sinfo 'echo "n1|main*|idle|a|1|1|1|1|1"; echo "n2|main*|drained|a|1|1|1|1|1"'
    run -0 --separate-stderr fleet plan -- run
    [ "$stderr" = "Left out, since Slurm can start nothing there: n2" ]
    [ "$(column program)" = "$NUMAPROBE" ]
    refuses 2 "the plan in this folder is for slurm, this one for ssh; plan in another folder" \
        fleet plan --folder "$f" --hosts "$box/hosts" -- run
    refuses 2 "--ssh-config: the plan is for Slurm; leave it out" fleet run --folder "$f" --ssh-config x
}

@test "fleet: bad input is refused in one line" {
    refuses 2 "fleet: no verb; expected: numaprobe fleet plan, run, status or collect" fleet --folder "$f"
    refuses 2 "fleet: unknown verb 'colect'; did you mean 'collect'; known: plan, run, status, collect" \
        fleet colect --folder "$f"
    refuses 2 "--folder: is missing; name the folder of the plan" fleet status
    refuses 2 "--csv: is missing; name the file of the rows of all nodes" fleet collect --folder "$f"
    refuses 2 "--hosts: means nothing to 'fleet run'; leave it out" fleet run --folder "$f" --hosts x
    refuses 2 "fleet run: the plan has the command; leave 'matrix' out" fleet run --folder "$f" -- matrix
    refuses 2 "fleet plan: no command; expected: numaprobe fleet plan --folder DIR -- COMMAND" \
        fleet plan --folder "$f" --hosts "$box/hosts"
    refuses 2 "--sbatch: 'account=x' is not an option; write it as --sbatch=--account=NAME" \
        fleet run --folder "$f" --sbatch account=x
    refuses 2 "--partition: is of Slurm, --hosts is for ssh; leave one out" \
        fleet plan --folder "$f" --hosts "$box/hosts" --partition p -- run
    refuses 4 "--folder: '$f': No such file or directory" fleet status --folder "$f"
    refuses 4 "--hosts: '$box/no': No such file or directory" fleet plan --folder "$f" --hosts "$box/no" -- run
    refuses 4 "--folder: '$box/hosts' is not a folder" fleet status --folder "$box/hosts"
    refuses 4 "--folder: there is no plan in '$box'; 'numaprobe fleet plan' makes it" fleet run --folder "$box"
    refuses 4 "--folder: cannot make '$box/a/b': No such file or directory" \
        fleet plan --folder "$box/a/b" --hosts "$box/hosts" -- run
    : >"$box/empty"
    refuses 4 "$box/empty: there is no host in it; write one a line" fleet plan --folder "$f" --hosts "$box/empty" -- run
    echo "-oProxyCommand=x" >"$box/empty"
    refuses 4 "$box/empty:1: '-oProxyCommand=x' is not a host; write HOST or USER@HOST, and its kind behind it" \
        fleet plan --folder "$f" --hosts "$box/empty" -- run
    [ ! -e "$f" ]
}

@test "fleet: a command that a fleet cannot run is refused before any node sees it" {
    no() { refuses 2 "$1" fleet plan --folder "$f" --hosts "$box/hosts" -- "${@:2}"; }
    no "fleet: there is no command 'matrx'; 'numaprobe --help' lists them" matrx
    none="choose from run, align, matrix, costs, maps, ab, topo, doctor and events"
    no "fleet: 'detect' has no CSV that could be joined; $none" detect ./app
    no "fleet: 'stat' has no CSV that could be joined; $none" stat -- true
    no "fleet: 'fleet' has no CSV that could be joined; $none" fleet status
    no "there is no option '--aling'; did you mean '--align'; 'numaprobe run --help' lists them" run --aling 8
    no "--csv: each node would write that file; 'fleet collect --csv' joins what they measured" matrix --csv x
    no "--card: each node would write that file; 'fleet collect --csv' joins what they measured" costs --card x
    no "--dry-run: measures nothing on the nodes; leave it out" run --dry-run
    no "--max-time: 'x' is not a duration; accepted: a number with ns, us, ms, s or min, such as 250ns or 1.5ms" run --max-time x
    no "fleet: help of 'run' is for one machine; leave it out" run --help
    no "unexpected argument 'x'; options begin with --, 'numaprobe run --help' lists them" run x
    plan
    no "fleet plan: this folder is for 'run', whose CSV has other columns than that of 'ab'; use another folder" \
        ab --a true --b false
}

@test "fleet: a plan that was edited into something else is refused with its line" {
    plan
    sed -i '3s/node2/no de/' "$f/plan.csv"
    refuses 4 "$(realpath "$f")/plan.csv:3: the node is not a host's name" fleet status --folder "$f"
    sed -i '3d' "$f/plan.csv"
    run -0 fleet run --dry-run
    [[ $output == *$'\n'"tasks=(1 3)"$'\n'* ]]
}
