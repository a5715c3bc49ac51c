#!/usr/bin/env bats
# scripts/perf-stat: perf's counts in the columns of numaprobe stat. Real perf wherever it is installed; its
# arithmetic alone is tested with recorded output, which needs no PMU.

load ../common

setup() {
    common_setup
    export NUMAPROBE TMPDIR=$box/tmp
    mkdir "$TMPDIR"
    unset PERF
}

need_perf() {
    perf version 2>/dev/null | grep -q '^perf version' || skip "no perf here: linux-perf"
    perf stat -e page-faults -o /dev/null true 2>/dev/null || skip "perf may not count here"
    command -v python3 >/dev/null || skip "no python3"
}

# counts FILE COLUMN ROLE [CPU]: the cell.
cell() {
    python3 - "$@" <<'END'
import csv, sys
file, column, role = sys.argv[1:4]
cpu = sys.argv[4] if len(sys.argv) > 4 else ""
print(*[r[column] for r in csv.DictReader(open(file, newline="")) if (r["role"], r["cpu"]) == (role, cpu)])
END
}

# refused STATUS LINE ARGUMENT...: this one line, nothing run, nothing left.
refused() {
    local code=$1 line=$2
    shift 2
    run -"$code" --separate-stderr scripts/perf-stat "$@"
    echo "status $status, stderr: $stderr, stdout: $output" # shown when the test fails
    [ "${#stderr_lines[@]}" -eq 1 ] && [[ $stderr == "perf-stat: "$line ]] &&
        [ -z "$output" ] && holds_only "$TMPDIR"
}

