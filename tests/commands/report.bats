#!/usr/bin/env bats
# numaprobe report: the page's text, charts outside it, and what it refuses. How the page looks and behaves in a
# browser is in tests/browser.

load ../common

setup() {
    common_setup
    cd "$box" || return
}
setup_file() {
    export CSV=$BATS_FILE_TMPDIR/csv
    mkdir "$CSV"
    cd "$BATS_TEST_DIRNAME/../.." || return
    python3 tests/report_csv.py "$CSV"
}

need_gnuplot() { command -v gnuplot >/dev/null || skip "no gnuplot here"; }
# Without gnuplot on the PATH, and nothing else either.
bare() {
    mkdir -p "$BATS_TEST_TMPDIR/bare"
    PATH=$BATS_TEST_TMPDIR/bare "$@"
}
lacks() { if grep "$@"; then return 1; fi; } # "! grep" would not fail a test
# part FILE ID: a section of the page as text.
part() {
    python3 - "$1" "$2" <<'END'
import html.parser, re, sys
class Part(html.parser.HTMLParser):
    depth, text = 0, []
    def handle_starttag(self, tag, attrs):
        if tag == "section" and (self.depth or dict(attrs).get("id") == sys.argv[2]):
            self.depth += 1
        if tag in ("li", "p", "tr", "h2", "h3", "pre"): self.text.append("\n") if self.depth else None
    def handle_endtag(self, tag):
        self.depth -= tag == "section" and self.depth > 0
    def handle_data(self, data):
        if self.depth: self.text.append(" ".join(data.split()) + " ")
p = Part()
p.feed(open(sys.argv[1], encoding="utf-8").read())
print(re.sub(" +", " ", "".join(p.text)))
END
}

@test "report: the verdicts come first, worst first" {
    "$NUMAPROBE" report "$CSV/run-alpha.csv" -o r.html
    holds_only . r.html
    [ "$(grep -n 'id="answer"' r.html | cut -d: -f1)" -lt "$(grep -n 'id="warnings"' r.html | cut -d: -f1)" ]
    run part r.html answer
    [ "$(grep -oE '^ *(store|cas|add) +latency.* costs ' <<<"$output" | grep -oE 'store|cas|add ' | tr -s ' \n' ' ')" = \
        "store cas add " ]
    grep -q "3 comparisons: 3 with a cost" <<<"$output"
}

