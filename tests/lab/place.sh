# shellcheck shell=dash disable=SC2086,SC2046 # of busybox; numbers, and lists of words
# Threads and measured memory are where numaprobe says: looked at from outside, in /proc, while it measures.
. /lab/tests/lib.sh
memory_nodes=$(node_lines | awk '$4 != "-" { print $1 }')
first_cpus=$(node_lines | awk '$2 != "-" { print $2 }')

affinities() { for t in $(threads_of $pid); do sed -n 's/^Cpus_allowed_list:\t//p' $t; done 2>/dev/null | sort -n; }
# Only measured memory has a policy of its own; the kernel joins neighbours of the same policy. WANT is "bind:1"
# or "interleave:0-2"; all pages must be on its nodes and evenly so, and there must be some 120 of them, of two
# arenas.
mapped_as() { # WANT NODE...
    grep -E '^[0-9a-f]+ (bind|interleave|prefer)' /proc/$pid/numa_maps >/tmp/maps 2>/dev/null
    cat /tmp/maps
    want=$1
    shift
    awk -v want="$want" -v nodes="$*" '
        $2 != want { bad = 1 }
        { for (i = 3; i <= NF; i++) if (split($i, n, /[N=]/) == 3 && $i ~ /^N/) { pages[n[2]] += n[3]; all += n[3] } }
        END {
            count = split(nodes, node, " ")
            for (i = 1; i <= count; i++) {
                even += pages[node[i]]
                if (pages[node[i]] < 0.8 * all / count) bad = 1
            }
            exit bad || even != all || all < 100
        }' /tmp/maps
}

look() { # CPUS WANT NODE...
    cpus=$1
    shift
    deadline=$(($(date +%s) + 20))
    while [ -d /proc/$pid ] && [ $(date +%s) -lt $deadline ]; do
        [ "$(affinities)" = "$cpus" ] && mapped_as "$@" >/dev/null && return
        sleep 0.1
    done
    echo "threads on: $(affinities)"
    mapped_as "$@"
    cat /tmp/err
    return 1
}
rows() { # MEM_NODE: what the run wrote of itself
    same "$1" "$(column /tmp/run.csv mem_node | sort -u)" &&
        same move_pages "$(column /tmp/run.csv mem_verified | sort -u)" &&
        same 0 "$(column /tmp/run.csv migrations | sort -u)"
}
# The run ends by a signal when enough was seen, after which all measured so far must have been written.
placed() { # CPUS "WANT NODE..." MEM_NODE OPTION...
    cpus=$1 want=$2 mem_node=$3
    shift 3
    rm -f /tmp/run.csv
    /bin/numaprobe --op add --align 64 --precision 0.00001 --max-time 60s --quiet --csv /tmp/run.csv "$@" \
        >/tmp/out 2>/tmp/err &
    pid=$!
    (sleep 90 && kill -KILL $pid) >/dev/null 2>&1 &
    dog=$!
    look "$cpus" $want
    looked=$?
    goes_on $pid 30
    kill -TERM $pid
    wait $pid
    ended=$?
    kill $dog
    same 143 $ended && [ $looked -eq 0 ] && rows "$mem_node"
}

every_node_for() { # CPU
    for n in $memory_nodes; do
        rm -f /tmp/run.csv
        numaprobe --op add --align 64 --max-time 100ms --quiet --strict --cpus $1 --mem-node $n --csv /tmp/run.csv \
            >/dev/null && rows $n || return
    done
}

lines() { printf '%s\n' "$@"; }
range() { # of memory nodes, as the kernel writes it
    [ "${memory_nodes%%[!0-9]*}" = "${memory_nodes##*[!0-9]}" ] && echo $memory_nodes ||
        echo "${memory_nodes%%[!0-9]*}-${memory_nodes##*[!0-9]}"
}
read -r _ cores threads <<END
$smp
END
near="0 $threads" far="0 $((cores * threads))"

ok "one-per-node: a thread on the first cpu of each node, memory on the first's" \
    placed "$first_cpus" "bind:0 0" 0 --place one-per-node
ok "interleave: pages evenly on all nodes with memory" \
    placed "$(lines $far)" "interleave:$(range) $memory_nodes" interleave --place spread --mem-node interleave
if [ $remote = none ]; then
    ok "remote: refused where all memory is near" \
        refused "--mem-node remote: no node with memory is remote to all of the cpus; *" --mem-node remote
else
    ok "remote: all pages on the farthest node with memory, node $remote" \
        placed "$(lines $near)" "bind:$remote $remote" $remote --place compact --mem-node remote
fi
while read -r node first last mib; do
    case $first:$mib in
    -:*) ;; # no thread can be local there
    *:-)
        ok "node $node has cpus and no memory: local is refused" refused \
            "--mem-node local: cpu $last is on node $node, which has no memory; *" --cpus $last
        ok "node $node has no memory: naming it is refused" refused \
            "--mem-node: node $node has no memory; *" --mem-node $node
        ;;
    *) ok "local to cpu $last is node $node" placed $last "bind:$node $node" $node --cpus $last ;;
    esac
done <<END
$(node_lines)
END
ok "any node with memory can be measured from the last cpu, strictly" \
    every_node_for $(echo "$first_cpus" | tail -n 1)
ok "a node that is not there is refused" refused "--mem-node: node 9 does not exist; *" --mem-node 9
finish
