#!/usr/bin/env bats
# numaprobe detect: SARIF, Markdown and the tables of --by, from one recording. Whether a finding happened or is latent
# depends on the machine, so that nothing here does.

load ../common

setup_file() {
    export programs=$BATS_FILE_TMPDIR
    cd "$BATS_TEST_DIRNAME/../.." || return
    numaprobe=$(realpath "${NUMAPROBE:-build/numaprobe}")
    mkdir "$programs/src, 50%"
    # shellcheck disable=SC2016 # the name of a file
    source='src, 50%/a|`<b>{0}.cc'
    cat >"$programs/$source" <<'END'
#include <atomic>
#include <pthread.h>
template <class T> struct tally { std::atomic<T> hits; };
static const int rounds = 200000;
alignas(64) static struct { alignas(64) pthread_barrier_t once; } barrier;
/* In rounds: of a thread that had its line alone, before the other came, the places are unknown. */
static void meet(int i) { if (i % 2048 == 0) pthread_barrier_wait(&barrier.once); }
static void run(void *(*first)(void *), void *(*second)(void *), void *a, void *b)
{
    pthread_t id[2];
    pthread_create(&id[0], nullptr, first, a), pthread_create(&id[1], nullptr, second, b);
    for (int i = 0; i < 2; i++) pthread_join(id[i], nullptr);
}
#define GROUP(n) \
    alignas(64) static tally<long> t##n[2]; \
    static void *count##n(void *at) \
    { \
        for (int i = 0; i < rounds; i++) \
            meet(i), static_cast<tally<long> *>(at)->hits.fetch_add(1, std::memory_order_relaxed); \
        return at; \
    }
GROUP(1)
GROUP(2)
GROUP(3)
GROUP(4)
struct part { volatile long n, other[5]; };
static void *grow(void *at) { for (int i = 0; i < rounds; i++) meet(i), static_cast<part *>(at)->n++; return at; }
static void *shrink(void *at) { for (int i = 0; i < rounds; i++) meet(i), static_cast<part *>(at)->other[0]--; return at; }
int main()
{
    pthread_barrier_init(&barrier.once, nullptr, 2);
    run(count1, count1, &t1[0], &t1[1]), run(count2, count2, &t2[0], &t2[1]);
    run(count3, count3, &t3[0], &t3[1]), run(count4, count4, &t4[0], &t4[1]);
    part *parts = new part[4]; /* one begins within the first 16 bytes of a line, wherever the block lies */
    part *first = parts;
    while (reinterpret_cast<unsigned long>(first) % 64 > 32) first++;
    run(grow, shrink, first, first);
    delete[] parts;
}
END
    (cd "$programs/src, 50%" && "$numaprobe" c++ -O1 -g -pthread -o "$programs/app" "${source##*/}") 2>"$programs/cc.log" ||
        export no_cc=1
    [ -n "${no_cc:-}" ] || "$programs/app" || export no_cc=1
    [ -n "${no_cc:-}" ] || "$numaprobe" detect --full --record "$programs/record" "$programs/app" >/dev/null 2>&1
    true
}

setup() {
    common_setup
    [ -z "${no_cc:-}" ] || skip "numaprobe c++ cannot build here: $(tail -n 1 "$programs/cc.log")"
    cd "$programs" || return
}

detect() { "$NUMAPROBE" detect "$@"; }
read_record() { detect --read "$programs/record" "$@"; }

