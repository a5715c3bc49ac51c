#!/usr/bin/env bats
# numaprobe watch: a running program, as it is, is seen to share a line, and runs on as if nothing had been; what cannot
# be watched says so in one line.

load ../common

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.." || return
    numaprobe=$(realpath "${NUMAPROBE:-build/numaprobe}")
    export numaprobe box=$BATS_FILE_TMPDIR
    cat >"$box/app.c" <<'END'
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
struct tally {
    volatile long hits;
    char apart[APART];
};
_Alignas(64) static struct tally tallies[2];
static volatile int stop;
static void *count(void *tally)
{
    while (!stop)
        ((struct tally *)tally)->hits++; /* hot */
    return NULL;
}
int main(int argc, char **argv)
{
    pthread_t id[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&id[i], NULL, count, &tallies[i]);
    usleep((useconds_t)(1000 * atoi(argv[1])));
    stop = 1;
    for (int i = 0; i < 2; i++)
        pthread_join(id[i], NULL);
    puts(tallies[0].hits > 0 && tallies[1].hits > 0 ? "both" : "not both");
    return argc;
}
END
    gcc -O2 -g -pthread -DAPART=8 -o "$box/shared" "$box/app.c"
    gcc -O2 -g -pthread -DAPART=248 -o "$box/apart" "$box/app.c"
    cp "$box/shared" "$box/stripped"
    strip "$box/stripped"
}
setup() {
    cd "$box" || return
    run "$numaprobe" watch -p $$ --duration 10ms --quiet
    [ "$status" -eq 0 ] || [[ $output == *"is numaprobe"* ]] || skip "$output"
}
teardown() { kill "$pid" 2>/dev/null || true; }

start() { # PROGRAM MILLISECONDS
    "./$1" "$2" >out 3>&- &
    pid=$!
}
ends() { # STATUS PID: of a job
    local status=0
    wait "$2" || status=$?
    [ "$status" -eq "$1" ]
}
watch() { "$numaprobe" watch --pid "$pid" "$@"; }
# In the report of --json, as a text.
found() { python3 -c "import json; j = json.load(open('w.json')); print($1)"; }

@test "watch: two counters on a line are falsely shared, with names, fields and places" {
    start shared 60000
    run -0 --separate-stderr watch --duration 8s --json w.json
    echo "$output$stderr"
    [[ $output == *"false sharing: global tallies (struct tally[2])"* ]]
    [[ $output == *"app.c:15"* ]]
    [[ $output == *"proved "*" times on separate bytes, 0 on common ones"* ]]
    [ "$(found "[(f['kind'], f['object']['name'], sorted(x['name'] for x in f['fields'])) for f in j['findings']]")" = \
        "[('false', 'tallies', ['[0].hits', '[1].hits'])]" ]
    [ "$(found "(j['mode'], j['findings'][0]['proofs']['common'], j['findings'][0]['handovers']['per_second'])")" = \
        "('watched', 0, None)" ]
    "$numaprobe" report -o w.html w.json
    grep -q "proved " w.html
}

@test "watch: --price holds the other thread off the line, and compares" {
    # On a busy machine the two may not run at the same time often enough.
    for _ in 1 2 3; do
        start shared 60000
        run -0 --separate-stderr watch --duration 12s --price --json w.json
        kill "$pid" && wait "$pid" || true
        echo "$output$stderr"
        [[ $output == *"   Gain: "* ]]
        [ "$(found "j['findings'][0]['proofs']['gain']")" = None ] || break
    done
    [[ $output == *"   Gain: thread "[AB]" did "*" times as much ("*" to "*") while the others were held off"* ]]
    [ "$(found "(lambda g: g['n'] >= 20 and 0.5 < g['low'] <= g['mid'] <= g['high'])(j['findings'][0]['proofs']['gain'])")" = True ]
    "$numaprobe" report -o w.html w.json
    grep -q "times as much" w.html
}

@test "watch: counters on lines of their own are not shared" {
    start apart 60000
    run -0 watch --duration 4s --fail-on false-sharing
    [[ $output == *"No sharing was proved"* ]]
}

# One thread alone touches the other's bytes, too: the end of a round, once in EVERY of its accesses.
rounds_are() { # EVERY KIND
    cat >rounds.c <<'END'
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>
_Alignas(64) static struct { atomic_ulong counted, round; } gate;
static void *count(void *c)
{
    for (;;)
        for (int i = 0; i < EVERY; i++)
            atomic_fetch_add(i ? &gate.counted : &gate.round, 1);
    return c;
}
static void *wait_for(void *c)
{
    for (unsigned long now = 0;; now = atomic_load(&gate.round))
        while (atomic_load(&gate.round) == now) {}
    return c;
}
int main(void)
{
    pthread_t id;
    pthread_create(&id, NULL, count, NULL);
    pthread_create(&id, NULL, wait_for, NULL);
    sleep(60);
}
END
    gcc -O2 -g -pthread -DEVERY="$1" -o rounds rounds.c
    start rounds 0
    run -0 --separate-stderr watch --duration 8s --json w.json
    echo "$output$stderr"
    [ "$(found "{f['kind'] for f in j['findings']}")" = "{'$2'}" ]
}
@test "watch: where a thread hardly ever touches what the other waits for, they share falsely" { rounds_are 64 false; }
@test "watch: where it often does, they share truly" { rounds_are 3 true; }