@test "report: every kind of file in any order gives the same page but for the order of runs" {
    bare "$NUMAPROBE" report "$CSV"/*.csv -o a.html
    python3 - a.html <<'END'
import re, sys
text = open(sys.argv[1], encoding="utf-8").read()
for part in "answer warnings beside latency distribution events gap matrix costs maps stat machines again".split():
    assert text.count(f'<section id="{part}">') == 1, part
assert "<script>alert" not in text
assert not re.search(r"(src|href)=[\"']?(?!#)[a-z]*:?//", text), "something from the network"
for host in ("alpha", "beta"): assert host in text
assert "./app --fast &#39;&lt;b&gt;&#39;" in text
END
    # All in one file, as by cat.
    cat "$CSV"/*.csv >all.csv
    bare "$NUMAPROBE" report all.csv -o b.html
    # but for the names of the runs: in one file they need their ids
    name='s/[a-z0-9-]+\.csv( [0-9a-f]{8})?/FILE/g'
    [ "$(part a.html answer | sed -E "$name")" = "$(part b.html answer | sed -E "$name")" ]
    grep -qF "run-alpha.csv" <<<"$(part a.html answer)"
    grep -qF "all.csv a1a1a1a1" <<<"$(part b.html answer)"
}

@test "report: warns of all that the runs doubted" {
    bare "$NUMAPROBE" report "$CSV/run-beta.csv" "$CSV/run-evil.csv" -o r.html
    run part r.html warnings
    for text in "Disturbed trials" "context switch" "Several regimes" "1 (24 blocks, canary 400 ns)" "Unverified memory" \
        "in 1800 of 1800 rows" "run-beta.csv: KVM" "the kernel has no such event here" "Prefetchers" \
        "Too few blocks" "8 of 240 rows" "gnuplot is not installed"; do
        grep -qF -- "$text" <<<"$output" || { echo "missing: $text" && false; }
    done
}

@test "report: regimes are not mixed, each has its figures" {
    bare "$NUMAPROBE" report "$CSV/run-beta.csv" -o r.html
    run part r.html latency
    [ "$(grep -c 'regime 0, canary 120 ns' <<<"$output")" -eq 1 ]
    [ "$(grep -c 'regime 1, canary 400 ns' <<<"$output")" -eq 1 ]
    [ "$(grep -cE '^ *add isolated' <<<"$output")" -eq 2 ]
}

@test "report: where it ran, and how the memory's place was verified" {
    # two runs of alpha agree on cpu 1; the rows of pairs do not place cpu 15
    sed -E 's/,unverified,/,move_pages,/; 0,/,move_pages,/s//,unverified,/' "$CSV/run-beta.csv" >beta.csv
    bare "$NUMAPROBE" report "$CSV/run-alpha.csv" "$CSV/gap-60.csv" "$CSV/matrix.csv" beta.csv -o r.html
    run part r.html machines
    grep -qE "cpus distance shards memory node home memory verified \(rows\)" <<<"$output"
    grep -qE "^run-alpha.csv alpha .* 0-1 same L3 64 0 +move_pages 4k" <<<"$output"
    grep -qE "^matrix.csv alpha .* 0 first move_pages 4k" <<<"$output"
    grep -qE "^beta.csv beta .* 64 0 +unverified \(1\), move_pages \(1799\)" <<<"$output"
    grep -qE "^cpu core L3 package node runs host" <<<"$output"
    grep -qE "^1 1 0 0 0 2 alpha" <<<"$output"
    grep -qE "^15 +1 alpha" <<<"$output"
    [ "$(grep -cE "^1 .*alpha" <<<"$output")" -eq 1 ]
    [ "$(grep -cE "^[0-9]+ .* beta *$" <<<"$output")" -eq 2 ]
}

@test "report: programs that ab compared, a session and several" {
    bare "$NUMAPROBE" report "$CSV/ab/0.csv" -o one.html
    run -0 part one.html answer
    grep -qE "\./new --name '<b>' ?against \./old faster ?b is faster than a: 0\.80[0-9]× \(0\.79[0-9]–0\.80[0-9]\)" \
        <<<"$(xargs -0 <<<"$output" | tr -s '\n ' ' ')" || { echo "$output" && false; }
    run -0 part one.html compared
    for text in "a: ./old, b: ./new --name '<b>'" "wall ms a 36" "Session f0f0f0f0" "36 blocks counted, 4 disturbed, 0 of another regime"; do
        grep -qF -- "$text" <<<"$output" || { echo "$output" "missing: $text" && false; }
    done
    run ! grep -q "No layouts were compared" one.html

    # Sessions of the same programs are joined, also where others lie between.
    sed 's|\./old|./older|; s/f1f1/f9f9/' "$CSV/ab/1.csv" >other.csv
    bare "$NUMAPROBE" report "$CSV/ab/0.csv" other.csv "$CSV"/ab/[123].csv -o all.html
    [ "$(grep -c '<h3>a: ./old, b:' all.html)" -eq 1 ] && [ "$(grep -c '<h3>a: ./older, b:' all.html)" -eq 1 ]
    run ! grep -q '<script>alert' all.html
    run -0 part all.html again
    grep -qF "numaprobe ab --cpus 0,1 --a ./old --b" <<<"$output" || { echo "$output" && false; }
    run -4 --separate-stderr "$NUMAPROBE" report "$CSV/ab/0.csv" <(cat "$CSV/ab/0.csv") -o x.html
    [[ $stderr == *"session f0f0f0f0f0f0f0f0 is also in a file before"* ]]
}

@test "report: tells how to run it again" {
    bare "$NUMAPROBE" report "$CSV/gap-60.csv" "$CSV/matrix.csv" "$CSV/costs.csv" "$CSV/stat.csv" -o r.html
    run part r.html again
    grep -qF "numaprobe run --layout counter --op add,cas,store --align 8,16,64,128 --cpus 0-1 --mode latency --gap 60 \
--mem-node 0 --pages 4k --seed 1" <<<"$output"
    grep -qF "numaprobe matrix --cpus 0-15 --protocol handover,message --home first --seed 1" <<<"$output"
    grep -qF "numaprobe costs --cpus 0-3,40 --seed 1" <<<"$output"
    grep -qF "numaprobe stat -- ./app --fast" <<<"$output"
}

@test "report: a command line it gives is one that run takes" {
    need_two_cpus
    bare "$NUMAPROBE" report "$CSV/gap-60.csv" -o r.html
    line=$(part r.html again | grep -o 'numaprobe run .*')
    read -ra words <<<"${line#numaprobe }"
    run --separate-stderr "$NUMAPROBE" "${words[@]}" --dry-run
    echo "$stderr"
    [ "$status" -eq 0 ]
}

@test "report: a layout of one's own is named by its file, and by nothing that run would refuse" {
    need_two_cpus
    write_mine
    # mine <- the rows of counter; then as from before the column
    python3 - "$CSV/gap-60.csv" <<'END'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
for row in rows:
    for column in ("layout", "reference_for"): row[column] = row[column].replace("counter", "mine")
    row["op"] = "add"
for name, more in ("new.csv", {"layout_file": "./mine.c"}), ("old.csv", {}):
    out = csv.DictWriter(open(name, "w", newline=""), list(rows[0] | more))
    out.writeheader()
    out.writerows(row | more for row in rows)
END
    bare "$NUMAPROBE" report new.csv -o new.html
    line=$(part new.html again | grep -o 'numaprobe run .*')
    grep -qF -- "--layout ./mine.c --op add --align 8,16,64,128" <<<"$line"
    read -ra words <<<"${line#numaprobe }"
    run -0 "$NUMAPROBE" "${words[@]}" --dry-run
    bare "$NUMAPROBE" report old.csv -o old.html
    run part old.html again
    grep -qF "No command for layout ‘mine’" <<<"$output"
    lacks -qF "numaprobe run" <<<"$output"
}

@test "report: no gap is drawn from one gap, and regimes of several runs meet only by their canary" {
    bare "$NUMAPROBE" report "$CSV/run-alpha.csv" -o r.html
    lacks -q 'id="gap"' r.html
    grep -qF "the price against the gap (several runs with other values of --gap)" r.html
    # beta's second regime is 400 ns: it stays out of the curves at 120 ns
    sed 's/,beta,/,alpha,/' "$CSV/run-beta.csv" >other.csv
    bare "$NUMAPROBE" report "$CSV/gap-60.csv" "$CSV/gap-120.csv" other.csv -o r.html
    run part r.html gap
    grep -q "canary from 120 ns" <<<"$output"
    lacks -q "canary from 400 ns" <<<"$output"
    lacks -qE " 400 other.csv" <<<"$output"
}

@test "report: a holding curve has no layout to judge" {
    bare "$NUMAPROBE" report "$CSV/costs.csv" -o r.html
    grep -qF "No layouts were compared" <<<"$(part r.html answer)"
}

@test "report: the holding curve tells price, holding time and adds a hold" {
    bare "$NUMAPROBE" report "$CSV/costs.csv" -o r.html
    run part r.html gap
    grep -qE "curve gap ns price ns 95% of price held ns adds a hold .* alone ns contended ns" <<<"$output"
    # 46 ns an op, 40 of it for sharing; of 2,000 adds each 10th found the line gone: 2 threads, 46 / 2 * 10 = 230 ns
    grep -qE "^2 contenders 0 (39|40)\.[0-9]+ [^ ]+ 2(29|30|31) 10\.0 [^ ]+ 10\.0–10\.0 (5\.9|6\.0)[0-9]* 4[56]\.[0-9]+ 20 120 costs.csv" \
        <<<"$output"
    [ "$(grep -c '^2 contenders 0 ' <<<"$output")" -eq 1 ]
}

@test "report: strategies of maps beside each other, and how they scale" {
    "$NUMAPROBE" report "$CSV/maps.csv" -o r.html
    run part r.html answer
    grep -q "half 1 to 2 threads, same L3 one wins sharded 8 B and sharded 64 B are alike with 1 thread; sharded 64 B wins \
from 2 threads on; against rwlock: sharded 64 B" <<<"$(tr '\n' ' ' <<<"$output" | tr -s ' ')"
    for no in "No layouts" "false sharing" "isolated"; do lacks -q "$no" <<<"$output"; done
    run part r.html maps
    grep -qE "half sharded 64 B (39|40)\.[0-9]+ 0\.13× " <<<"$output"
    for id in latency distribution events gap beside; do lacks -q "<section id=\"$id\"" r.html; done
    # every op of a run beside it keeps its verdict, and no more
    "$NUMAPROBE" report "$CSV/maps.csv" "$CSV/run-alpha.csv" -o both.html
    grep -q "3 comparisons: 3 with a cost" <<<"$(part both.html answer)"
    need_gnuplot
    run --separate-stderr "$NUMAPROBE" report "$CSV/maps.csv" --term
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [ "$(wc -L <<<"$output")" -le 80 ]
    grep -qE "sharded 64 B +\+? +\.13 +\.13 +\.13" <<<"$output"
    [ "$(grep -c "million ops a second" <<<"$output")" -eq 3 ]
    grep -q "memory, half, 2 threads" <<<"$output"
    # what the page says, maps takes
    command=$(python3 -c 'import html, re, sys; print(html.unescape(re.sub("<[^>]*>", "", re.search("<pre>(.*?)</pre>",
        open(sys.argv[1], encoding="utf-8").read(), re.S)[1])))' r.html)
    [ "$command" = "numaprobe maps --load deletes,half,reads-90 --strategy cow,rwlock,sharded --align 8,64 --threads 1,2 \
--cpus 0-1 --mem-node 0 --seed 1" ]
}

@test "report: without gnuplot --png and --term cannot, and say so" {
    run --separate-stderr bare "$NUMAPROBE" report "$CSV/run-alpha.csv" --term
    [ "$status" -eq 77 ]
    [ "$stderr" = "numaprobe: gnuplot is not installed (Debian: gnuplot-nox)" ]
    [ -z "$output" ]
    run --separate-stderr bare "$NUMAPROBE" report "$CSV/run-alpha.csv" --png png
    [ "$status" -eq 77 ]
    holds_only png
}

@test "report: --png writes every chart, --term draws it" {
    need_gnuplot
    run --separate-stderr "$NUMAPROBE" report "$CSV/run-alpha.csv" "$CSV/matrix.csv" --png png
    [ "$status" -eq 0 ]
    [ "$(find png -name '*.png' | wc -l)" -eq 9 ]
    [ "${#lines[@]}" -eq 9 ]
    for file in png/*; do [ "$(head -c 4 "$file" | tail -c 3)" = PNG ]; done
    [ -z "$(find png -name '.*' -type f)" ]
    run --separate-stderr "$NUMAPROBE" report "$CSV/run-alpha.csv" --term
    [ "$status" -eq 0 ]
    [ "$(grep -c 'counter, latency, adder' <<<"$output")" -eq 7 ]
    grep -q "isolated.*8 B.*16 B.*64 B.*128 B" <<<"$output"
    [ -z "$stderr" ]
}

@test "report: in the terminal each chart has its title, unit and all its names" {
    need_gnuplot
    run -0 --separate-stderr "$NUMAPROBE" report "$CSV/costs.csv" --term
    grep -q "^price of one op; " <<<"$output"
    grep -q "price, ns per op, linear" <<<"$output"
    for op in $(python3 -c 'import csv, sys
print(*sorted({r["op"] for r in csv.DictReader(open(sys.argv[1]))}))' "$CSV/costs.csv"); do
        grep -qE "\b$op +[A-Z*]" <<<"$output" || { echo "missing: $op" && false; }
    done
}

@test "report: text from a file is never a command to gnuplot" {
    need_gnuplot
    for word in '`touch pwned`' '";system(\"touch pwned\");"' "'; system('touch pwned'); '" $'x\nsystem "touch pwned"' \
        '@pwned' 'EOD'; do
        python3 - "$CSV/run-evil.csv" "$word" <<'END'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8")))
for row in rows:
    for column in ("host", "op", "role", "layout", "distance", "mode"):
        row[column] = "isolated" if row["layout"] == "isolated" and column == "layout" else sys.argv[2]
    if row["reference_for"]: row["reference_for"] = sys.argv[2]
with open("evil.csv", "w", newline="", encoding="utf-8") as f:
    out = csv.DictWriter(f, rows[0].keys(), lineterminator="\r\n")
    out.writeheader()
    out.writerows(rows)
END
        run "$NUMAPROBE" report evil.csv -o evil.html
        [ "$status" -eq 0 ]
        lacks -q "could not be drawn" evil.html
        [ ! -e pwned ]
        [ "$(grep -c 'data-chart=.*<svg' evil.html)" -eq 2 ]
    done
}

@test "report: no charts of its own from a broken gnuplot, but the page" {
    mkdir bin
    printf '#!/bin/sh\ncat >/dev/null; echo "line 3: it broke" >&2; exit 1\n' >bin/gnuplot
    chmod +x bin/gnuplot
    PATH=$PWD/bin:$PATH run --separate-stderr "$NUMAPROBE" report "$CSV/run-evil.csv" -o r.html
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [ "$(grep -c 'This chart could not be drawn: gnuplot: line 3: it broke' r.html)" -eq 4 ]
    printf '#!/bin/sh\nkill -9 $$\n' >bin/gnuplot
    PATH=$PWD/bin:$PATH "$NUMAPROBE" report "$CSV/run-evil.csv" -o r.html
    grep -q 'gnuplot was ended by signal 9' r.html
}

@test "report: one figure of one block can be drawn" {
    need_gnuplot
    head -2 "$CSV/run-alpha.csv" >one.csv
    "$NUMAPROBE" report one.csv -o r.html
    lacks -q "could not be drawn" r.html
    [ "$(grep -c 'data-chart=.*<svg' r.html)" -ge 2 ]
}

@test "report: its estimates as CSV are those of the page, a row each" {
    "$NUMAPROBE" report "$CSV"/{run-alpha,matrix,costs,maps}.csv --csv f.csv -o r.html
    "$NUMAPROBE" report "$CSV"/{run-alpha,matrix,costs,maps}.csv --csv - | cmp - f.csv
    holds_only . f.csv r.html
    python3 - f.csv "$BATS_TEST_DIRNAME/../../docs/json.md" <<'END'
import csv, re, sys
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8")))
assert {r["instrument"] for r in rows} == {"run", "matrix", "costs", "maps"}, rows
said = open(sys.argv[2], encoding="utf-8").read().split("## Estimates as CSV")[1]
assert set(rows[0]) == set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", said, re.M)))), set(rows[0])
for r in rows:
    assert int(r["n"]) > 0 and float(r["ns"]) > 0, r
    for key in "ns", "ratio":
        if r[key + "_low"]:
            assert float(r[key + "_low"]) <= float(r[key]) <= float(r[key + "_high"]), r
    assert not (r["instrument"] == "run" and not r["align_bytes"] and r["ratio"]), r
shared = [r for r in rows if r["instrument"] == "run" and r["op"] == "store" and r["align_bytes"] == "8"]
page = open("r.html", encoding="utf-8").read()
assert shared and all(f"{float(r['ratio']):.2f}" in page for r in shared if r["ratio"]), shared
END
}

@test "report: wrong usage is one line and exit 2" {
    refuses 2 "report: no file; expected: numaprobe report FILE... -o report.html" report
    refuses 2 "report: nowhere to write to; give it -o FILE, --csv FILE, --png DIR or --term" report x.csv
    cp "$CSV/stat.csv" x.csv
    refuses 2 "-o: 'x.csv' is one of the files to report; name another file" report x.csv -o x.csv
    refuses 2 "--csv: 'x.csv' is one of the files to report; name another file" report x.csv --csv x.csv
    refuses 2 "--csv: 'r.html' is written by -o; name another file" report x.csv -o r.html --csv r.html
    refuses 4 "-o: cannot write 'no/r.html': No such file or directory" report x.csv -o no/r.html
    cmp x.csv "$CSV/stat.csv"
    holds_only . x.csv
}

@test "report: what is no such CSV is one line with file and line, and no page" {
    refuses 4 "cannot read 'no.csv': No such file or directory" report no.csv -o r.html
    : >empty.csv
    head -1 "$CSV/run-alpha.csv" >header.csv
    { head -3 "$CSV/run-alpha.csv" && printf 'a,b,c\r\n'; } >broken.csv
    sed '2s/^1,/2,/' "$CSV/run-alpha.csv" >version.csv
    sed '1s/,block,/,blok,/' "$CSV/run-alpha.csv" >missing.csv
    sed '3s/,latency,0,/,latency,nan,/' "$CSV/costs.csv" >nan.csv
    { cat "$CSV/run-alpha.csv" && head -c 10000000 /dev/zero | tr '\0' x; } >huge.csv
    for name in empty header broken version missing nan huge; do
        run --separate-stderr "$NUMAPROBE" report "$CSV/stat.csv" $name.csv -o r.html
        echo "$name: $status $stderr"
        if [ $name = header ]; then # a run of which nothing was written: no rows, but the other file has some
            [ "$status" -eq 0 ] && rm r.html && continue
        fi
        [ "$status" -eq 4 ]
        [ "$(wc -l <<<"$stderr")" -eq 1 ]
        [[ $stderr == "numaprobe: $name.csv:"* || $stderr == "numaprobe: "*"'$name.csv'"* ]]
        [ ! -e r.html ]
    done
    refuses 4 "no rows in 'header.csv': nothing to report" report header.csv -o r.html
    [ -z "$(find . -name '.r.html*')" ]
}

@test "report: a full disk is one line, and an earlier page stays" {
    run --separate-stderr "$NUMAPROBE" report "$CSV/run-alpha.csv" -o /dev/full
    [ "$status" -eq 4 ]
    [ "$stderr" = "numaprobe: -o: cannot write '/dev/full': No space left on device" ]
    echo old >r.html
    run "$NUMAPROBE" report missing.csv -o r.html
    [ "$status" -eq 4 ]
    [ "$(cat r.html)" = old ]
    holds_only . r.html
}

@test "report: the page of a real run" {
    need_two_cpus
    "$NUMAPROBE" "${short[@]}" --csv run.csv >/dev/null
    "$NUMAPROBE" stat --csv stat.csv -- true 2>/dev/null
    "$NUMAPROBE" report run.csv stat.csv -o r.html
    grep -qF -- "--op add --align 8,64" <<<"$(part r.html again)"
}

@test "report: what detect found in a real program, with CSV files and alone" {
    cat >app.c <<'END'
#include <pthread.h>
#include <stdatomic.h>
_Alignas(64) static struct tally { _Atomic long hits; long other; } tallies[2];
static void *count(void *tally)
{
    for (long i = 0; i < 3000000; i++)
        atomic_fetch_add_explicit(&((struct tally *)tally)->hits, 1, memory_order_relaxed);
    return NULL;
}
int main(void)
{
    pthread_t id[2];
    for (int i = 0; i < 2; i++) pthread_create(&id[i], NULL, count, &tallies[i]);
    for (int i = 0; i < 2; i++) pthread_join(id[i], NULL);
}
END
    "$NUMAPROBE" cc -O2 -pthread -o app app.c
    "$NUMAPROBE" detect --full --json found.txt ./app 2>text
    bare "$NUMAPROBE" report found.txt -o alone.html
    bare "$NUMAPROBE" report "$CSV/stat.csv" found.txt "$CSV/run-alpha.csv" -o r.html
    for page in alone.html r.html; do
        run part $page answer
        grep -qE 'app +(false sharing|latent) +(Shares a line falsely|Would share a line falsely.*): global tallies \(struct tally\[2\]\), app.c:3' <<<"$output"
        run part $page found
        grep -qE '^./app' <<<"$output"
        grep -qE 's, 3 threads, .* accesses seen, 100% of the time' <<<"$output"
        grep -qF "Suggestion: pad struct tally from 16 to 64 bytes" <<<"$output"
        grep -qF "Gain: not known: pass the uninstrumented program with --plain" <<<"$output"
        grep -qE '^ *field \[0\].hits +\[1\].hits' <<<"$output"
        grep -qE '^ *[AB] read, write 100% count app.c:7' <<<"$output"
        # Who has the line's first bytes, as detect itself drew it.
        first=$(sed -n 's/^    \([AB]\)     BBBBBBBB[^B]*$/\1/p' text)
        grep -qF "<th scope=\"row\">$first</th><td colspan=\"8\" class=\"written\">RW</td><td colspan=\"56\"></td></tr>" $page
        grep -qF "numaprobe detect --full -- ./app" <<<"$(part $page again)"
    done
    lacks -q 'id="latency"' alone.html
    run --separate-stderr "$NUMAPROBE" report found.txt --png png
    [ "$status" -eq 0 ] && [ -z "$output$stderr" ]
    holds_only png
}

@test "report: all that detect's file can hold" {
    python3 "$OLDPWD/tests/report_json.py" d.json
    bare "$NUMAPROBE" report d.json -o r.html
    run part r.html found
    for text in "Not recorded: 1 process, no space for the recording" "How it ended: signal 11" \
        "1. Shares a line falsely: global stats (struct stats[2]), src/server/statistics.c:8" \
        "fixing it makes the program 1.88 times as fast (1.84 to 1.92)" "Price: an access takes 8.10 ns, and 1.20 ns on separate lines" \
        "2. Shares 12 lines falsely and truly: heap block (struct flags)" "Made in flags_new src/server/statistics.c:31, called by main" \
        "no significant gain: 1.01 times as fast" "3. Would share a line falsely where lines have 128 bytes: unknown memory" \
        "4. Would share a line falsely if its threads ran at the same time" "global total (long): 45.2 k hand-overs" \
        "With every finding that happens fixed, the program would be 1.91 times as fast" "3 shared places stayed below"; do
        grep -qF -- "$text" <<<"$output" || { echo "missing: $text" && false; }
    done
    [ "$(grep -c '<script' r.html)" -eq 1 ]
    holds_only . d.json r.html
}

@test "report: what detect did not write is one line with the file's name, and no page" {
    python3 "$OLDPWD/tests/report_json.py" d.json
    echo '{"regimes": [], "figures": []}' >other.json
    head -c 3000 d.json >cut.json
    sed 's/"seen": [0-9]*/"seen": "many"/' d.json >type.json
    sed '/"below"/d' d.json >missing.json
    sed 's/"below": 3/"below": 1e4000/' d.json >huge.json
    { printf '{"a":' && head -c 100000 /dev/zero | tr '\0' '['; } >deep.json
    python3 -c 'import json; d = json.load(open("d.json")); d["findings"][0]["object"]["name"] = "x" * 10000000
json.dump(d, open("long.json", "w"))'
    : >empty.json
    for name in other cut type missing huge deep long empty; do
        run --separate-stderr "$NUMAPROBE" report "$CSV/stat.csv" $name.json d.json -o r.html
        echo "$name: $status $stderr"
        [ "$status" -eq 4 ]
        [ "$(wc -l <<<"$stderr")" -eq 1 ]
        [[ $stderr == "numaprobe: $name.json:"* ]]
        [ ! -e r.html ]
    done
    refuses 4 "other.json: command is missing: not what numaprobe detect --json writes" report other.json -o r.html
    refuses 4 "missing.json: below is missing: not what numaprobe detect --json writes" report missing.json -o r.html
    refuses 2 "-o: 'd.json' is one of the files to report; name another file" report d.json -o d.json
    [ -z "$(find . -name '.r.html*')" ]
}

