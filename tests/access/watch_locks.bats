#!/usr/bin/env bats
# numaprobe watch --locks: waits of a Go program are those that its own profile has, and its profiles are as they were
# afterwards; of a program in C, its threads are seen asleep.

load ../common

setup_file() {
    go_setup_file tests/go-locks/waits.go
    cat >"$box/app.c" <<'END'
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
__attribute__((noinline)) static void update(void)
{
    pthread_mutex_lock(&table_lock);
    usleep(20000);
    pthread_mutex_unlock(&table_lock);
}
static void *work(void *none)
{
    for (;;)
        update();
    return none;
}
int main(int argc, char **argv)
{
    pthread_t id;
    for (int i = 0; i < 3; i++)
        pthread_create(&id, NULL, work, NULL);
    sleep((unsigned)atoi(argv[1]));
    return argc > 2;
}
END
    gcc -O2 -g -pthread -o "$box/app" "$box/app.c"
}
setup() { go_setup; }
teardown() { kill "$pid" 2>/dev/null || true; }

start() { # PROGRAM SECONDS [WORD]
    [ -x "$1" ] || skip "no Go here that makes $1"
    "./$1" "${@:2}" >out 3>&- &
    pid=$!
    until [ "$(cat /proc/$pid/comm)" = "${1:0:15}" ]; do sleep 0.05; done # the shell has become it
    sleep 0.5
}
# What symbols of the process have now: the rates of mutexes and of blocks.
rates() {
    python3 - "$1" "$2" <<'END'
import struct, subprocess, sys
program, pid = sys.argv[1:]
where = {line.split()[2]: int(line.split()[0], 16) for line in
         subprocess.run(["nm", program], capture_output=True, text=True, check=True).stdout.splitlines()
         if line.endswith("profilerate")}
with open(f"/proc/{pid}/mem", "rb") as memory:
    for name in ("runtime.mutexprofilerate", "runtime.blockprofilerate"):
        memory.seek(where[name])
        print(struct.unpack("<Q", memory.read(8))[0], end=" ")
END
}

# PROGRAM: its own profile is on, and what watch has of the middle is that, for a second.
as_its_profile() {
    start "$1" 8 profile # far longer than it is watched: a busy machine takes its time to begin and to end
    "$numaprobe" watch --locks -p $pid --duration 3s --json found.json --quiet
    [ "$(rates "$1" $pid)" = "0 1 " ] # of blocks as the program set it; of mutexes off again
    wait $pid
    python3 - <<'END'
import json
found = json.load(open("found.json"))
own = {p[1].replace("sync.(*", "").replace(")", ""): (float(p[2]), int(p[3])) for p in
       (line.split() for line in open("out") if line.startswith("profile"))}
for lock in ("Mutex.Lock", "RWMutex.RLock", "RWMutex.Lock"):
    rows = [w for w in found["waits"] if w["role"] == "waiter" and w["lock"] == lock]
    # On a busy machine the program's own profile may have no wait of this kind for seconds.
    assert rows or own.get(lock, (0, 0))[1] < 100, (lock, own)
    assert all(w["stack"][0]["file"].endswith("waits.go") for w in rows), (lock, rows)
    if lock == "Mutex.Lock":
        seconds, waits = (sum(w[k] for w in rows) / found["seconds"] for k in ("seconds", "waits"))
        print(lock, seconds, waits, [x / 8 for x in own[lock]])
        assert abs(seconds / (own[lock][0] / 8) - 1) < 0.1
        assert 1 / 2 < waits / (own[lock][1] / 8) < 2 # in these 3 of the 8 seconds: it depends on what else runs
END
}

@test "watch --locks: Go 1.19's waits are those of its own profile" { as_its_profile old; }
@test "watch --locks: Go 1.24's, too" { as_its_profile new; }

@test "watch --locks: profiles are switched on and off again; what a killed one leaves is switched off" {
    start old 60
    "$numaprobe" watch --locks -p $pid >text 3>&- &
    tool=$!
    sleep 1
    [ "$(rates old $pid)" = "1 3 " ]
    kill -TERM $tool
    wait $tool
    grep -q '^Who waited for a lock:$' text
    [ "$(rates old $pid)" = "0 0 " ]
    "$numaprobe" watch --locks -p $pid --quiet 3>&- &
    tool=$!
    sleep 1
    kill -KILL $tool
    [ "$(rates old $pid)" = "1 3 " ]
    "$numaprobe" watch --locks-off $pid
    [ "$(rates old $pid)" = "0 0 " ]
    run "$numaprobe" watch --locks-off $pid
    [ "$status" -eq 2 ]
    [ "$output" = "numaprobe: process $pid: no numaprobe left its profiles switched on" ]
}

@test "watch --locks: of a program that ends, what it had half a second before" {
    start old 2
    "$numaprobe" watch --locks -p $pid >text
    grep -q 'Mutex.Lock, ' text
}

@test "watch --locks: of a stripped program the profiles are found by its code" {
    for program in old new; do
        [ -x $program ] || continue
        start $program-stripped 60
        "$numaprobe" watch --locks -p $pid --duration 1s >text
        kill $pid
        grep -q ' s  Mutex.Lock, ' text
        grep -Eq '^ +main.useMutex  .*waits.go:[0-9]+$' text
    done
}

@test "watch --locks: a program in C waits for its mutex" {
    start app 60
    "$numaprobe" watch --locks -p $pid --duration 3s --json found.json >text
    grep -Eq '^ +[0-9.]+ s  pthread_mutex_lock of table_lock$' text
    python3 - <<'END'
import json
found = json.load(open("found.json"))
rows = [w for w in found["waits"] if w["name"] == "table_lock"]
# Two of three threads wait at any time.
assert len(rows) == 1 and 1.5 < rows[0]["seconds"] / found["seconds"] < 2.1, rows
assert rows[0]["waits"] is None and rows[0]["stack"][0]["function"] == "update", rows
END
}

@test "watch --locks: two reports at once are refused" {
    run "$numaprobe" watch --locks --maps -p 1
    [ "$status" -eq 2 ]
    [ "$output" = "numaprobe: watch: --maps, --locks, --exact and --price are reports; ask for one of them" ]
}
