# shellcheck shell=dash disable=SC2086 # of busybox; lists of words
# numaprobe maps on a machine of several nodes: maps lie locally, interleaved, or each shard with its owner.
. /lab/tests/lib.sh
memory_nodes=$(node_lines | awk '$2 != "-" && $4 != "-" { print $1 }')
cpus=$(node_lines | awk '$2 != "-" && $4 != "-" { printf "%s%s", n++ ? "," : "", $2 }')
first=$(echo "$memory_nodes" | head -n 1) csv=/tmp/maps.csv

maps() { # MEMORY OPTION...
    memory=$1
    shift
    rm -f $csv
    timeout 100 /bin/numaprobe maps --quiet --strict --load new-keys --strategy mutex,sharded --align 64 --cpus $cpus \
        --mem-node $memory --csv $csv "$@" >/tmp/out 2>/tmp/err
    status=$?
    cat /tmp/out /tmp/err
    return $status
}
# Of each strategy: where its memory is said to lie, and how that is known. No trial found it elsewhere.
lies() { # MEMORY MUTEX SHARDED
    maps $1 --max-time 2s || return
    for name in layout mem_node mem_verified; do column $csv $name >/tmp/cells.$name || return; done
    same "$(printf 'mutex %s move_pages\nsharded %s move_pages' $2 $3)" \
        "$(paste -d' ' /tmp/cells.layout /tmp/cells.mem_node /tmp/cells.mem_verified | sort -u)" &&
        same "" "$(column $csv reject_reason | grep 'memory on another node')"
}
# From outside, in the kernel's own words, while it measures: pages with the policy of each node are on that node
# alone, and every node has some.
owned() {
    /bin/numaprobe maps --quiet --load new-keys --strategy sharded --align 64 --cpus $cpus --mem-node owner \
        --precision 0.00001 --max-time 20s >/tmp/out 2>&1 &
    pid=$! found=1
    for _ in $(seq 150); do
        found=0
        for n in $memory_nodes; do
            grep " bind:$n " /proc/$pid/numa_maps >/tmp/bound.$n 2>/dev/null
            grep -q " N$n=" /tmp/bound.$n && ! grep -qE " N[^$n]=" /tmp/bound.$n || found=1
        done
        [ $found -eq 0 ] && break
        sleep 0.1
    done
    kill -TERM $pid
    wait $pid
    [ $found -eq 0 ] || cat /tmp/bound.* /tmp/out
    return $found
}

ok "local: all of a map on the first cpu's node" lies local $first $first
ok "interleave: of all maps" lies interleave interleave interleave
ok "owner: the shards of a sharded map" lies owner $first owner
ok "owner: pages of shards are on the node of each owner" owned
finish
