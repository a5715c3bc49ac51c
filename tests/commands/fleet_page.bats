#!/usr/bin/env bats
# numaprobe report of many hosts: who is named, what differs, and what happens to files that are broken. How often a
# host is named by chance is in tests/unit/test_peers.c; how the page looks, in tests/browser.

load ../common

setup() {
    common_setup
    cd "$box" || return
}
setup_file() {
    export MADE=$BATS_FILE_TMPDIR/made FLEET=$BATS_FILE_TMPDIR/fleet
    mkdir "$MADE"
    cd "$BATS_TEST_DIRNAME/../.." || return
    python3 tests/report_csv.py "$MADE"
    python3 tests/fleet_csv.py "$FLEET" 24 --off node0007=0.15 --all node0011=-0.08 --set node0003:kernel=5.10.0 \
        --set node0004:version=0.0.9 "$MADE/costs.csv"
}
lacks() { if grep "$@"; then return 1; fi; } # "! grep" would not fail a test
fleet() { python3 "$BATS_TEST_DIRNAME/../fleet_csv.py" "$@"; }
# row FILE HOST: what the table has of a host, as text.
row() { grep -o "<tr><td>$2</td>.*" "$1" | head -n 1 | sed 's/<[^>]*>/ /g'; }

@test "fleet's page: a host that is off in one value and one that is off in all are named" {
    run "$NUMAPROBE" report "$FLEET"/*.csv -o f.html
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = "24 hosts of 1 kind, 2 of them not like the others" ]
    grep -qE '^node0007 +\+1[0-9]\.[0-9]% .* costs ' <<<"$output"
    grep -qE '^node0011 +-[5-9]\.[0-9]% .* all together' <<<"$output"
    holds_only . f.html
    [ "$(grep -n 'id="answer"' f.html | cut -d: -f1)" -lt "$(grep -n 'id="hosts"' f.html | cut -d: -f1)" ]
    grep -q "2 of 24 hosts are not like the others of their kind" f.html
    [ "$(grep -c '<tr><td>node0' f.html)" -ge 24 ]
}

@test "fleet's page: a kernel and a version that others lack are in the host's row, not a kind" {
    "$NUMAPROBE" report -q "$FLEET"/*.csv -o f.html
    grep -q "kernel 5.10.0 (others: 6.1.0)" <<<"$(row f.html node0003)"
    grep -q "numaprobe 0.0.9 (others: 0.1.0); its values are not compared" <<<"$(row f.html node0004)"
    grep -q "like the others" <<<"$(row f.html node0000)"
    [ "$(grep -c '<h3>Made-up CPU' f.html)" -eq 1 ]
}

@test "fleet's page: one file of fleet collect gives the same as one for each host" {
    fleet one 24 --one all.csv --off node0007=0.15 --all node0011=-0.08 --set node0003:kernel=5.10.0 \
        --set node0004:version=0.0.9 "$MADE/costs.csv"
    "$NUMAPROBE" report "$FLEET"/*.csv -o a.html >a.txt
    "$NUMAPROBE" report one/all.csv -o b.html >b.txt
    "$NUMAPROBE" report - -o c.html <one/all.csv >c.txt
    "$NUMAPROBE" report - -o d.html < <(cat one/all.csv) >d.txt
    "$NUMAPROBE" report <(cat one/all.csv) -o e.html >e.txt
    cmp a.txt b.txt && cmp b.txt c.txt && cmp c.txt d.txt && cmp d.txt e.txt
    cmp <(sed 's/24 files/1 files/' a.html) b.html
    cmp b.html d.html
}

@test "fleet's page: one thread and several write the same, also of files that are broken or doubled" {
    cp -r "$FLEET" f
    cp f/node0002-0.csv f/node0002-copy.csv
    sed -i '9s/,costs,/,costs,,,,,,/' f/node0006-0.csv
    first=$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')
    taskset -c "$first" "$NUMAPROBE" report f/*.csv f/absent.csv -o a.html >a.txt 2>&1 || [ $? -eq 4 ]
    for _ in 1 2 3; do
        "$NUMAPROBE" report f/*.csv f/absent.csv -o b.html >b.txt 2>&1 || [ $? -eq 4 ]
        cmp a.html b.html && cmp a.txt b.txt
    done
}

@test "fleet's page: nodes of one host name are hosts of their own by fleet_node" {
    fleet one 6 --one all.csv "$MADE/costs.csv"
    sed -E 's/,node000[0-9],Made/,localhost,Made/' one/all.csv >same.csv
    run "$NUMAPROBE" report same.csv -o f.html
    [ "$status" -eq 0 ]
    [ "${lines[0]}" = "6 hosts of 1 kind, 0 of them not like the others" ]
}

@test "fleet's page: broken, doubled, missing and empty files are a line each, and the others are there" {
    cp -r "$FLEET" f
    head -c 40000 f/node0001-0.csv >cut.csv && mv cut.csv f/node0001-0.csv
    cp f/node0002-0.csv f/node0002-copy.csv
    : >f/node0005-0.csv
    sed -i '9s/,costs,/,costs,,,,,,/' f/node0006-0.csv
    run "$NUMAPROBE" report -q f/*.csv f/absent.csv -o f.html
    [ "$status" -eq 4 ]
    [ "${#lines[@]}" -eq 5 ]
    grep -qE "f/node0001-0.csv:[0-9]+: .*fields|f/node0001-0.csv: it is cut off" <<<"$output"
    grep -qE "f/node0002-copy.csv: doubled: run [0-9a-f]+ of host node0002 was read from f/node0002-0.csv" <<<"$output"
    grep -q "f/node0005-0.csv:1: empty" <<<"$output"
    grep -q "f/node0006-0.csv:9: " <<<"$output"
    grep -q "cannot read 'f/absent.csv'" <<<"$output"
    [ "$(grep -o '<li class="warn">' f.html | wc -l)" -eq 5 ]
    for host in node0000 node0002 node0023; do [ -n "$(row f.html $host)" ]; done
    for host in node0001 node0005 node0006; do [ -z "$(row f.html $host)" ]; done
}

@test "fleet's page: a broken file of detect is a line, too" {
    echo '{"schema": 1, "findings": ' >found.json
    run "$NUMAPROBE" report -q found.json "$FLEET"/*.csv -o f.html
    [ "$status" -eq 4 ]
    [ "${#lines[@]}" -eq 1 ]
    grep -q "found.json" <<<"$output"
    [ "$(grep -c '<tr><td>node0' f.html)" -ge 24 ]
}

@test "fleet's page: what is cut off at the end of a joined file costs the last host only" {
    fleet one 8 --one all.csv "$MADE/costs.csv"
    head -c -2 one/all.csv >cut.csv
    run "$NUMAPROBE" report -q cut.csv -o f.html
    [ "$status" -eq 4 ]
    grep -q "cut.csv: it is cut off" <<<"$output"
    [ -n "$(row f.html node0006)" ] && [ -z "$(row f.html node0007)" ]
}

@test "fleet's page: from five hosts on; the estimates as CSV are those of all" {
    fleet four 4 "$MADE/costs.csv"
    "$NUMAPROBE" report -q four/*.csv -o f.html
    grep -q 'id="costs"' f.html
    lacks -q 'id="hosts"' f.html
    run "$NUMAPROBE" report "$FLEET"/*.csv -o f.html --csv e.csv
    [ "$status" -eq 0 ]
    grep -q 'id="hosts"' f.html
    [ "$(tail -n +2 e.csv | cut -d, -f2 | sort -u | wc -l)" -eq 24 ]
}

@test "fleet's page: too few hosts of a kind are not compared, and that is written" {
    set=()
    for i in 4 5 6; do set+=(--set "node000$i:cpu_model=Other CPU"); done
    fleet two 10 "${set[@]}" "$MADE/costs.csv"
    "$NUMAPROBE" report -q two/*.csv -o f.html
    grep -q "Other CPU, x86_64: 3 hosts" f.html
    grep -q "3 hosts of kinds with fewer than 5 hosts are not compared" f.html
    grep -q "too few to compare" <<<"$(row f.html node0005)"
}

@test "fleet's page: where all hosts are of different kinds, nothing is compared, and no host is like the others" {
    for i in 0 1 2 3 4; do set+=(--set "node000$i:cpu_model=CPU $i"); done
    fleet kinds 5 "${set[@]}" "$MADE/costs.csv"
    run "$NUMAPROBE" report kinds/*.csv -o f.html
    [ "$status" -eq 0 ]
    [ "$output" = "5 hosts of 5 kinds, 0 of them not like the others, 5 not compared: fewer than 5 of a kind" ]
    grep -q "Nothing is compared" f.html
    lacks -qE "all values are like|0 comparisons|<caption>Values" f.html
}

@test "fleet's page: a file without rows is a line; five hosts, one of them named, have a spread" {
    fleet few 6 --off node0002=0.8 "$MADE/costs.csv"
    head -n 1 few/node0005-0.csv >header && mv header few/node0005-0.csv
    run "$NUMAPROBE" report -q few/*.csv -o f.html
    [ "$status" -eq 4 ]
    grep -q "few/node0005-0.csv: it has no rows" <<<"$output"
    grep -q "median of the others" f.html
    lacks -qE "spread nan|not compared" f.html
}

@test "fleet's page: names with special characters are texts" {
    fleet evil 6 --set "node0001:cpu_model=<script>alert(1)</script>" "$MADE/costs.csv"
    "$NUMAPROBE" report -q evil/*.csv -o f.html
    lacks -q "<script>alert" f.html
    grep -q "&lt;script&gt;alert" f.html
}