# A run's JSON as table42 reads it: fake LOW HIGH PER_OP writes a program that writes it.
fake() {
    cat >fake <<END
#!/usr/bin/env python3
import json, sys
path = sys.argv[sys.argv.index("--json") + 1]
def figure(align, ns, low, high, per_op):
    ratio = None if align is None else {"low": low, "median": (low or 0 + high or 0), "high": high, "n": 30}
    return {"layout": "counter", "align_bytes": align, "op": "store", "regime": 0, "ratio": ratio, "per_op": per_op,
            "ns_per_op": {"low": ns - 1, "median": ns, "high": ns + 1, "n": 30}}
count = lambda x: {"low": x, "median": x, "high": x, "n": 30}
counted = {"loads": count(1), "stores": count(1), "l3-miss": count(0.02), "rfo": count(0.9)} if $3 else {}
json.dump({"regimes": [{"regime": 0, "blocks": 30}], "run": {"cpu_model": "X", "distance": "same L3",
    "counters_reason": "" if $3 else "no PMU here"},
    "figures": [figure(None, 16, 0, 0, {}), figure(8, 50, $1, $2, counted), figure(64, 16, 0.99, 1.01, counted)]},
    open(path, "w"))
END
    chmod +x fake
}

@test "table42: published beside measured, with what the events cannot see" {
    table42=$OLDPWD/scripts/table42
    fake 3.0 3.2 1
    NUMAPROBE=$PWD/fake run --separate-stderr "$table42"
    [ "$status" -eq 0 ]
    grep -qE "^mean store latency, ns +42.7 +50.0 \(49.0–51.0\) +29.1 +16.0 \(15.0–17.0\)" <<<"$output"
    grep -qE "^L3 miss rate +18.3% +1% +5.6% +1%" <<<"$output"
    grep -qE "^false sharing +yes +yes, 3.00× +no +no, 0.99×" <<<"$output"
    grep -qE "^mem_load_retired.l3_miss/op +not measured" <<<"$output"
    grep -q "counts loads only" <<<"$output"
    grep -q "within one L3" <<<"$output"
}

