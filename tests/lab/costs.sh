# shellcheck shell=dash disable=SC2086,SC2046 # of busybox; numbers, and lists of words
# A price list where all kinds of places are: siblings, other cores, another package, memory near and far. Emulated
# cpus have no caches and take turns on the host's, so that only what the rows say is looked at, and of few prices.
. /lab/tests/lib.sh
measure() {
    timeout 150 numaprobe costs --op load --gap 0 --cpus 0,1,2,4,6 --max-time 1s --quiet --strict \
        --csv /tmp/costs.csv >/tmp/costs.out 2>&1
    status=$?
    cat /tmp/costs.out
    return $status
}
# The distinct rows of some columns, in order of time: "LAYOUT|STATE|DISTANCE|HOME|MEM_NODE".
cells() {
    for name in "$@"; do column /tmp/costs.csv $name >/tmp/cells.$name || return; done
    paste -d'|' $(printf '/tmp/cells.%s ' "$@") | sort -u
}
lines() { printf '%s\n' "$@"; }
expected_places() {
    for home in 'local|0' 'remote|1'; do
        for state in exclusive modified shared; do
            for distance in 'other package' 'same L3' 'same core' 'same cpu'; do
                lines "line|$state|$distance|$home"
            done
        done
        lines "line|invalid||$home"
    done
}
has_all_places() {
    same "$(expected_places | sort)" "$(cells layout state distance home mem_node | grep '^line')"
}
verified() { same move_pages "$(column /tmp/costs.csv mem_verified | sort -u)"; }
# Each owner is where its distance says: 0 and 1 are siblings, 2 and 3 the other core, 4 and 6 cores of the other package.
owners() {
    same "$(lines '|' 'other package|4' 'same L3|2' 'same core|1' 'same cpu|0' | sort)" \
        "$(cells distance peer layout | sed -n 's/|line$//p')"
}
contended() { # each number of contenders, together and alone
    same "$(for k in 2 4 5; do lines "hold|$k" "isolated|$k"; done | sort)" \
        "$(cells layout threads | grep -v '^line')"
}
ok "costs measures all prices, strictly" measure
ok "every state, owner and home is there" has_all_places
ok "owners are the cpus that they should be" owners
ok "memory is verified on both nodes" verified
ok "2, 4 and all 5 contend" contended
ok "what is not there is said" grep -q '^other L3 .*the package has no core behind another L3' /tmp/costs.out
finish
