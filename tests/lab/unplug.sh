# shellcheck shell=dash disable=SC2086,SC2046 # of busybox; numbers, and lists of words
# A cpu goes away: before a run and in the middle of one.
. /lab/tests/lib.sh
cpu=2
switch() { echo $1 >/sys/devices/system/cpu/cpu$cpu/online; }

# A while in which all is well, then the cpu goes; the other thread stays. The run ends by itself, tells what it has
# measured until then, and names the cpu.
losing_run() {
    rm -f /tmp/run.csv
    /bin/numaprobe --cpus 0,$cpu --op add --align 64 --precision 0.00001 --max-time 100s --quiet --csv /tmp/run.csv \
        >/tmp/out 2>/tmp/err &
    pid=$!
    goes_on $pid 300 || return
    switch 0
    (sleep 30 && kill -KILL $pid) >/dev/null 2>&1 &
    wait $pid
    status=$?
    kill $!
    cp /tmp/run.csv /tmp/out /tmp/err /out/
    echo "status $status"
    cat /tmp/err
    case $status in
    77) [ "$(wc -l </tmp/err)" -eq 1 ] && grep -q "^numaprobe: .*cpu $cpu" /tmp/err ;;
    *) false ;; # 137: it went on; others above 128: it crashed
    esac
}
# Rows of before count, as far as nothing else disturbed them; none of after does. There may be none of after: the run
# also sees between two trials that the cpu is gone.
rows() {
    awk -F, '
        { sub(/\r$/, "") }
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { accepted = $at["accepted"]; reason = $at["reject_reason"]; total += accepted }
        $at["migrations"] > 0 || reason == "migration" { moved++; if (accepted) bad++ }
        moved { after++; kept += accepted; reasons[reason]++ }
        END {
            printf "%d rows, %d counted; ", NR - 1, total
            printf "from the first migration on %d, %d counted, reasons:", after, kept
            for (r in reasons) printf " %s (%d)", r, reasons[r]
            print ""
            exit !(total > 0 && !bad && !kept)
        }' /tmp/run.csv
}
one_cpu_less() { same "$1" "$(numaprobe topo --csv | wc -l)"; }
plan_avoids_it() {
    for place in compact spread one-per-node; do
        # shellcheck disable=SC2020
        numaprobe run --dry-run --place $place | grep '^cpus ' | tr -s ' ,' '\n\n' | grep -x $cpu && return 1
    done
    numaprobe --op add --align 64 --max-time 200ms --quiet >/dev/null
}

lines=$(numaprobe topo --csv | wc -l)
ok "a run that loses a cpu ends and names it" losing_run
ok "what was measured after that does not count" rows
ok "topo does not show an offline cpu" one_cpu_less $((lines - 1))
ok "placements avoid an offline cpu" plan_avoids_it
ok "an offline cpu that is named is refused" refused "--cpus: cpu $cpu is offline; 'echo 1 *" --cpus 0,$cpu
switch 1
ok "back online it is seen again" one_cpu_less $lines
finish
