#!/usr/bin/env bats
# numaprobe stat: a program's exit code, output and signals stay its own; what is counted is counted for all that
# it starts; what cannot be counted is named, and the rest is there all the same.

load ../common

setup() {
    common_setup
    nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
}

stat() { "$NUMAPROBE" stat "$@"; }

# As in common.bash, for 127 too, which bats warns of unless it is asked for.
refuses() {
    run --separate-stderr -"$1" "$NUMAPROBE" "${@:3}"
    echo "stderr: $stderr, stdout: $output" # shown when the test fails
    [ "$stderr" = "numaprobe: $2" ] && [ -z "$output" ]
}

# cell FILE COLUMN ROLE: of a run without --cpus.
cell() {
    python3 -c 'import csv, sys
print(*[r[sys.argv[2]] for r in csv.DictReader(open(sys.argv[1], newline="")) if r["role"] == sys.argv[3]])' "$@"
}

# RFC 4180, and a reason exactly where there is no count.
check_stat_csv() {
    python3 - "$1" <<'END'
import csv, re, sys
text = open(sys.argv[1], newline="").read()
bare = re.sub(r'"[^"]*"', "", text)
assert text.endswith("\r\n") and not re.search(r"(?<!\r)\n|\r(?!\n)", bare)
rows = list(csv.DictReader(text.splitlines(keepends=True), strict=True))
assert rows and list(rows[0]) == ("tool host cpu_model kernel command seconds status cpu role event scope count "
    "share reason").split()
for row in rows:
    assert None not in row and None not in row.values(), row
    assert row["tool"] == "numaprobe stat" and float(row["seconds"]) >= 0
    assert (row["count"] == "") == (row["reason"] != ""), row
    assert row["count"] == "" or int(row["count"]) >= 0
    assert row["share"] == "" or 0 <= float(row["share"]) <= 1
END
}

