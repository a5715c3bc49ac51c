# shellcheck shell=dash disable=SC2086,SC2046 # of busybox; numbers, and lists of words
# One thread, for guests in which cpus take turns: two that spin for each other would wait 30 ms a round.
. /lab/tests/lib.sh
one_thread() {
    rm -f /tmp/run.csv
    numaprobe --cpus $1 --max-time 300ms --quiet --strict --csv /tmp/run.csv >/dev/null || return
    same $1 "$(column /tmp/run.csv cpu | sort -u)" && same 0 "$(column /tmp/run.csv mem_node | sort -u)" &&
        same move_pages "$(column /tmp/run.csv mem_verified | sort -u)" &&
        column /tmp/run.csv accepted | grep -qx 1
}
ok "one thread on cpu 0" one_thread 0
ok "one thread on cpu 1" one_thread 1
finish