@test "watch: a stripped program is watched too; --fail-on; it ends as it would have" {
    start stripped 4000
    run -1 watch --fail-on false-sharing # until it ends
    [[ $output == *"false sharing: "* ]]
    ends 2 "$pid"
    [ "$(cat out)" = both ]
}

@test "watch: --tree finds what a process starts, also while it is watched" {
    bash -c 'for i in 1 2 3 4 5 6; do sleep 5 & done; sleep 0.3; ./shared 4000 & wait' >/dev/null 3>&- &
    pid=$!
    run -0 "$numaprobe" watch --tree "$pid" --duration 4s
    echo "$output"
    [[ $output == *"false sharing: global tallies"*"in process "*", shared"* ]]
}

@test "watch: killed at any moment, it leaves a program that runs on" {
    start shared 6000
    for after in 0.05 0.2 0.31 0.47 0.7 1.3; do
        "$numaprobe" watch --pid "$pid" --price --quiet 3>&- &
        sleep "$after"
        kill -KILL $!
        wait $! || true
        grep -q "^TracerPid:.0" "/proc/$pid/status"
    done
    ends 2 "$pid"
    [ "$(cat out)" = both ]
}

@test "watch: a program that executes another is watched on" {
    bash -c 'sleep 1; exec ./shared 60000' >/dev/null 3>&- &
    pid=$!
    run -0 watch --duration 8s
    echo "$output"
    [[ $output == *"false sharing: global tallies"*"app.c:15"* ]]
}

@test "watch: a debugger has the debug registers: the report has that, and nothing is called clean" {
    command -v gdb >/dev/null || skip "no gdb"
    start shared 60000
    printf '%s\n' 'set pagination off' 'watch *((long *)&tallies + 8)' 'watch *((long *)&tallies + 9)' \
        'watch *((long *)&tallies + 10)' 'watch *((long *)&tallies + 11)' continue >commands
    gdb -q -batch -x commands -p "$pid" >gdb.out 2>&1 3>&- &
    local gdb=$!
    for _ in $(seq 100); do
        grep -q '^Hardware watchpoint 4' gdb.out && break
        sleep 0.1
    done
    sleep 1
    run -0 watch --duration 4s
    kill "$gdb"
    echo "$output"
    [[ $output == *" times a thread had no debug register left: a debugger, or another numaprobe, has them."* ]]
}

@test "watch: with few descriptors it watches the threads that it can, and has which part of the time it did not look at" {
    cat >crowd.c <<'END'
#include <pthread.h>
#include <unistd.h>
static volatile long counts[128];
static void *count(void *mine)
{
    for (;;) {
        for (int i = 0; i < 100000; i++)
            ++*(volatile long *)mine;
        usleep(10000);
    }
    return mine;
}
int main(void)
{
    pthread_t id;
    for (int i = 0; i < 128; i++)
        pthread_create(&id, NULL, count, (void *)&counts[i]);
    sleep(60);
    return 0;
}
END
    gcc -O2 -pthread -o crowd crowd.c
    start crowd 0
    sleep 1
    run -0 bash -c 'ulimit -n 128; exec "$0" watch --pid "$1" --duration 4s' "$numaprobe" "$pid"
    echo "$output"
    [[ $output == *" threads could not be watched: a file is open for each, and there may be 128 ('ulimit -n')."* ]]
    [[ $output == *" of the threads' time was not looked at: "* ]]
}

@test "watch: SIGINT ends it with what was found until then" {
    start shared 60000
    # A job in the background would ignore SIGINT.
    python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])' "$numaprobe" watch --pid "$pid" --json w.json >text 3>&- &
    sleep 4
    kill -INT $!
    ends 0 $!
    kill -0 "$pid" # it did not end because this one had
    [ "$(found "len(j['findings'])")" = 1 ]
}

@test "watch: what cannot be watched says so in one line" {
    refused() { # STATUS LINE OPTION...
        run "-$1" --separate-stderr "$numaprobe" watch "${@:3}"
        echo "$stderr"
        # shellcheck disable=SC2053 # a pattern
        [[ $stderr == "numaprobe: "$2 ]] && [ -z "$output" ]
    }
    refused 2 "watch: no process; expected: numaprobe watch -p PID, or --tree PID"
    refused 2 "there is no process 4194303" -p 4194303
    refused 2 "--pid: expected the numbers of processes, as 1234 or 1234,1235, found '0'" -p 0
    refused 2 "--pid: expected * found '12,'" -p 12,
    refused 2 "*thread of the kernel*" -p 2
    refused 2 "*--fail-on*" -p 1 --fail-on anything
    run -2 bash -c 'exec "$0" watch -p $$' "$numaprobe"
    [[ $output == *"is numaprobe itself" ]]
}