@test "detect --sarif: rules, results, places below the current folder, and fingerprints" {
    run -0 read_record --sarif "$box/s.sarif" --json "$box/d.json"
    python3 - "$box" "$programs" <<'END'
import json, sys, urllib.parse
box, programs = sys.argv[1:]
j, report = (json.load(open(f"{box}/{name}")) for name in ("s.sarif", "d.json"))
assert j["version"] == "2.1.0" and j["$schema"].endswith("sarif-schema-2.1.0.json")
(run,) = j["runs"]
driver = run["tool"]["driver"]
assert driver["name"] == "numaprobe" and driver["version"] == report["version"] and driver["informationUri"]
rules = [rule["id"] for rule in driver["rules"]]
assert rules == ["false-sharing", "latent-false-sharing", "mixed-sharing"]
base = run["originalUriBaseIds"]["SRCROOT"]["uri"]
assert base.startswith("file:///") and base.endswith("/")
lines = open(f"{programs}/src, 50%/a|`<b>{{0}}.cc").read().splitlines()
found = [f for f in report["findings"] if f["kind"] != "true"]
assert len(run["results"]) == len(found) == 5
for result, f in zip(run["results"], found):
    assert rules[result["ruleIndex"]] == result["ruleId"] and result["level"] == "warning"
    assert (result["ruleId"] == "latent-false-sharing") == (f["latent"] is not None)
    text = result["message"]["text"].replace("{{", "{").replace("}}", "}")
    assert f["suggestion"]["text"] in text and (f["object"]["name"] or "part") in text, text
    places = result["locations"] + result["relatedLocations"]
    assert len(result["locations"]) == 1 and len(places) > 1
    for place in places:
        file = place["physicalLocation"]["artifactLocation"]
        assert file == {"uri": urllib.parse.quote("src, 50%/a|`<b>{0}.cc"), "uriBaseId": "SRCROOT"}, file
    first = lines[places[0]["physicalLocation"]["region"]["startLine"] - 1]
    assert "GROUP(" in first if f["object"]["name"] else "grow" in first or "shrink" in first, first
    assert all(place["message"]["text"] for place in result["relatedLocations"])
heap = next(r for r, f in zip(run["results"], found) if f["object"]["kind"] == "heap")
assert "allocated here" in [place["message"]["text"] for place in heap["relatedLocations"]]
assert run["invocations"][0]["executionSuccessful"] is True
prints = [result["partialFingerprints"]["numaprobe/v1"] for result in run["results"]]
assert len(set(prints)) == 5
END
}

fingerprints() {
    python3 -c 'import json, sys
results = json.load(open(sys.argv[1]))["runs"][0]["results"]
print(sum(r["occurrenceCount"] for r in results), sorted({r["partialFingerprints"]["numaprobe/v1"] for r in results}))' "$1"
}

@test "detect --sarif: other runs, from another folder, have the same fingerprints, and are one result" {
    read_record --quiet --sarif "$box/1"
    cd "$box"
    detect --full --quiet --sarif "$box/2" -- sh -c '"$0" && "$0"' "$programs/app"
    [[ $(fingerprints "$box/1") == "5 "* ]]
    [ "$(fingerprints "$box/1" | sed 's/^5/10/')" = "$(fingerprints "$box/2")" ]
    # What is not below the folder is absolute.
    grep -q '"uri": "file:///.*/src%2C%2050%25/a%7C%60%3Cb%3E%7B0%7D.cc"' "$box/2"
}

@test "detect --sarif -: only SARIF is on standard output" {
    run --separate-stderr -0 read_record --sarif -
    python3 -c 'import json, sys; assert json.load(sys.stdin)["version"] == "2.1.0"' <<<"$output"
    [[ $stderr == *"Suggestion: "* ]]
}

@test "detect --sarif: where not all was seen, an empty list is not an answer" {
    cat >"$box/app.c" <<'END'
#include <pthread.h>
static void *work(void *at) { return at; }
int main(void) { pthread_t id; pthread_create(&id, 0, work, 0); pthread_join(id, 0); }
END
    gcc -O1 -c -o "$box/app.o" "$box/app.c"
    "$NUMAPROBE" cc -pthread -o "$box/other" "$box/app.o"
    run -1 detect --full --fail-on false-sharing --sarif "$box/s" "$box/other"
    python3 - "$box/s" <<'END'
import json, sys
(run,) = json.load(open(sys.argv[1]))["runs"]
(invocation,) = run["invocations"]
assert run["results"] == [] and invocation["executionSuccessful"] is False
(note,) = invocation["toolExecutionNotifications"]
assert note["level"] == "error" and "none of their accesses was seen" in note["message"]["text"]
END
}