# Stand-ins for numaprobe and perf that give recorded answers: for the folding arithmetic only. What a test
# wrote to $box/rows, as CPU ROLE EVENT, $box/codes, as ROLE,CODE,WHY, and $box/answer comes back as from them.
record() {
    cat >"$box/numaprobe" <<END
#!/bin/sh
[ "\$1" = events ] && { echo role,code,why; cat "$box/codes"; exit; }
{
    echo tool,host,cpu_model,kernel,command,seconds,status,cpu,role,event,scope,count,share,reason
    while read -r cpu role event; do
        printf 'numaprobe stat,h,"A ""big"", one",k,true,1,0,%s,%s,%s,thread,,,none\r\n' "\${cpu#-}" "\$role" "\$event"
    done <"$box/rows"
} >"\${2#--csv=}"
END
    cat >"$box/perf" <<END
#!/bin/bash
[ "\$1" = version ] && echo "perf version 6.1 (recorded)" && exit
printf '%s\n' "\$@" >"$box/asked"
while [ \$# -gt 0 ]; do
    case \$1 in -o) out=\$2 ;; --control) fifos=\${2#fifo:} ;; esac
    shift
done
read -r word <"\${fifos%,*}" && [ "\$word" = enable ] && cp "$box/answer" "\$out" && echo ack >"\${fifos#*,}"
END
    chmod +x "$box/numaprobe" "$box/perf"
    NUMAPROBE=$box/numaprobe PERF=$box/perf run scripts/perf-stat --csv "$box/out.csv" "$@"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "perf-stat: the header of numaprobe stat, CRLF, and perf stat in each row" {
    need_perf
    scripts/perf-stat --csv "$box/p.csv" -- true
    "$NUMAPROBE" stat --csv "$box/n.csv" true
    [ "$(head -1 "$box/p.csv")" = "$(head -1 "$box/n.csv")" ]
    python3 - "$box/p.csv" "$box/n.csv" <<'END'
import csv, re, sys
text = open(sys.argv[1], newline="").read()
assert text.endswith("\r\n") and not re.search(r"(?<!\r)\n", text)
p, n = ([*csv.DictReader(open(f, newline=""))] for f in sys.argv[1:])
same = ["host", "cpu_model", "kernel", "command", "status", "cpu", "role", "event", "scope"]
assert [[r[c] for c in same] for r in p] == [[r[c] for c in same] for r in n]
assert {r["tool"] for r in p} == {"perf stat"}
for r in p:
    assert (r["count"] == "") == (r["reason"] != ""), r
END
    holds_only "$box" p.csv n.csv tmp
    holds_only "$TMPDIR"
}

@test "perf-stat: agrees with numaprobe stat about page faults and context switches" {
    need_perf
    touch=(python3 -c 'import mmap
m = mmap.mmap(-1, 4096 * 4000)
m.madvise(mmap.MADV_NOHUGEPAGE) if hasattr(mmap, "MADV_NOHUGEPAGE") else None
for i in range(4000): m[4096 * i] = 1
import time
for i in range(100): time.sleep(0.001)')
    scripts/perf-stat --csv "$box/p.csv" "${touch[@]}"
    "$NUMAPROBE" stat --csv "$box/n.csv" "${touch[@]}"
    for role in page-faults context-switches; do
        factor=2
        [ $role = page-faults ] || factor=4 # What else runs here takes its turns.
        p=$(cell "$box/p.csv" count "$role") n=$(cell "$box/n.csv" count "$role")
        echo "$role: perf $p, numaprobe $n"
        [ -n "$p" ] || skip "$role: $(cell "$box/p.csv" reason "$role")"
        [ "$p" -gt 0 ] && [ "$p" -lt $((factor * n)) ] && [ "$n" -lt $((factor * p)) ]
    done
    [ "$(cell "$box/p.csv" count page-faults)" -gt 4000 ]
    [ "$(cell "$box/p.csv" count context-switches)" -ge 100 ]
}

@test "perf-stat: what the PMU does not have is empty, with the reason" {
    need_perf
    [ ! -e /sys/bus/event_source/devices/cpu ] || skip "there is a PMU here"
    scripts/perf-stat --events cycles,instructions,nopmu/x/ --csv "$box/p.csv" true
    for role in cycles instructions; do
        [ -z "$(cell "$box/p.csv" count "$role")$(cell "$box/p.csv" share "$role")" ]
        [ "$(cell "$box/p.csv" reason "$role")" = "perf: not supported" ]
    done
    # perf refuses a whole list for one PMU that it does not find; the others count all the same.
    [[ $(cell "$box/p.csv" reason raw1) == "perf: "*"nopmu"* ]]
    [ "$(id -u)" -ne 0 ] || [[ $(cell "$box/p.csv" count migrations) =~ ^[0-9]+$ ]]
}

@test "perf-stat: an event that does not exist is refused before the command runs" {
    need_perf
    run -2 scripts/perf-stat --events no-such-event --csv "$box/p.csv" touch "$box/ran"
    [[ $output == "perf-stat: --events: event 'no-such-event': "*"'numaprobe events' lists the roles" ]]
    [ ! -e "$box/ran" ] && [ ! -e "$box/p.csv" ]
}

@test "perf-stat: --all and --cpus, a row for each cpu" {
    need_perf
    perf stat -a -e page-faults -o /dev/null true 2>/dev/null || skip "perf may not count whole cpus here"
    scripts/perf-stat --all --csv "$box/p.csv" sleep 0.1
    for cpu in $(python3 -c 'import os; print(*sorted(os.sched_getaffinity(0)))'); do
        [[ $(cell "$box/p.csv" count context-switches "$cpu") =~ ^[0-9]+$ ]]
    done
    scripts/perf-stat --cpus 0 --csv "$box/p.csv" sleep 0.1
    [[ $(cell "$box/p.csv" count context-switches 0) =~ ^[0-9]+$ ]]
    [ -z "$(cell "$box/p.csv" count context-switches 1)" ]
}

@test "perf-stat: the exit code is the command's, 128 and the signal's number when one ends it" {
    need_perf
    for code in 0 7 255; do
        run -"$code" scripts/perf-stat --csv "$box/p.csv" sh -c "exit $code"
        [ "$(cell "$box/p.csv" status page-faults)" = "$code" ]
    done
    run -137 scripts/perf-stat --csv "$box/p.csv" sh -c 'kill -9 $$'
    [ "$(cell "$box/p.csv" status page-faults)" = 137 ]
    [[ $output != *"line "* ]] || { echo "$output" && false; }
}

@test "perf-stat: the command's own words, input and open files" {
    need_perf
    run --separate-stderr scripts/perf-stat -- sh -c 'cat; echo out; echo err >&2; echo "$0|$1"' "a  b" --csv <<<in
    [ "$output" = $'in\nout\na  b|--csv' ]
    [ "${stderr_lines[0]}" = err ]
    [[ $stderr == *"page-faults"*"s elapsed, exit code 0" ]]
    run --separate-stderr scripts/perf-stat sh -c 'ls /proc/self/fd'
    [ "$output" = "$(sh -c 'ls /proc/self/fd')" ]
    [ "$(scripts/perf-stat --csv /dev/stdout true 2>/dev/null | wc -l)" -ge 10 ]
}

@test "perf-stat: ^C and SIGTERM are the command's; nothing is left" {
    need_perf
    python3 - "$box" <<'END'
import os, signal, subprocess, sys, time
def defaults():
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
def run(kill, number, script, *options):
    p = subprocess.Popen(["scripts/perf-stat", *options, "--csv", sys.argv[1] + "/p.csv", "sh", "-c", script],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=defaults)
    assert p.stdout.readline() == "ready\n"
    kill(p.pid, number)
    out, err = p.communicate(timeout=20)
    # One that has closed its files may not have ended yet.
    until = time.monotonic() + 10
    while subprocess.run(["pgrep", "-s", str(p.pid)], stdout=subprocess.DEVNULL).returncode == 0:
        assert time.monotonic() < until, "a process is left"
    assert "page-faults" in err, err
    return p.returncode, out
assert run(os.killpg, signal.SIGINT, "echo ready; exec sleep 20") == (130, "")
assert run(os.killpg, signal.SIGINT, "trap 'echo caught; exit 5' INT; echo ready; while :; do sleep 0.1; done") == (5, "caught\n")
assert run(os.kill, signal.SIGTERM, "trap 'echo caught; exit 6' TERM; echo ready; while :; do sleep 0.1; done") == (6, "caught\n")
END
    holds_only "$box" p.csv tmp
    holds_only "$TMPDIR"
}

@test "perf-stat: recorded: sums, differences, the least share" {
    printf -- '- %s\n' "two A+B" "diff A-B" "neg B-A" "one A" "none" "half X+Y" "big A" "page-faults page-faults" >"$box/rows"
    printf '%s\n' "two,r1:u cpu/event=2,umask=3/u," "diff,r1:u -cpu/event=2,umask=3/u," >"$box/codes"
    sed -i 's/,\(.*\),$/,"\1",/' "$box/codes"
    printf '%s\n' 'neg,"cpu/event=2,umask=3/u -r1:u",' "one,r1:u," 'none,,"no, not ""here"""' "half,r1:u ,no Y here" \
        "big,r9," >>"$box/codes"
    printf '%s\n' '# started on a day' '' '1000;;r1:u;500;50.00;;' '250;;cpu/event=2,umask=3/u;375;37.50;;' \
        '9007199254740992;;r9;1000;100.00;0.5;insn per cycle' '61;;page-faults;1000;100.00;;' >"$box/answer"
    record true
    is() { [ "$(cell "$box/out.csv" count "$1"),$(cell "$box/out.csv" share "$1"),$(cell "$box/out.csv" reason "$1")" = "$2" ]; }
    is two 1250,0.375,
    is diff 750,0.375,
    is neg ",0.375,less than none: its terms ran at different times"
    is one 1000,0.5,
    is none ',,no, not "here"'
    is half ",,no Y here"
    is big 9007199254740992,1,
    is page-faults 61,1,
    [ "$(cell "$box/out.csv" cpu_model one)" = 'A "big", one' ]
    # Each code is asked for once, and none of a role that has none.
    [ "$(grep -A1 -x -e -e "$box/asked" | tail -1)" = "cpu/event=2,umask=3/u,page-faults,r1:u,r9" ]
}

@test "perf-stat: recorded: <not supported>, <not counted>, and what perf says nothing of" {
    printf -- '- %s\n' "lost A" "idle B" "both A+B" "mixed B+C" "silent D" "user context-switches" >"$box/rows"
    printf '%s\n' lost,rA, idle,rB, "both,rB rA," "mixed,rC -rB," silent,rD, user,context-switches, >"$box/codes"
    printf '%s\n' '<not supported>;;rA;0;100.00;;' '<not counted>;;rB;0;0.00;;' '5;;rC;9;100.00;;' \
        '0;;context-switches:u;9;100.00;;' >"$box/answer"
    record true
    is() { [ "$(cell "$box/out.csv" count "$1"),$(cell "$box/out.csv" share "$1"),$(cell "$box/out.csv" reason "$1")" = "$2" ]; }
    is lost ",,perf: not supported"
    is idle ",0,perf: not counted"
    is both ",,perf: not supported"
    is mixed ",0,perf: not counted"
    is silent ",,perf: nothing of rD"
    is user ",,perf: without root only what is in user space (perf_event_paranoid)"
}

@test "perf-stat: recorded: 1,000 cpus, 4,000 lines" {
    for cpu in $(seq 0 999); do printf '%s %s\n' "$cpu" "sum A+B" "$cpu" "l3 L"; done >"$box/rows"
    printf '%s\n' "sum,r1 -r2," l3,amd_l3/event=4/, >"$box/codes"
    for cpu in $(seq 0 999); do
        printf 'CPU%d;%s\n' "$cpu" "$((cpu * 3));;r1;9;100.00;;" "$cpu" "$cpu;;r2;9;99.00;;"
        [ $((cpu % 8)) -ne 0 ] || printf 'CPU%d;7;;amd_l3/event=4/;9;100.00;;\n' "$cpu"
        printf 'CPU%d;1;;unasked;9;100.00;;\n' "$cpu"
    done >"$box/answer"
    record --cpus 0-999 true
    [ "$(cell "$box/out.csv" count sum 999),$(cell "$box/out.csv" share sum 999)" = 1998,0.99 ]
    [ "$(cell "$box/out.csv" count l3 992),$(cell "$box/out.csv" reason l3 992)" = 7, ]
    [ "$(cell "$box/out.csv" reason l3 999)" = "perf: nothing of amd_l3/event=4/ on this cpu" ]
    [ "$(wc -l <"$box/out.csv")" -eq 2001 ]
    [[ $(grep -A1 -x -e -C "$box/asked" | tail -1) == 0,1,2,*,999 ]]
}

@test "perf-stat: wrong usage is one line" {
    command -v perf >/dev/null || PERF=true
    export PERF
    refused 2 "no command; usage: *"
    refused 2 "no command; usage: *" --
    refused 2 "no command; usage: *" --csv "$box/x"
    refused 2 "unknown option '--foo'; usage: *" --foo true
    refused 2 "unknown option '-e'; usage: *" -e cycles true
    refused 2 "--events needs a value; usage: *" --events
    refused 2 "--csv needs a value; usage: *" --csv= true
    refused 2 "--cpus and --all: one of them, once" --all --cpus 0 true
    refused 127 "cannot run 'no-such-command': not found" no-such-command
    refused 127 "cannot run '': not found" ''
    refused 126 "cannot run '/etc/passwd': permission denied" /etc/passwd
    refused 126 "cannot run '/tmp': permission denied" /tmp
    run -0 scripts/perf-stat --help
    [[ $output == "usage: perf-stat "* ]]
}

@test "perf-stat: what it cannot do is refused before the command runs" {
    need_perf
    mkdir "$box/folder"
    refused 2 "--cpus: there is no cpu 8000 here*" --cpus 8000 touch "$box/ran"
    refused 2 "*'x' is not a cpu list*" --cpus x touch "$box/ran"
    refused 2 "--events: an empty name*" --events , touch "$box/ran"
    refused 2 "--csv: cannot write '/nonexistent/x': no such folder" --csv /nonexistent/x touch "$box/ran"
    refused 2 "--csv: cannot write '$box/folder': it is a folder" --csv "$box/folder" touch "$box/ran"
    [ ! -e "$box/ran" ]
    run -1 scripts/perf-stat --csv /dev/full true
    [[ $output == *"perf-stat: --csv: cannot write '/dev/full'" ]]
    if [ "$(id -u)" -ne 0 ]; then
        touch "$box/locked" && chmod a-w "$box/locked"
        refused 2 "--csv: cannot write '$box/locked': permission denied" --csv "$box/locked" true
    fi
}

@test "perf-stat: no perf, another kernel's perf, no numaprobe: 77 and what to do" {
    PERF=no-such-perf refused 77 "no perf here: install linux-perf*" true
    printf '#!/bin/sh\necho "E: linux-perf-9.9 is not installed." >&2\nexit 1\n' >"$box/perf"
    chmod +x "$box/perf"
    PERF=$box/perf refused 77 "'$box/perf' does not run on kernel *linux-perf-9.9 is not installed." true
    NUMAPROBE=no-such-numaprobe refused 77 "no numaprobe here*" true
}

@test "perf-stat: whole cpus as nobody: 77, or counts" {
    need_perf
    [ "$(id -u)" -eq 0 ] || skip "needs root to become nobody"
    [ "$(cat /proc/sys/kernel/perf_event_paranoid)" -ge 1 ] || skip "everybody may count here"
    chmod 755 "$BATS_RUN_TMPDIR" "$BATS_TEST_TMPDIR" "$box"
    chmod 777 "$TMPDIR"
    cp "$NUMAPROBE" "$TMPDIR/numaprobe" && chmod 755 "$TMPDIR/numaprobe"
    setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$TMPDIR/numaprobe" || skip "nobody may not enter $TMPDIR"
    NUMAPROBE=$TMPDIR/numaprobe run setpriv --reuid=65534 --regid=65534 --clear-groups scripts/perf-stat --all true
    [ "$status" -eq 77 ] && [[ $output == "perf-stat: perf cannot count here: "* ]]
    rm "$TMPDIR/numaprobe"
    holds_only "$TMPDIR"
}