@test "table42: what cannot be measured is said, never 0" {
    table42=$OLDPWD/scripts/table42
    fake 0.9 1.2 0
    NUMAPROBE=$PWD/fake run --separate-stderr "$table42"
    [ "$status" -eq 0 ]
    grep -qE "^L3 miss rate +18.3% +not measured +5.6% +not measured" <<<"$output"
    grep -qE "^false sharing +yes +not decided" <<<"$output"
    grep -q "Not measured, because: no PMU here." <<<"$output"
    lacks -qE "\b0(\.0+)?%" <<<"$output"
}

@test "table42: on this machine" {
    need_two_cpus
    run --separate-stderr "$OLDPWD/scripts/table42" --max-time 1s --quiet
    [ "$status" -eq 0 ] || [[ $stderr == "table42: no block could be counted"* ]]
    run --separate-stderr "$OLDPWD/scripts/table42" --bogus
    [ "$status" -eq 2 ]
    [ "$(wc -l <<<"$stderr")" -eq 1 ]
}

# Cards of this version, an older and a newer one; of emulated machines, made by scripts/lab.
cards() { echo "$BATS_TEST_DIRNAME/../fixture/cards"; }
lab_cards() { echo "$BATS_TEST_DIRNAME"/../../data/cards/lab-*.json; }

