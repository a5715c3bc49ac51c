# shellcheck shell=dash disable=SC2086 # a status; a number
# numaprobe watch where the kernel restricts it: Debian boots with perf_event_paranoid 3, and Yama may forbid one process to
# look into another. A guest's debug registers are emulated.
. /lab/tests/lib.sh
paranoid() { echo $1 >/proc/sys/kernel/perf_event_paranoid; }
scope() { echo $1 >/proc/sys/kernel/yama/ptrace_scope; }
# USER PROGRAM OPTION...: of a program of the same user; its status is that of watch. Those that count have two threads.
watch() {
    user=$1 program=$2
    shift 2
    su $user -s /bin/sh -c "exec /bin/$program 600 $(case $program in watched*) echo 2 ;; esac)" >/dev/null &
    until pid=$(pidof $program); do sleep 0.1; done
    sleep 1
    timeout 200 su $user -s /bin/sh -c "/bin/numaprobe watch -p $pid $*" >/tmp/out 2>/tmp/err
    status=$?
    kill $pid
    wait
    cat /tmp/out /tmp/err
    return $status
}
# USER: a line that two threads count on is falsely shared, or both were seen there and emulation was too slow to tell.
proves() {
    watch $1 watched-8 --duration 12s --fail-on false-sharing
    case $status in
    1) grep -q '^1\. false sharing: global count' /tmp/out ;;
    *) grep -q 'questions to watchpoints were answered too late to count' /tmp/out ;;
    esac
}
# The main thread reads each counter now and then, which is true sharing.
accuses_nothing() { # USER
    watch $1 watched-256 --duration 6s --fail-on false-sharing && grep -q 'Watching took' /tmp/out
}
runs_on_when_killed() {
    /bin/watched-8 60 2 >/tmp/work &
    sleep 1
    /bin/numaprobe watch -q -p $! &
    sleep 3
    kill -KILL $!
    sleep 1
    before=$(wc -l </tmp/work)
    sleep 3
    same "TracerPid: 0" "$(grep TracerPid "/proc/$(pidof watched-8)/status" | tr '\t' ' ')" &&
        [ "$(wc -l </tmp/work)" -gt $before ]
    found=$?
    kill "$(pidof watched-8)"
    return $found
}
refuses() { # WORDS
    watch nobody watched-8 --duration 2s
    cat /tmp/err
    [ $status -eq 77 ] && [ ! -s /tmp/out ] && same 1 "$(wc -l </tmp/err)" && grep -q "$1" /tmp/err
}

ok "root: counters on a line are proved to be falsely shared" proves root
ok "root: counters apart are not" accuses_nothing root
ok "a tool that is killed leaves a program that runs on" runs_on_when_killed
paranoid 3
ok "paranoid 3 refuses a plain user in one line that names it" refuses perf_event_paranoid
paranoid 2
ok "paranoid 2: a plain user watches an own program" proves nobody
if [ -e /proc/sys/kernel/yama/ptrace_scope ]; then
    scope 1
    ok "Yama 1: a plain user watches an own program" proves nobody
fi
finds_maps() { # USER
    watch $1 four --maps --duration 6s && grep -q 'main.numbers, map\[uint64\]uint64 at 0x' /tmp/out &&
        grep -q 'main.useNumbers' /tmp/out
}
refuses_maps() {
    watch root four --maps --duration 1s
    [ $status -eq 77 ] && [ ! -s /tmp/out ] && same 1 "$(wc -l </tmp/err)" && grep -q 'needs x86-64' /tmp/err
}
finds_locks() { # USER
    watch $1 waits --locks --duration 4s && grep -q 'Mutex.Lock, ' /tmp/out && grep -q 'main.useMutex' /tmp/out
}
refuses_locks() {
    watch nobody waits --locks --duration 1s
    [ $status -eq 77 ] && [ ! -s /tmp/out ] && same 1 "$(wc -l </tmp/err)" && grep -q 'ptrace_scope' /tmp/err
}
if [ -x /bin/four ]; then
    if [ "$(uname -m)" = x86_64 ]; then
        ok "root sees the maps of a Go program" finds_maps root
    else
        ok "maps are refused in one line" refuses_maps
    fi
    if [ -e /proc/sys/kernel/yama/ptrace_scope ]; then
        ok "Yama 1: switching on its profiles is refused in one line" refuses_locks
        scope 0
    fi
    ok "a plain user sees who waits for locks in an own Go program" finds_locks nobody
fi
finish
