#!/usr/bin/env bats
# numaprobe watch --exact: counts of a Go program's maps and functions are exact, the hottest keys are the right ones,
# operations that overlap are found with both places, and no probe stays. Needs root and a kernel with BPF.

load ../common

setup_file() { go_setup_file tests/go-maps/counted.go; }
setup() { cd "$box" || return; }
teardown() {
    exec 9>&-
    for p in $watcher $pid; do
        kill -9 "$p" && wait "$p"
    done 2>/dev/null || true
}

# start PROGRAM WHAT: it waits for `go_on`; its first line is in $first. Its name is in `out` when it has begun.
start() {
    [ -x "$1" ] || skip "no Go here that makes $1"
    rm -f in out refused && mkfifo in && : >out && : >refused
    "./$1" "$2" <in >out 2>errors 3>&- &
    pid=$!
    exec 9>in
    until first=$(head -n 1 out) && [ -n "$first" ]; do sleep 0.05; done
    read -r first _ <<<"$first"
}
go_on() { echo >&9; }

# watch WHAT [OPTION]...: from when its probes are there.
watch() {
    "$numaprobe" watch --exact "$1" -p "$pid" --duration 60s --json found.json "${@:2}" >text 2>refused 3>&- 9>&- &
    watcher=$!
    for _ in {1..200}; do
        grep -q '^numaprobe: .* us ' refused && [ "$(patched)" -gt 0 ] && return 0
        kill -0 "$watcher" 2>/dev/null || break
        sleep 0.05
    done
    [[ $(cat refused) != *root* && $(cat refused) != *BPF* && $(cat refused) != *build* ]] || skip "$(cat refused)"
    cat refused
    return 1
}
# Until the program has done what it does, and the report is there.
finish() {
    until grep -q 'done' out || ! kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
    kill -TERM "$watcher" 2>/dev/null || true
    wait "$watcher"
    watcher=''
}

# How many bytes of the program's code in memory are not those of its file.
patched() {
    python3 - "$pid" <<'END'
import sys
pid = sys.argv[1]
changed = 0
with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb") as memory, open(f"/proc/{pid}/exe", "rb") as file:
    for line in maps:
        word = line.split()
        if "x" not in word[1] or int(word[4]) == 0:
            continue
        begin, end = (int(x, 16) for x in word[0].split("-"))
        memory.seek(begin)
        file.seek(int(word[2], 16))
        changed += sum(a != b for a, b in zip(memory.read(end - begin), file.read(end - begin)))
print(changed)
END
}

# map_is_counted PROGRAM: all operations of one map are counted, each at its place, and no other map's.
map_is_counted() {
    start "$1" calls
    watch "$first"
    go_on
    finish
    [ "$(patched)" -eq 0 ]
    python3 - "$first" <<'END'
import json, sys
found = json.load(open("found.json"))
group, = found["groups"]
assert group["address"] == sys.argv[1] and group["kind"] == "map", group
sites = {(s["operation"], s["function"]): s["calls"] for s in group["sites"]}
assert sum(sites.values()) + found["lost"]["calls"] == 550000 and found["lost"]["calls"] == 0, (sites, found["lost"])
assert sites == {("write", "main.put"): 200000, ("read", "main.get"): 300000, ("delete", "main.drop"): 50000}, sites
assert all(s["file"].endswith("counted.go") and s["line"] for s in group["sites"]), group
assert found["cost"]["hits"] >= 847000 and found["cost"]["hit_ns"] > 0, found["cost"]
assert found["least_ns"] is None and not found["overlaps"], found
END
}
@test "watch --exact: operations of a map of Go 1.19 are counted" { map_is_counted old; }
@test "watch --exact: of a stripped one, too" { map_is_counted old-stripped; }
@test "watch --exact: operations of a map of Go 1.24 are counted" { map_is_counted new; }
@test "watch --exact: of a stripped one of 1.24, too" { map_is_counted new-stripped; }

# A call that makes the stack grow begins twice.
calls_are_counted() { # PROGRAM
    start "$1" calls
    watch main.deep
    go_on
    finish
    grep -q '^main\.deep: 3003 calls$' text
    python3 -c 'import json; cost = json.load(open("found.json"))["cost"]; assert cost["hits"] > 3003 and not cost["steps"], cost'
}
@test "watch --exact: calls of a function are counted once, also where the stack grows" { calls_are_counted old; }
@test "watch --exact: calls of a function of Go 1.24, too" { calls_are_counted new; }

