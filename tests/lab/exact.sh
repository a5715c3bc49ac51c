# shellcheck shell=dash disable=SC2086 # numbers
# numaprobe watch --exact on Debian's kernel, whose uprobes are perf events: a Go program's operations of a map are
# counted, and operations that overlap found. Needs tests/go-maps/counted.go, which a host with Go has built.
. /lab/tests/lib.sh

begin() { # WHAT OPTION...: the program waits, and is watched from when its probes are there
    what=$1
    shift
    rm -f /tmp/in /tmp/found /tmp/out /tmp/err
    mkfifo /tmp/in
    : >/tmp/out
    : >/tmp/err
    /bin/counted $what </tmp/in >/tmp/out &
    exec 9>/tmp/in
    until [ -s /tmp/out ]; do sleep 0.1; done
    pid=$(pidof counted)
    timeout 200 /bin/numaprobe watch --exact "$(head -n 1 /tmp/out)" -p $pid --duration 180s "$@" >/tmp/found 2>/tmp/err &
    watcher=$!
    until grep -q ' us ' /tmp/err || ! kill -0 $watcher; do sleep 0.1; done
    echo >&9
}
# The program is ended, and there is a report.
end() {
    n=0
    until grep -q 'done' /tmp/out || [ ! -d /proc/$pid ] || [ $n -gt 900 ]; do sleep 0.1 && n=$((n + 1)); done
    kill -TERM "$(pidof numaprobe)" 2>/dev/null
    wait $watcher
    exec 9>&-
    kill $pid 2>/dev/null
    cat /tmp/err /tmp/found
}
counts() {
    begin calls
    end
    grep -q '550000 operations$' /tmp/found && grep -q '200000  write   main.put ' /tmp/found
}
finds_overlaps() {
    begin overlap --overlaps
    end
    grep -q 'overlaps, [0-9]* times, first after' /tmp/found && grep -q 'a write   main.put ' /tmp/found
}
if [ -x /bin/counted ]; then
    ok "root: all operations of a map are counted" counts
    ok "root: a reader and a writer of a map that overlap are found" finds_overlaps
else
    echo "ok - watch --exact # SKIP the host has no Go"
fi
finish