# signalled group|one SIGNAL SCRIPT: runs stat around the script, which prints "ready" and then gets the signal
# (one: through numaprobe). Prints stdout, "exit CODE", and "left" when a process of the session is left.
signalled() {
    python3 - "$NUMAPROBE" "$@" 2>&1 <<'END'
import os, signal, subprocess, sys, time
def defaults():
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
numaprobe, whom, name, script = sys.argv[1:]
p = subprocess.Popen([numaprobe, "stat", "sh", "-c", script], start_new_session=True, preexec_fn=defaults,
    stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
assert p.stdout.readline() == "ready\n"
(os.killpg if whom == "group" else os.kill)(p.pid, getattr(signal, name))
p.wait(timeout=20)
print("exit", p.returncode)
if subprocess.run(["pgrep", "-s", str(p.pid)], stdout=subprocess.DEVNULL).returncode == 0:
    print("left")
    subprocess.run(["pkill", "-KILL", "-s", str(p.pid)])
out, err = p.communicate(timeout=20)
print(out + err)
END
}

@test "stat: the exit code is the program's" {
    for code in 0 1 7 77 255; do
        run --separate-stderr -"$code" stat sh -c "exit $code"
        [ -z "$output" ]
        [[ $stderr == *"page-faults"*"s elapsed"* ]]
    done
}

@test "stat: a signal that ends it: 128 and its number, and its name" {
    run -137 stat -- sh -c 'kill -9 $$'
    [[ $output == *"ended by signal 9, Killed"* ]]
    run -143 stat --csv "$box/s.csv" -- sh -c 'kill $$'
    [[ $output == *"ended by signal 15, Terminated"* ]]
    [ "$(cell "$box/s.csv" status page-faults)" = 143 ]
}

@test "stat: cannot be run: 127 not found, 126 found, 2 without a command, in one line" {
    PATH=/usr/bin:/bin # Where a folder of it is locked, execvp(3) says EACCES instead.
    refuses 127 "cannot run 'no-such-command': No such file or directory" stat no-such-command
    refuses 127 "cannot run '': No such file or directory" stat ''
    refuses 127 "cannot run '-x': No such file or directory" stat -- -x
    refuses 126 "cannot run '/etc/passwd': Permission denied" stat /etc/passwd
    refuses 126 "cannot run '$box': Permission denied" stat "$box"
    refuses 2 "stat: no command; expected: numaprobe stat [OPTION...] -- COMMAND" stat
    refuses 2 "stat: no command; expected: numaprobe stat [OPTION...] -- COMMAND" stat --csv "$box/s.csv"
    refuses 2 "stat: no command; expected: numaprobe stat [OPTION...] -- COMMAND" stat --
    refuses 2 "there is no option '--bogus'; 'numaprobe stat --help' lists them" stat --bogus true
    printf '#!/no/such/interpreter\n' >"$box/script" && chmod +x "$box/script"
    refuses 127 "cannot run '$box/script': No such file or directory" stat "$box/script"
    holds_only "$box" script
}

@test "stat: no child is left after an exec that failed, and no file" {
    run --separate-stderr -0 python3 - "$NUMAPROBE" "$box/s.csv" <<'END'
import subprocess, sys
for command in ("no-such-command", "/etc/passwd", "/"):
    p = subprocess.Popen([sys.argv[1], "stat", "--csv", sys.argv[2], command], start_new_session=True,
        stderr=subprocess.DEVNULL)
    assert p.wait(timeout=20) in (126, 127)
    assert subprocess.run(["pgrep", "-s", str(p.pid)]).returncode == 1, command
END
    holds_only "$box"
}

@test "stat: what follows the command belongs to it, '--' ends the options" {
    [ "$(stat ls -l /dev/null 2>/dev/null)" = "$(ls -l /dev/null)" ]
    [ "$(stat echo --help --csv x -- -? 2>/dev/null)" = "--help --csv x -- -?" ]
    [ "$(stat -- echo -- a 2>/dev/null)" = "-- a" ]
    [ "$(stat printf '%s|' 'a  b' '' '*' 2>/dev/null)" = 'a  b||*|' ]
    cd "$box"
    [ "$(stat --events cycles -- echo x 2>/dev/null)" = x ]
    holds_only "$box"
}

@test "stat: stdin, stdout, stderr and open files are the program's; the table goes to stderr" {
    run --separate-stderr stat sh -c 'cat; echo err >&2' <<<in
    [ "$output" = in ] && [ "${stderr_lines[0]}" = err ]
    [[ $stderr == *"role"*"count"*"ran"*"context-switches"* ]]
    [ "$(stat ls /proc/self/fd 2>/dev/null)" = "$(ls /proc/self/fd)" ]
}

@test "stat: --csv and --json" {
    command -v python3 >/dev/null || skip "no python3"
    stat --csv "$box/s.csv" --json "$box/s.json" sh -c ': "a,b" "c
d"'
    check_stat_csv "$box/s.csv"
    python3 - "$box/s.csv" "$box/s.json" <<'END'
import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
objects = json.load(open(sys.argv[2]))["rows"]
assert [{k: "" if v is None else v for k, v in o.items()}["role"] for o in objects] == [r["role"] for r in rows]
assert [list(o) for o in objects] == [list(r) for r in rows]
for o, r in zip(objects, rows):
    assert (o["count"] is None) == (r["count"] == ""), o
    assert o["count"] is None or o["count"] == int(r["count"]), o
    assert o["command"] == r["command"] == 'sh -c : "a,b" "c\nd"', o
END
    holds_only "$box" s.csv s.json
    stat --csv /dev/stdout true >"$box/out" 2>/dev/null
    check_stat_csv "$box/out"
}

@test "stat: a file that cannot be written is refused before the program runs" {
    for option in --csv --json; do
        refuses 4 "$option: cannot write '/nonexistent/x': No such file or directory" \
            stat "$option" /nonexistent/x touch "$box/ran"
        refuses 4 "$option: cannot write '$box': Is a directory" stat "$option" "$box" touch "$box/ran"
    done
    refuses 4 "--json: cannot write '/nonexistent/x': No such file or directory" \
        stat --csv "$box/s.csv" --json /nonexistent/x touch "$box/ran"
    holds_only "$box"
    run -4 stat --csv /dev/full true
    [[ $output == *"numaprobe: --csv: cannot write '/dev/full': No space left on device" ]]
}

@test "stat: --cpus and --events that cannot be: refused in one line before the program runs" {
    refuses 77 "--cpus: there is no cpu 8000 here (numaprobe topo)" stat --cpus 8000 touch "$box/ran"
    refuses 77 "--cpus: there is no cpu 8000 here (numaprobe topo)" stat --cpus 0,8000 touch "$box/ran"
    refuses 2 "--cpus: 'x' is not a cpu list: a number is missing or is not one; a list looks like 0,2-5,8-14:2" \
        stat --cpus x touch "$box/ran"
    for list in , '' 'cycles,' ',cycles'; do
        refuses 2 "--events: an empty name; expected roles or events, as in 'rfo,l3-miss'" \
            stat --events "$list" touch "$box/ran"
    done
    refuses 2 "--events: 'raw1' is a place for an event of yours; name that event instead" stat --events raw1 touch "$box/ran"
    run --separate-stderr -2 stat --counters perv touch "$box/ran"
    [[ $stderr == "numaprobe: --counters: unknown backend 'perv'; did you mean 'perf'"* ]]
    holds_only "$box"
}

@test "stat: an event that is not here costs only itself, and its reason is told" {
    run -0 stat --csv "$box/s.csv" --events nopmu/x/,nopmu/y/,cycles true
    check_stat_csv "$box/s.csv"
    [[ $(cell "$box/s.csv" reason raw1) == *"nopmu"* && $(cell "$box/s.csv" reason raw2) == *"nopmu"* ]]
    [[ $(cell "$box/s.csv" count page-faults) =~ ^[0-9]+$ ]]
    [[ $output == *"nopmu/x/:"*"nopmu/y/:"* ]]
}

@test "stat: counts the children's page faults, those of 1,000 children too" {
    command -v python3 >/dev/null || skip "no python3"
    child='import mmap, os, sys
if os.fork() == 0:
    m = mmap.mmap(-1, 4096 * 2000)
    m.madvise(mmap.MADV_NOHUGEPAGE) if hasattr(mmap, "MADV_NOHUGEPAGE") else None
    for i in range(int(sys.argv[1])): m[4096 * i] = 1
    os._exit(0)
os.wait()'
    stat --csv "$box/none.csv" python3 -c "$child" 0
    stat --csv "$box/all.csv" python3 -c "$child" 2000
    more=$(($(cell "$box/all.csv" count page-faults) - $(cell "$box/none.csv" count page-faults)))
    echo "$more more page faults for 2000 pages"
    [ "$more" -ge 1900 ] && [ "$more" -le 2200 ]
    run -0 stat --csv "$box/many.csv" sh -c 'i=0; while [ $i -lt 1000 ]; do /bin/true; i=$((i + 1)); done'
    [ "$(cell "$box/many.csv" count page-faults)" -ge 20000 ] # At least 20 for each fork and exec.
}

@test "stat: the kernel's own counts are those of the program, from its exec on" {
    sleeps='i=0; while [ $i -lt 50 ]; do sleep 0.001; i=$((i + 1)); done'
    stat --csv "$box/s.csv" sh -c "$sleeps"
    [ "$(cell "$box/s.csv" count context-switches)" -ge 50 ]
    stat --csv "$box/s.csv" true
    [ "$(cell "$box/s.csv" count context-switches)" -lt 50 ]
}

@test "stat: --cpus, a row for each, whoever runs there" {
    [ "$(id -u)" -eq 0 ] || skip "needs root"
    cpu=$(python3 -c 'import os; print(min(os.sched_getaffinity(0)))')
    stat --cpus "$cpu" --csv "$box/s.csv" sh -c "taskset -c $cpu sh -c 'for i in 1 2 3 4 5 6 7 8; do sleep 0.01; done'"
    check_stat_csv "$box/s.csv"
    [ "$(cell "$box/s.csv" cpu context-switches)" = "$cpu" ]
    [ "$(cell "$box/s.csv" count context-switches)" -ge 8 ]
}

@test "stat: as nobody: what is forbidden says so, the rest is counted" {
    [ "$(id -u)" -eq 0 ] || skip "needs root to become nobody"
    [ "$(cat /proc/sys/kernel/perf_event_paranoid)" -ge 2 ] || skip "everybody may count here"
    "${nobody[@]}" test -x "$NUMAPROBE" || skip "nobody may not enter $(dirname "$NUMAPROBE")"
    chmod 777 "$box" && chmod 755 "$BATS_RUN_TMPDIR" "$BATS_TEST_TMPDIR"
    run -7 "${nobody[@]}" "$NUMAPROBE" stat --csv "$box/s.csv" sh -c 'exit 7'
    check_stat_csv "$box/s.csv"
    for role in context-switches page-faults; do # getrusage(2) has these for everybody.
        [[ $(cell "$box/s.csv" count "$role") =~ ^[0-9]+$ ]]
    done
    [[ $(cell "$box/s.csv" reason migrations) == *"perf_event_paranoid is"* ]]
    run -0 "${nobody[@]}" "$NUMAPROBE" stat --cpus 0 true
    [[ $output == *"perf_event_paranoid is"* ]]
}

@test "stat: without a file descriptor to spare the rest is counted, and the reason is that" {
    [ "$(id -u)" -eq 0 ] || skip "needs root for the kernel's own counts"
    (ulimit -n 16 && exec "$NUMAPROBE" stat --csv "$box/s.csv" sh -c 'exit 7') || [ $? -eq 7 ]
    check_stat_csv "$box/s.csv"
    for limit in 16 12 11 10 9 8; do # Wherever it runs out, and whatever role that meets.
        for cpus in "" 0; do
            (ulimit -n $limit && exec "$NUMAPROBE" stat --csv "$box/s.csv" ${cpus:+--cpus "$cpus"} true) 2>/dev/null ||
                [ $? -eq 77 ]
            [ -e "$box/s.csv" ] || continue # Too few even for the pipes.
            check_stat_csv "$box/s.csv"
            for role in context-switches migrations page-faults; do
                [ -n "$(cell "$box/s.csv" count $role)" ] && continue
                echo "limit $limit, cpus '$cpus', $role: $(cell "$box/s.csv" reason $role)"
                [[ $(cell "$box/s.csv" reason $role) == *"file descriptors"* ]]
            done
            rm "$box/s.csv"
        done
    done
}

@test "stat: ^C is the program's: reported, 130" {
    run signalled group SIGINT 'sleep 0.2; echo ready; exec sleep 20'
    echo "$output"
    [[ $output == *"exit 130"*"page-faults"*"ended by signal 2, Interrupt"* && $output != *left* ]]
    run signalled group SIGINT 'trap "echo caught; exit 5" INT; sleep 0.2; echo ready; while :; do sleep 0.1; done'
    [[ $output == *"exit 5"*"caught"*"page-faults"* && $output != *left* ]]
}

@test "stat: SIGTERM and SIGHUP are passed on" {
    for name in TERM HUP; do
        run signalled one SIG$name "trap 'echo caught; exit 5' $name; sleep 0.2; echo ready; while :; do sleep 0.05; done"
        [[ $output == *"exit 5"*"caught"*"page-faults"* && $output != *left* ]]
    done
}

@test "stat: a signal just after the program's start is not numaprobe's end" {
    # Many times: the program prints at once, when numaprobe may not have come to its handlers.
    for i in $(seq 20); do
        run signalled one SIGTERM "trap 'echo caught; exit 5' TERM; echo ready; while :; do sleep 0.05; done"
        echo "$i: $output"
        [[ $output == *"exit 5"*"caught"*"page-faults"* && $output != *left* ]]
    done
    for i in $(seq 20); do
        run signalled group SIGINT 'echo ready; exec sleep 20'
        echo "$i: $output"
        [[ $output == *"exit 130"*"page-faults"*"ended by signal 2"* ]]
    done
}

@test "stat: --counters none, and --help" {
    run -0 stat --counters none true
    [[ $output == *"--counters none"* ]]
    run -0 "$NUMAPROBE" stat --help
    [[ $output == *"--events"* && $output == *"--cpus"* ]]
}

@test "stat: the program inherits its signals as numaprobe did, ignored or not" {
    for how in --default-signal=PIPE --ignore-signal=PIPE --block-signal=USR1; do
        run -0 --separate-stderr env $how "$NUMAPROBE" stat -- grep -E 'Sig(Ign|Blk)' /proc/self/status
        [ "$output" = "$(env $how grep -E 'Sig(Ign|Blk)' /proc/self/status)" ]
    done
    # yes is ended by the signal, and complains of nothing.
    run -0 --separate-stderr env --default-signal=PIPE "$BASH" -c '"$1" stat -- yes | head -n 1' bash "$NUMAPROBE"
    [[ $output = y && $stderr == *"ended by signal 13"* && $stderr != *"yes: "* ]]
}