keys_are_found() { # PROGRAM
    start "$1" zipf
    watch 'runtime.mapaccess*'
    read -ra best <out
    go_on
    finish
    python3 - "${best[@]}" <<'END'
import json, sys
found = json.load(open("found.json"))
true = [tuple(int(x) for x in word.split(":")) for word in sys.argv[1:]]
numbers, names = sorted((g for g in found["groups"] if g["calls"] == 1000000), key=lambda g: g["keys"][0]["key"][0] == '"')
assert [(int(k["key"]), k["count"]) for k in numbers["keys"][:5]] == true, (true, numbers["keys"])
assert [(k["key"], k["count"]) for k in names["keys"][:5]] == [(f'"key {k}"', n) for k, n in true], (true, names["keys"])
END
}
@test "watch --exact: the five hottest of 100000 keys are right, of numbers and texts" { keys_are_found old; }
@test "watch --exact: hottest keys of Go 1.24, too" { keys_are_found new; }

# Go itself may notice first and end the program: then there is a next one.
overlap_is_found() { # PROGRAM
    for _ in 1 2 3; do
        start "$1" overlap
        watch "$first" --overlaps
        go_on
        finish
        exec 9>&-
        python3 - "$first" <<'END' && return 0
import json, sys
found = json.load(open("found.json"))
sides = {frozenset((o["inside"]["function"], o["came"]["function"])) for o in found["overlaps"]}
lines = {e["line"] for o in found["overlaps"] for e in (o["inside"], o["came"])}
ok = sides == {frozenset(("main.get", "main.put"))} and len(lines) == 2 and None not in lines
assert all(o["address"] == sys.argv[1] for o in found["overlaps"]) and found["least_ns"] >= 10 * found["cost"]["pair_ns"]
sys.exit(not ok)
END
    done
    cat text
    return 1
}
@test "watch --exact: a reader and a writer of a map that overlap are found with both places" {
    need_two_cpus
    overlap_is_found old
}
@test "watch --exact: overlaps of Go 1.24, too" {
    need_two_cpus
    overlap_is_found new
}

@test "watch --exact: operations of one goroutine do not overlap" {
    start old zipf
    watch 'runtime.map*' --overlaps --max-overhead 50%
    go_on
    sleep 1
    kill -TERM "$watcher"
    wait "$watcher"
    watcher=''
    grep -q '^No overlaps were seen\.$' text
    grep -Eq '^Probes were there for [0-9.]+ of [0-9.]+ s, [0-9]+ times?: all counts are of that time\.$' text
}

@test "watch --exact: no probe stays after kill -9" {
    start old calls
    watch 'runtime.map*'
    kill -9 "$watcher"
    wait "$watcher" || true
    watcher=''
    for _ in {1..100}; do
        [ "$(patched)" -ne 0 ] || break
        sleep 0.1
    done
    [ "$(patched)" -eq 0 ]
    go_on
    until grep -q 'done' out; do sleep 0.05; done
}

refused() { # LINE OPTION...: exit code 2 and this line
    run "$numaprobe" watch -p "$pid" --duration 1s "${@:2}"
    echo "$output"
    [ "$status" -eq 2 ] && [ "$output" = "numaprobe: watch: $1" ]
}
@test "watch --exact: what cannot be counted is refused in one line" {
    start old calls
    refused "--exact: this program has no function 'main.none'; what the compiler inlined is not there, 'main.*' is all of a package" \
        --exact main.none
    refused "--overlaps: 'main.put' is not a function of maps; choose a map, or functions as 'runtime.map*'" \
        --exact main.put --overlaps
    refused "--exact: '0xc000000001' is not the address of a map of process $pid; 'numaprobe watch --maps' lists them" \
        --exact 0xc000000001
    refused "--maps, --locks, --exact and --price are reports; ask for one of them" --exact main.put --maps
    refused "--overlaps needs --exact MAP" --overlaps
    kill "$pid"
    sleep 60 3>&- 9>&- &
    pid=$!
    run "$numaprobe" watch --exact main.put -p $pid --duration 1s
    [ "$status" -eq 2 ]
    [[ $output == "numaprobe: watch: --exact: process $pid: "*" was not built by Go 1.18 or newer" ]]
}

@test "watch --exact: without root it is refused in one line" {
    [ "$(id -u)" -eq 0 ] || skip "not root: other tests show the line"
    [ -x old ] || skip "no Go here"
    open=$(mktemp -d)
    chmod 755 "$open"
    cp "$numaprobe" old "$open"
    cd "$open" || return
    # shellcheck disable=SC2016 # the other shell expands it
    run setpriv --reuid 65534 --regid 65534 --clear-groups sh -c \
        './old calls </dev/zero >/dev/null 2>&1 & until [ "$(cat /proc/$!/comm)" = old ]; do :; done
        ./numaprobe watch --exact main.put -p $! --duration 1s
        code=$? && kill $! && exit $code'
    rm -r "$open"
    echo "$output"
    [ "$status" -eq 77 ]
    [ "$output" = "numaprobe: watch: --exact: it loads a program into the kernel, which needs root" ]
}