@test "report: machine cards are side by side, and what is apart has a ratio" {
    bare "$NUMAPROBE" report "$(cards)/older.json" "$(cards)/later.json" -o r.html
    run part r.html cards
    grep -q "^ *machine old later" <<<"$output"
    grep -q "^ *kernel 5.10.0 7.0.0" <<<"$output"
    grep -q "^ *load modified, same L3, local 29.0 (28.5–29.6) 38.4 (38.1–38.9) 1.32×" <<<"$output"
    grep -q "^ *load modified, same cpu, local 1.09 (1.08–1.10) 1.09 (1.07–1.12) *$" <<<"$output"
    run part r.html answer
    grep -q "2 machine cards: old, later: under Cards" <<<"$output"
    lacks -q "No layouts were compared" r.html
}

@test "report: cards are printed at 80 columns by --term, with and without a page" {
    command -v script >/dev/null || skip "no script(1)"
    at_80_columns "$NUMAPROBE" report "$(cards)/older.json" "$(cards)/later.json" --term | sed 's/\x1b\[[0-9;]*m//g' >two
    grep -qE '^load modified +same L3 +local +29.0 \(28.5–29.6\)  38.4 \(38.1–38.9\) 1.32× *$' two
    grep -qE '^kernel +old +5.10.0 *$' two
    grep -qE '^processor +all +Some Processor *$' two
    [ "$(LC_ALL=C.UTF-8 wc -L <two)" -le 80 ]
    "$NUMAPROBE" report "$(cards)/later.json" --term >one
    grep -q '^load modified  same L3' one
    holds_only . one two
}

