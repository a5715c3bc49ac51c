# shellcheck shell=dash disable=SC2086,SC2046 # of busybox; numbers, and lists of words
# numaprobe matrix on a machine of several nodes: pairs, rounds, distances, and memory on the home asked for. Threads of
# eight cpus on two of the host's wait a time slice for each other, so few batches are played, and no time is looked at.
. /lab/tests/lib.sh
read -r sockets cores threads <<END
$smp
END
cpus=$((sockets * cores * threads)) csv=/tmp/matrix.csv
last_node=$(node_lines | awk '$4 != "-" { n = $1 } END { print n }')
node_of() { node_lines | awk -v cpu=$1 '$2 <= cpu && cpu <= $3 { print $1 }'; }

matrix() { # OPTION...
    rm -f $csv
    timeout 150 /bin/numaprobe matrix --quiet --strict --csv $csv "$@" >/tmp/out 2>/tmp/err
    status=$?
    cat /tmp/out /tmp/err
    cp $csv /tmp/out /out/ 2>/dev/null
    return $status
}
cells() { # COLUMN...: of each row, distinct
    for name; do column $csv $name >/tmp/cells.$name || return; done
    paste -d' ' $(for name; do echo /tmp/cells.$name; done) | sort -u
}

# Node and way of knowing, in every row.
home() { # OPTION HOME NODE...
    option=$1 name=$2
    shift 2
    matrix --cpus 0,$((cpus - 1)) --max-time 40s --precision 100% --tolerance 100% --home $option || return
    same "$(for n; do echo "$name move_pages $n"; done)" "$(cells home mem_verified mem_node)"
}
# From outside, in the kernel's own words, while it measures.
mapped() { # NODE: pages of that policy, on that node only
    /bin/numaprobe matrix --cpus 0,$((cpus - 1)) --home $1 --precision 0.00001 --max-time 20s --quiet >/tmp/out 2>&1 &
    pid=$! found=1
    for _ in $(seq 100); do
        grep " bind:$1 " /proc/$pid/numa_maps >/tmp/maps 2>/dev/null &&
            grep -q " N$1=" /tmp/maps && ! grep -qE " N[^$1]=" /tmp/maps && found=0 && break
        sleep 0.1
    done
    cat /tmp/maps
    kill -TERM $pid
    wait $pid
    return $found
}
# As many rounds as cores less one, times pairs of threads of two cores, and one for the siblings.
rounds() {
    want=$(((sockets * cores - 1) * threads * threads + threads - 1))
    same $want "$(numaprobe matrix --dry-run | sed -n 's/^rounds  *\([0-9]*\) a block.*/\1/p')"
}
# A block is enough to see every pair.
every_pair() {
    matrix --max-time 80s --precision 100% --tolerance 100% || return
    cells cpu peer >/tmp/pairs
    same $((cpus * (cpus - 1) / 2)) "$(wc -l </tmp/pairs)" &&
        awk '$1 >= $2 { bad = 1 } END { exit bad }' /tmp/pairs
}
# Half as many as cores; where these have siblings, all cores in the siblings' round.
side_by_side() {
    most=$((sockets * cores / (threads > 1 ? 1 : 2)))
    same $most "$(column $csv beside | sort -nu | tail -n 1)"
}
classes() {
    matrix --classes --max-time 5s || return
    want="other package"
    [ $cores -lt 2 ] || want="$want
same L3"
    [ $threads -lt 2 ] || want="$want
same core"
    same "$(echo "$want" | sort)" "$(cells distance)" && same 1 "$(cells beside)"
}

ok "the memory of a pair is its first cpu's" home first first $(node_of 0)
ok "the memory of a pair is its second cpu's" home second second $(node_of $((cpus - 1)))
ok "the memory of a pair is a node's" home $last_node node $last_node
ok "the memory of a pair is each node's in turn" home all node $(node_lines | awk '$4 != "-" { print $1 }')
ok "the pages are where the kernel says" mapped $last_node
ok "rounds are those of a tournament of cores" rounds
ok "every pair is measured" every_pair
ok "pairs are measured side by side" side_by_side
ok "of each distance a few pairs, alone" classes
finish
