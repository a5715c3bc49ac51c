# shellcheck shell=dash disable=SC2086,SC2046 # of busybox; numbers, and lists of words
# The PMU of this guest counts cycles and instructions exactly, and nothing else: other events open and read 0. Debian
# boots with perf_event_paranoid 3, which refuses even a process that counts itself.
. /lab/tests/lib.sh
paranoid() { echo $1 >/proc/sys/kernel/perf_event_paranoid; }
as() { timeout 60 su $1 -s /bin/sh -c "$2"; } # USER COMMAND
cell() { # CSV-LINES COLUMN ROLE: of `events --csv` and the like
    printf '%s\n' "$1" | tr -d '\r' | awk -F, -v want="$2" -v role="$3" '
        { gsub(/"[^"]*"/, "text") }
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["role"] == role { print $at[want] }'
}
# Events by ops of every accepted row: within 1.5% of what is known, but for a quarter of them: where the kernel is
# counted too, what it does in an interrupt comes on top.
near() { # CSV COLUMN EXPECTED
    for name in accepted counted_ops $2; do column $1 $name >/tmp/$name || return; done
    paste /tmp/accepted /tmp/counted_ops /tmp/$2 | awk -v known=$3 '
        $1 != 1 { next } # a context switch took the counter away
        NF < 3 { print "row " NR " has no count"; bad = 1; next }
        { ratio = $3 / $2 / known; n++ }
        ratio > 1.015 { over++ }
        ratio < 0.985 || ratio > 1.1 { print "row " NR ": " $3 " events, " $2 " ops"; bad = 1 }
        END { exit bad || n < 20 || over > n / 4 }'
}

has_pmu() { [ -e /sys/bus/event_source/devices/armv8_pmuv3 ]; }
resolves() { # BACKEND ROLE HERE
    same "$3" "$(cell "$(numaprobe events --csv --counters $1)" here $2)"
}
# A store's loop in this program is $instructions long, as its object code says (scripts/lab/pack).
counts_known_work() { # BACKEND COLUMNS...
    backend=$1
    numaprobe run --cpus 0 --op store --max-time 2s --quiet --counters $backend \
        --events cycles,instructions --csv /tmp/run.csv >/tmp/run.out || return
    cat /tmp/run.out
    grep -q "^Events: $backend (as asked), $2;" /tmp/run.out && near /tmp/run.csv instructions $instructions &&
        near /tmp/run.csv cycles $((2 * instructions)) && # virtual time: 2 ns an instruction, 1 GHz
        same "1 1" "$(column /tmp/run.csv instructions_share | paste -d' ' /tmp/accepted - | grep '^1' | sort -u)"
}
leaves_silent_events_empty() {
    numaprobe run --cpus 0 --op store --max-time 1s --quiet --events r8,r19 --csv /tmp/run.csv >/tmp/run.out || return
    cat /tmp/run.out
    same "" "$(column /tmp/run.csv raw2 | sort -u)" && same 1 "$(column /tmp/run.csv raw2_share | sort -u)" &&
        near /tmp/run.csv raw1 $instructions && grep -q 'r19: nothing proves' /tmp/run.out
}
. /lab/store # instructions=...
work='i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done'
counted() { # ROLE OPTION...: its count over the work, by stat
    role=$1
    shift
    numaprobe stat --csv /tmp/stat.csv "$@" -- sh -c "$work" 2>/tmp/stat.err || return
    cell "$(cat /tmp/stat.csv)" count $role
}
within() { # PERCENT A B
    awk -v p=$1 -v a=$2 -v b=$3 'BEGIN { print a, b; exit !(a > 0 && b > 0 && a / b < 1 + p / 100 && b / a < 1 + p / 100) }'
}
stat_repeats() { within 1.5 "$(counted instructions)" "$(counted instructions)"; }
# Another counts on this cpu, with a group so large that both do not fit beside each other: the kernel makes them
# take turns.
scales_what_took_turns() {
    alone=$(counted instructions --events instructions,r8,r11) || return
    taskset 1 numaprobe stat --cpus 0 --events cycles,instructions,r8,r11,r1b,r3 -- tail -f /dev/null 2>/tmp/other &
    other=$!
    until pidof tail >/dev/null; do sleep 0.1; done # it has begun to count
    shared=$(taskset 1 numaprobe stat --csv /tmp/stat.csv --events instructions,r8,r11 -- sh -c "$work" 2>/tmp/stat.err &&
        cell "$(cat /tmp/stat.csv)" count instructions)
    share=$(cell "$(cat /tmp/stat.csv)" share instructions)
    kill $other
    cat /tmp/stat.err
    echo "share $share"
    awk -v share="$share" 'BEGIN { exit !(share > 0 && share < 0.95) }' || return # else nothing was scaled
    within 10 "$alone" "$shared"
}
ab_counts() {
    numaprobe ab --blocks 20 --cpus 0 --quiet --events instructions --judge instructions --csv /tmp/ab.csv \
        --a 'seq 3000' --b 'seq 6000' >/tmp/ab.out
    cat /tmp/ab.out
    numaprobe stat --csv /tmp/stat.csv --events instructions -- seq 3000 >/tmp/seq.out 2>&1 || return
    grep -q 'b counts more instructions than a: ' /tmp/ab.out &&
        within 1.5 "$(cell "$(cat /tmp/stat.csv)" count instructions)" \
            "$(grep ',seq 3000,' /tmp/ab.csv | head -1 | cut -d, -f26)"
}
# A look-up takes some instructions, always about as many; virtual time has two cycles for each.
maps_counts() {
    numaprobe maps --cpus 0 --strategy mutex,none --load reads-100 --max-time 3s --quiet --events cycles,instructions \
        --csv /tmp/maps.csv >/tmp/maps.out || return
    cat /tmp/maps.out
    grep -q 'cycles/op  *instructions/op' /tmp/maps.out || return
    for name in accepted counted_ops layout cycles instructions; do column /tmp/maps.csv $name >/tmp/$name || return; done
    paste -d, /tmp/accepted /tmp/counted_ops /tmp/layout /tmp/cycles /tmp/instructions | awk -F, '
        $1 != 1 { next }
        $4 == "" || $5 == "" { print "row " NR " has no count"; bad = 1; next }
        $4 / $5 < 1.97 || $4 / $5 > 2.03 { print "row " NR ": " $4 " cycles, " $5 " instructions"; bad = 1 }
        { sum[$3] += $5 / $2; n[$3]++ }
        END {
            if (!n["mutex"] || !n["none"]) exit 1
            print "instructions an op: mutex", sum["mutex"] / n["mutex"], "none", sum["none"] / n["none"]
            exit bad || sum["none"] / n["none"] < 5 || sum["mutex"] / n["mutex"] < 2 * sum["none"] / n["none"]
        }'
}
few_descriptors() {
    (ulimit -n 12 && numaprobe run --cpus 0 --op store --max-time 300ms --quiet --csv /tmp/run.csv) >/tmp/run.out || return
    column /tmp/run.csv accepted | grep -qx 1
}
forbidden() { # USER: the rest of the measurement, and why
    rm -f /tmp/run.csv
    as $1 'numaprobe run --cpus 0 --op store --max-time 300ms --quiet --csv /tmp/run.csv' >/tmp/run.out || return
    cat /tmp/run.out
    grep -q "perf_event_paranoid is $(cat /proc/sys/kernel/perf_event_paranoid)" /tmp/run.out &&
        same "" "$(column /tmp/run.csv instructions | sort -u)" &&
        column /tmp/run.csv accepted | grep -qx 1 && column /tmp/run.csv page_faults | grep -qx 0
    status=$?
    rm -f /tmp/run.csv
    return $status
}
counts_for() { # USER BACKEND
    as $1 "numaprobe run --cpus 0 --op store --max-time 1s --quiet --counters $2 --events cycles,instructions --csv /tmp/$1.csv" \
        >/tmp/run.out || return
    cat /tmp/run.out
    near /tmp/$1.csv instructions $instructions
    status=$?
    rm -f /tmp/$1.csv
    return $status
}
papi_says_why() { # at paranoid 3 PAPI disables itself, even for root
    numaprobe events --counters papi --events instructions >/tmp/events.out || return
    cat /tmp/events.out
    grep -q '^instructions  no' /tmp/events.out && grep -qi 'paranoid' /tmp/events.out
}

ok "this guest has a PMU" has_pmu
paranoid 3
ok "paranoid 3, root: perf counts" counts_for root perf
ok "paranoid 3, nobody: the rest is measured, and why" forbidden nobody
ok "paranoid 3: PAPI says why it cannot" papi_says_why
paranoid 2
ok "paranoid 2, nobody: perf counts" counts_for nobody perf
paranoid 1
ok "paranoid 1, nobody: perf counts" counts_for nobody perf
ok "paranoid 1, nobody: PAPI counts" counts_for nobody papi
ok "paranoid 1, root: PAPI counts" counts_for root papi
for backend in perf papi; do
    ok "$backend proves cycles" resolves $backend cycles counts
    ok "$backend proves instructions" resolves $backend instructions counts
done
ok "PAPI's loads are silent here, and not believed" resolves papi loads no
ok "perf, read(): known work" counts_known_work perf "read()"
ok "PAPI: known work" counts_known_work papi "PAPI_read()"
echo 1 >/proc/sys/kernel/perf_user_access
ok "perf, in user space: known work" counts_known_work perf "read in user space"
echo 0 >/proc/sys/kernel/perf_user_access
ok "an event that stays at 0 gives no zeros" leaves_silent_events_empty
ok "stat counts the same twice" stat_repeats
ok "stat scales what took turns" scales_what_took_turns
ok "ab counts each run, as stat does" ab_counts
ok "maps counts beside its times" maps_counts
ok "few file descriptors" few_descriptors
# On one cpu: with icount the counter of one also takes in what the other runs meanwhile.
for t in /lab/bin/test_*; do
    ok "$(basename $t)" taskset 1 $t
done
finish