# As a JIT: code that no file has, with its name in a perf map.
@test "watch: code of a JIT has the name of the perf map" {
    cat >jit.c <<'END'
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
_Alignas(64) static volatile long counts[2];
/* lock-free: inc qword [rdi]; jmp to itself (Intel SDM 2, INC, JMP) */
static const unsigned char code[] = {0x48, 0xff, 0x07, 0xeb, 0xfb};
int main(void)
{
    char path[64];
    pthread_t id[2];
    void *const at = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memcpy(at, code, sizeof code);
    snprintf(path, sizeof path, "/tmp/perf-%d.map", getpid());
    FILE *const map = fopen(path, "w");
    fprintf(map, "%lx %zx Counter.add loop\n", (unsigned long)at, sizeof code);
    fclose(map);
    for (int i = 0; i < 2; i++)
        pthread_create(&id[i], NULL, (void *(*)(void *))at, (void *)&counts[i]);
    sleep(60);
    return 0;
}
END
    [ "$(uname -m)" = x86_64 ] || skip "the program's code is x86-64's"
    gcc -O1 -g -w -pthread -o jit jit.c
    ./jit 3>&- &
    pid=$!
    run -0 watch --duration 8s
    rm -f "/tmp/perf-$pid.map"
    echo "$output"
    [[ $output == *"false sharing: global counts"* ]]
    [[ $output == *"Counter.add loop"* ]]
}

@test "watch: --max-overhead makes it look less often, and the report has what it took" {
    start apart 60000
    run -0 watch --duration 3s
    [[ $output == *"Watching took some "*"% of the threads' time: "*" us for a sample"* ]]
    local all few
    all=$(samples_of "$output")
    run -0 watch --duration 3s --max-overhead 0.01%
    few=$(samples_of "$output")
    echo "$all without a limit, $few with one"
    [ "$few" -lt "$((all * 3 / 4))" ]
    run ! --separate-stderr "$numaprobe" watch -p $$ --max-overhead none
    [[ $stderr == *"--max-overhead"* ]]
}
samples_of() { # REPORT: a number without its unit, as "5.9 k samples"
    python3 -c "import re, sys
number, unit = re.search(r'([0-9.]+) ?([kM]?) samples', sys.argv[1]).groups()
print(int(float(number) * {'': 1, 'k': 1e3, 'M': 1e6}[unit]))" "$1"
}

# Runs the arguments on a terminal of 80 columns, presses q when "proved" is there, and prints what it shows, without
# escapes.
on_terminal() {
    python3 - "$@" <<'END'
import fcntl, os, pty, re, struct, sys, termios
child, fd = pty.fork()
if child == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
shown, pressed = b"", False
while True:
    try:
        some = os.read(fd, 4096)
    except OSError:  # nobody has the terminal open any more
        break
    shown += some
    if not pressed and b"proved " in shown:
        os.write(fd, b"q")
        pressed = True
print(re.sub("\x1b\\[[0-9]*[AKJ]", "", shown.decode()))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
END
}
@test "watch: on a terminal the findings so far are there, no line is wider, and q leaves" {
    start shared 60000
    run -0 on_terminal "$numaprobe" watch --pid "$pid" --duration 60s
    echo "$output"
    [[ $output == *"q leaves and reports"*"of a thread's time, proved "*" times: false sharing: global tallies"* ]]
    [[ $output == *"1. false sharing: global tallies"* ]]
    kill -0 "$pid"
    tr -d '\r' <<<"$output" >shown
    run ! grep -E '^.{81}' shown
}

@test "watch: memory that processes share is one line for all of them, reported once" {
    cat >processes.c <<'END'
#include <sys/mman.h>
#include <unistd.h>
struct state {
    volatile long hits, pad;
};
int main(void)
{
    struct state *s = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 2; i++)
        if (fork() == 0) {
            alarm(90);
            for (;;)
                s[i].hits++; /* line 13 */
        }
    sleep(60);
    return 0;
}
END
    gcc -O1 -g -o processes processes.c
    ./processes 3>&- &
    pid=$!
    # On a busy machine the two may not run at the same time often enough.
    for _ in 1 2 3; do
        run -0 "$numaprobe" watch --tree "$pid" --duration 8s --json w.json
        echo "$output"
        [[ $output == *"No sharing was proved"* ]] || break
    done
    pkill -P "$pid"
    [[ $output == *"false sharing: mapping of 4096 bytes"*"main processes.c:13"* ]]
    [ "$(found "[(f['kind'], len({t['tid'] for t in f['threads']})) for f in j['findings']]")" = "[('false', 2)]" ]
    [ "$(found "[(p['threads'], p['accesses']['seen']) for p in j['processes']]")" = "[(1, 0), (1, 0), (1, 0)]" ]
}