@test "detect --markdown: verdict, picture and suggestion in less than 60 lines; what is left out is counted" {
    run -0 read_record --markdown "$box/m.md"
    cat "$box/m.md"
    [ "$(wc -l <"$box/m.md")" -lt 60 ]
    [[ $(head -n 1 "$box/m.md") == "**numaprobe detect** "*": 5 findings of false sharing"* ]]
    shown=$(grep -c '^### ' "$box/m.md")
    [ "$shown" -ge 1 ] && [ "$shown" -lt 5 ]
    grep -qE "^$((5 - shown)) more findings? (was|were) left out\.$" "$box/m.md"
    [ "$(grep -c '^\*\*Suggestion:\*\* ' "$box/m.md")" -eq "$shown" ]
    grep -qE '^    A     ·*(B|W)' "$box/m.md"
    # Outside the blocks of code nothing is left of what Markdown obeys.
    run ! grep -E '(^|[^\\])[`<|]' <(grep -v '^    ' "$box/m.md")
    grep -qF 'tally\<long' "$box/m.md"
}

@test "detect --markdown: nothing found is a sentence" {
    echo 'object:*' >"$box/all"
    run -0 read_record --suppressions "$box/all" --quiet --markdown -
    [[ $output == "**numaprobe detect** "*": No other false sharing found." && ${#lines[@]} -eq 1 ]]
}

@test "detect --by: pairs of functions, types; JSON has both" {
    run -0 read_record --by function --json "$box/d.json"
    echo "$output"
    [[ $output == *"False hand-overs by pairs of functions:"* ]]
    [[ $output =~ part\ +(grow\ +shrink|shrink\ +grow) && $output =~ t1\ +count1\ +count1 ]]
    run -0 read_record --by type
    echo "$output"
    [[ $output == *"False hand-overs by type:"* && $output =~ 4\ +tally\<long(\ int)?\>\ +t.,\ t.,\ t.,\ t.\ +hits ]]
    [[ $output =~ 1\ +part\ +part\ +n,\ other ]]
    python3 - "$box/d.json" <<'END'
import json, sys
j = json.load(open(sys.argv[1]))
assert list(j)[-2:] == ["by_function", "by_type"]
pairs = {(row["object"], *row["functions"]) for row in j["by_function"]}
assert pairs == {("part", "grow", "shrink")} | {(f"t{n}", f"count{n}", f"count{n}") for n in range(1, 5)}, pairs
assert all(row["per_second"] > 0 or row["possible"] > 0 for row in j["by_function"] + j["by_type"])
assert {(row["type"].replace(" int", ""), row["cache_lines"], len(row["objects"])) for row in j["by_type"]} == \
    {("tally<long>", 4, 4), ("part", 1, 1)}
END
    run -0 "$NUMAPROBE" report "$box/d.json" -o "$box/page.html"
    run -0 read_record
    [[ $output != *"False hand-overs by"* ]]
}

# As in common.bash, with a command that must not run.
refused() { refuses "$1" "$2" detect "${@:3}" touch "$box/ran"; }

@test "detect: outputs that cannot be written, and an unknown --by, are one line before anything runs" {
    refused 4 "--sarif: cannot write '/nonexistent/x': No such file or directory" --sarif /nonexistent/x
    refused 4 "--markdown: cannot write '/nonexistent/x': No such file or directory" --markdown /nonexistent/x
    refused 2 "--markdown: '$box/x' is written by --sarif; name another file" --sarif "$box/x" --markdown "$box/x"
    refused 2 "--sarif: '/dev/stdout' is written by --json; name another file" --json - --sarif /dev/stdout
    run --separate-stderr -2 detect --by line touch "$box/ran"
    [[ $stderr == "numaprobe: --by: unknown table 'line'"*"function"*"type"* && ${#stderr_lines[@]} -eq 1 ]]
    holds_only "$box"
}
