# shellcheck shell=dash disable=SC2086,SC2046 # of busybox; numbers, and lists of words
# The latency of each node's memory, of a memory-only one too, and not of one without any. Emulated cpus have no
# caches, so that only what the rows say is looked at.
. /lab/tests/lib.sh
measure() {
    numaprobe matrix --memory --max-time 1s --precision 50% --quiet --strict --csv /tmp/memory.csv \
        --json /tmp/memory.json >/tmp/memory.out 2>&1
    status=$?
    cat /tmp/memory.out
    return $status
}
lines() { printf '%s\n' "$@"; }
# The first cpu of each node that has cpus, with each node that has memory: "CPU|NODE".
expected_points() {
    for cpu in $(node_lines | awk '$2 != "-" { print $2 }'); do
        for node in $(node_lines | awk '$4 != "-" { print $1 }'); do lines "$cpu|$node"; done
    done
}
every_point() {
    for name in cpu mem_node accepted; do column /tmp/memory.csv $name >/tmp/cells.$name; done
    same "$(expected_points | sort)" \
        "$(paste -d'|' /tmp/cells.cpu /tmp/cells.mem_node /tmp/cells.accepted | sed -n 's/|1$//p' | sort -u)"
}
verified() { same move_pages "$(column /tmp/memory.csv mem_verified | sort -u)"; }
names_the_others() { # nodes without memory, once each
    for node in $(node_lines | awk '$4 == "-" { print $1 }'); do
        [ "$(grep -c "node $node: has no memory" /tmp/memory.out)" -eq 1 ] || return
    done
}
# Above the kernel's reserve, in pages of 4 KiB.
room_of() { # NODE
    awk -v node=$1 '
        /^Node/ { inside = $2 == node "," }
        inside && $1 == "pages" && $2 == "free" { room += $3 }
        inside && $1 == "min" { room -= $2 }
        END { print room }' /proc/zoneinfo
}
# A node whose pages are taken, but for 3 MiB. Where memory is short the kernel raises its reserve for a while, so that
# there is room again when that ends: then these are taken, too.
full_node() {
    node=$(node_lines | awk '$4 != "-" { at = $1 } END { print at }')
    [ "$(node_lines | awk '$4 != "-"' | wc -l)" -gt 1 ] || return 0
    mkdir -p /tmp/full && mount -t tmpfs -o "mpol=bind:$node,size=100%" full /tmp/full || return
    for turn in 1 2 3 4 5; do
        room=$(room_of $node)
        [ $room -le 768 ] || dd if=/dev/zero of=/tmp/full/$turn bs=4k count=$((room - 768)) 2>/dev/null
        numaprobe matrix --memory --max-time 1s --precision 50% --quiet >/tmp/full.out 2>&1
        status=$?
        echo "turn $turn: room for $room pages"
        cat /tmp/full.out
        grep -q "node $node: is full" /tmp/full.out && break
    done
    umount /tmp/full
    [ $status -eq 0 ] && [ "$(grep -c "node $node: is full: room for [0-9]* KiB" /tmp/full.out)" -eq 1 ]
}
ok "matrix --memory measures" measure
ok "matrix --memory has every kind of cpu on every node with memory" every_point
ok "matrix --memory knows where its pages are" verified
ok "matrix --memory names a node without memory" names_the_others
ok "matrix --memory names a node that is full, and measures the others" full_node
finish
