# shellcheck shell=dash disable=SC2086,SC2046 # of busybox; numbers, and lists of words
# What can be counted here, whatever that is: each role counts, or says why not; and a run has the rest.
. /lab/tests/lib.sh
counts_or_says_why() { # BACKEND
    numaprobe events --csv --counters $1 >/tmp/events.csv || return
    awk -F, '
        { sub(/\r$/, ""); gsub(/"[^"]*"/, "text") }
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { n++ }
        ($at["here"] == "no") == ($at["why"] == "") { print; bad++ }
        END { exit bad || n < 10 }' /tmp/events.csv
}
# No cell is a zero that nothing proves, and where cells are empty the reason stands beside them.
runs() { # USER BACKEND
    rm -f /tmp/run.csv
    timeout 60 su $1 -s /bin/sh -c "numaprobe run --cpus 0 --op store --max-time 500ms --quiet --counters $2 --csv /tmp/run.csv" \
        >/tmp/run.out || return
    column /tmp/run.csv accepted | grep -qx 1 || return
    column /tmp/run.csv context_switches | grep -qx 0 || return
    column /tmp/run.csv instructions | grep -qx 0 && return 1
    [ -n "$(column /tmp/run.csv instructions | head -n 1)" ] || column /tmp/run.csv counters_reason | grep -q .
    status=$?
    rm -f /tmp/run.csv
    return $status
}
for backend in perf papi; do
    ok "events by $backend count or say why" counts_or_says_why $backend
done
for level in 3 2 1; do
    echo $level >/proc/sys/kernel/perf_event_paranoid
    for user in root nobody; do
        ok "paranoid $level, $user: run --counters perf, papi" eval "runs $user perf && runs $user papi"
    done
done
finish