@test "report: a card of an unknown schema is refused in one line, and nothing is lost" {
    bare "$NUMAPROBE" report "$(cards)/older.json" -o r.html
    cp r.html before.html
    cp "$(cards)/schema-2.json" new.card
    refuses 4 "new.card: a card of schema 2; this numaprobe reads schema 1, use the one that wrote it" \
        report "$(cards)/older.json" new.card -o r.html
    cmp r.html before.html
    cmp new.card "$(cards)/schema-2.json"
    sed 's/"ns":{/"ns":[/; s/}}]/]}]/' "$(cards)/older.json" >broken.card
    run --separate-stderr -4 "$NUMAPROBE" report broken.card -o r.html
    [ "${#stderr_lines[@]}" -eq 1 ]
    cmp r.html before.html
}

@test "report: what cards are not for is refused with what to do" {
    run --separate-stderr -0 "$NUMAPROBE" report "$(cards)/older.json" --csv e.csv
    [[ $stderr == *"--csv: machine cards have no estimates of samples and are left out."* ]]
    head -c 700 "$(cards)/older.json" >cut.card
    run --separate-stderr -4 "$NUMAPROBE" report cut.card --term
    [[ $stderr == "numaprobe: cut.card:"*": the file is broken or cut off; write it anew" ]]
    refuses 4 "$(cards)/older.json: a machine card; 'numaprobe report FILE... --term' shows cards next to each other" \
        compare "$(cards)/older.json" "$(cards)/later.json"
    cp "$(cards)/later.json" copy.card
    "$NUMAPROBE" report "$(cards)/later.json" copy.card --term >two
    grep -q "^load modified .*copy.card\|^op, state .*copy.card" two
}

