# shellcheck shell=dash disable=SC2086,SC2046 # of busybox; numbers, and lists of words
# numaprobe topo sees the machine that this guest was given.
. /lab/tests/lib.sh
read -r sockets cores threads <<END
$smp
END
cpus=$((sockets * cores * threads)) node_count=$(echo $nodes | wc -w)

count() { [ "$1" -eq 1 ] && echo "$1 $2" || echo "$1 $2s"; }
first_line() {
    same "this machine: $(count $sockets package), $(count $node_count node), $(count $l3s L3), $(count \
        $((sockets * cores)) core), $(count $cpus cpu)" "$(numaprobe topo | head -n 1)"
}

# All that the table says of cpus, as numaprobe's own CSV.
expected_cpus() {
    echo cpu,core,smt,l3,package,node,allowed,kind
    for cpu in $(seq 0 $((cpus - 1))); do
        node=$(node_lines | awk -v cpu="$cpu" '$2 != "-" && $2 <= cpu && cpu <= $3 { print $1 }')
        echo "$cpu,$((cpu / threads)),$((cpu % threads)),$((cpu * l3s / cpus)),$((cpu / cores / threads)),$node,1,"
    done
}
every_cpu() { same "$(expected_cpus)" "$(numaprobe topo --csv | tr -d '\r')"; }

# From the JSON: what follows NAME on the lines of PART.
json() { # FILE PART NAME
    sed -n "/\"$2\": \[/,/^\]/s/.*\"$3\": \([0-9]*\).*/\1/p" "$1"
}
distances() { # of a single node there are none
    # shellcheck disable=SC2005 # joins lines
    seen=$(echo $(json /out/topo.json distances distance))
    # shellcheck disable=SC2116
    same "$(echo $rows)" "${seen:-10}"
}

# The kernel keeps a part of a node for itself.
memory_sizes() {
    node_lines | awk '{ print $4 == "-" ? 0 : $4 }' >/tmp/given
    json /out/topo.json nodes memory_bytes >/tmp/seen
    paste /tmp/given /tmp/seen | awk '
        { mib = $2 / 1048576; print "node " NR - 1 " has " $1 " MiB, seen: " mib }
        mib > $1 || mib < $1 * 0.8 { bad = 1 }
        END { exit bad || NR != '$node_count' }'
}

expected_doubts() {
    case $nodes in
    *-:*) echo '"node no cpus"' ;;
    *:-*) echo '"node no memory"' ;;
    esac
}
doubts() { same "$(expected_doubts)" "$(sed -n 's/^{"check": \("[^"]*"\).*/\1/p' /out/topo.json)"; }

# Another program's recording of the same machine, read back.
recorded() {
    lstopo --no-io --filter misc:none --of xml /out/topology.xml || return
    numaprobe topo --json --topology /out/topology.xml >/tmp/read.json || return
    same "$(sed 's/"source": "[^"]*"//' /out/topo.json)" "$(sed 's/"source": "[^"]*"//' /tmp/read.json)"
}

# A recording, and what is printed of this machine: scripts/lab/lab compares each with what is printed of the recording,
# on the host, which is faster and of another architecture. Here topo does.
printed() { # NAME WORD...
    name=$1
    shift
    numaprobe "$@" >/out/$name
}
replayed() {
    numaprobe topo --record /out/recording || return
    printed topo.txt topo && printed doctor.csv doctor --csv && printed events.csv events --csv &&
        printed papi.csv events --csv --counters papi || return
    same "$(sed 's/^this machine: /recording: /' /out/topo.txt)" "$(numaprobe topo --topology /out/recording)"
}

numaprobe topo --json >/out/topo.json
ok "topo counts what there is" first_line
ok "topo knows each cpu's core, L3, package and node" every_cpu
ok "topo tells the distances" distances
ok "topo tells how much memory a node has" memory_sizes
ok "topo doubts nothing but nodes without cpus or memory" doubts
ok "topo sees the same in lstopo's recording" recorded
ok "topo prints the same of a recording of this machine" replayed
ok "the doctor finds that a measurement can be made" numaprobe doctor
finish