@test "report: the card of each emulated machine is read, and all are shown side by side" {
    read -ra all <<<"$(lab_cards)"
    [ "${#all[@]}" -ge 5 ]
    for card in "${all[@]}"; do
        bare "$NUMAPROBE" report "$card" --term >one
        grep -q "^processor .* TCG " one
        [ "$(stat -c %s "$card")" -lt 12000 ]
    done
    bare "$NUMAPROBE" report "${all[@]}" -o r.html
    [ "$(part r.html cards | grep -cE '^ *machine (arm|x86)-.* TCG')" -ge 1 ]
    command -v script >/dev/null || skip "no script(1)"
    at_80_columns "$NUMAPROBE" report "${all[@]}" --term | sed 's/\x1b\[[0-9;]*m//g' >all
    [ "$(LC_ALL=C.UTF-8 wc -L <all)" -le 80 ]
    python3 - "$BATS_TEST_DIRNAME/../../data/card.schema.json" "${all[@]}" "$(cards)/older.json" "$(cards)/later.json" <<'END'
import json, sys
try:
    from jsonschema import Draft202012Validator
except ImportError:
    sys.exit()
schema, *cards = (json.load(open(path)) for path in sys.argv[1:])
Draft202012Validator.check_schema(schema)
for card in cards:
    Draft202012Validator(schema).validate(card)
try:
    Draft202012Validator(schema).validate(cards[0] | {"schema": 2})
except Exception:
    sys.exit()
raise AssertionError("a card of schema 2 is valid")
END
}
