#!/usr/bin/env bats
# numaprobe detect: the program's exit code, output and signals stay its own; what is found is told with object,
# field, place and what to change; what cannot be watched says so in one line.

load ../common

setup_file() {
    export programs=$BATS_FILE_TMPDIR
    cd "$BATS_TEST_DIRNAME/../.." || return
    numaprobe=$(realpath "${NUMAPROBE:-build/numaprobe}")
    cat >"$programs/app.c" <<'END'
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
struct tally {
    _Atomic long hits;
#ifdef FIXED
    char apart[120];
#endif
    long other;
};
_Alignas(64) static struct tally tallies[2];
static void *count(void *tally)
{
    for (long i = 0; i < 3000000; i++)
        atomic_fetch_add_explicit(&((struct tally *)tally)->hits, 1, memory_order_relaxed); /* hot */
    return NULL;
}
static void work(void)
{
    pthread_t id[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&id[i], NULL, count, &tallies[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(id[i], NULL);
}
int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "single") != 0 && strcmp(what, "fork") != 0)
        work();
    if (strcmp(what, "fork") == 0 && fork() == 0) {
        work();
        return 0;
    }
    while (wait(NULL) > 0)
        ;
    printf("%ld\n", tallies[0].hits + tallies[1].hits);
    fflush(stdout);
    if (strcmp(what, "crash") == 0)
        *(volatile int *)8 = 1;
    if (strcmp(what, "abort") == 0)
        abort();
    return argc > 2 ? atoi(argv[2]) : 0;
}
END
    "$numaprobe" cc -O2 -pthread -o "$programs/app" "$programs/app.c" 2>"$programs/cc.log" || export no_cc=1
    "$numaprobe" cc -O2 -DFIXED -pthread -o "$programs/fixed" "$programs/app.c" 2>>"$programs/cc.log" || export no_cc=1
    [ -n "${no_cc:-}" ] || "$programs/app" fork >/dev/null || export no_cc=1
    [ -n "${no_cc:-}" ] || "$numaprobe" detect --full --record "$programs/record" "$programs/app" >/dev/null 2>&1
    cp "$programs/app" "$programs/stripped" 2>/dev/null && strip "$programs/stripped"
    true
}

setup() {
    common_setup
    [ -z "${no_cc:-}" ] || skip "numaprobe cc cannot build here: $(tail -n 1 "$programs/cc.log")"
    app=$programs/app
}

detect() { "$NUMAPROBE" detect "$@"; }

# As in common.bash, for 127 too, which bats warns of unless it is asked for.
refuses() {
    run --separate-stderr -"$1" "$NUMAPROBE" "${@:3}"
    echo "stderr: $stderr, stdout: $output" # shown when the test fails
    [ "$stderr" = "numaprobe: $2" ] && [ -z "$output" ]
}

# ask FILE EXPRESSION: of a report as JSON, j.
ask() { python3 -c 'import json, sys
j = json.load(open(sys.argv[1])); f = j["findings"][0] if j["findings"] else None
print(eval(sys.argv[2]))' "$@"; }

@test "detect: false sharing with its object, fields, places and what to change" {
    run --separate-stderr -0 detect --full --json "$box/d.json" "$app"
    [ "$output" = 6000000 ]
    echo "$stderr"
    [[ $stderr == *"false sharing: global tallies (struct tally[2])"*"app.c:"* ]]
    [[ $stderr == *"[0].hits"*"[1].hits"* && $stderr == *"atomic"*"count "*"app.c:"* ]]
    [[ $stderr == *"Suggestion: pad struct tally from 16 to 64 bytes: alignas(64) before its first member."* ]]
    hot=$(grep -n 'hot \*/' "$programs/app.c" | cut -d: -f1)
    [ "$(ask "$box/d.json" 'f["kind"], f["object"]["kind"], f["object"]["name"], f["object"]["type"]')" = \
        "('false', 'global', 'tallies', 'struct tally[2]')" ]
    [ "$(ask "$box/d.json" 'sorted(x["name"] for x in f["fields"])')" = "['[0].hits', '[1].hits']" ]
    [ "$(ask "$box/d.json" '{(x["function"], x["line"], x["write"]) for x in f["lines"]}')" = "{('count', $hot, True)}" ]
    [ "$(ask "$box/d.json" 'f["suggestion"]["what"], f["suggestion"]["bytes"]')" = "('pad', 64)" ]
    [ "$(ask "$box/d.json" 'f["picture"]["bytes"], sorted(t["bytes"].rstrip(".") for t in f["picture"]["threads"])')" = \
        "(64, ['$(printf '.%.0s' {1..16})BBBBBBBB', 'BBBBBBBB'])" ]
    [ "$(ask "$box/d.json" '[(x["name"], x["first"], x["size"]) for x in f["picture"]["fields"]]')" = \
        "[('[0].hits', 0, 8), ('[1].hits', 16, 8)]" ]
    [ "$(ask "$box/d.json" 'j["status"], j["signal"], j["mode"], j["processes"][0]["threads"]')" = "(0, None, 'full', 3)" ]
    holds_only "$box" d.json
}

@test "detect: JSON has the keys that docs/detect.md lists" {
    detect --read "$programs/record" --json "$box/d.json" >/dev/null
    for key in $(sed -n '/^## JSON/,$s/^| \(`[^|]*`\) |.*/\1/p' docs/detect.md | tr -d '`,[]'); do
        run python3 -c 'import json, sys
j = json.load(open(sys.argv[1])); f = j["findings"][0]
assert sys.argv[2] in j or sys.argv[2] in f, sys.argv[2]' "$box/d.json" "$key"
        echo "$key: $output"
        [ "$status" -eq 0 ]
    done
}

@test "detect: what is fixed is not told, and that is an answer" {
    run --separate-stderr -0 detect --full --fail-on false-sharing "$programs/fixed"
    [[ $stderr == *"No false sharing found."* && $stderr == *"3 threads"*"accesses seen, 100% of the time"* ]]
    # In bursts, a few milliseconds are seen whole, or too little of them.
    run --separate-stderr -0 detect "$programs/fixed"
    [[ $stderr == *"No false sharing found."* || $stderr == *"too little was seen to know: --full sees all."* ]]
}

@test "detect: on one cpu it is latent" {
    cpu=$(python3 -c 'import os; print(min(os.sched_getaffinity(0)))')
    taskset -c "$cpu" "$NUMAPROBE" detect --full --json "$box/d.json" "$app" >"$box/out" 2>&1
    cat "$box/out"
    [ "$(ask "$box/d.json" 'f["kind"], f["object"]["name"]')" = "('false', 'tallies')" ]
    [ "$(ask "$box/d.json" 'f["latent"] in (None, "turns")')" = True ]
}

@test "detect: a picture within 80 columns, in ASCII where the locale has no more" {
    LC_ALL=C run -0 detect --read "$programs/record"
    [[ $output == *'^[0].hits'*'^[1].hits'* ]]
    LC_ALL=C.UTF-8 run -0 detect --read "$programs/record"
    [[ $output == *'└[0].hits'*'└[1].hits'* ]]
    run -0 at_80_columns "$NUMAPROBE" detect --read "$programs/record"
    [ "$(grep -v / <<<"$output" | wc -L)" -le 80 ] # A path stays whole, so that it can be copied.
}

@test "detect: --record keeps, --read tells the same again" {
    run -0 detect --read "$programs/record"
    [[ $output == *"false sharing: global tallies"* ]]
    run -1 detect --read "$programs/record" --fail-on false-sharing
    refuses 2 "--record: '$programs/record' contains a recording; name another folder" \
        detect --record "$programs/record" touch "$box/ran"
    holds_only "$box"
}

@test "detect: nothing is left in TMPDIR" {
    mkdir "$box/tmp"
    TMPDIR=$box/tmp detect "$app" >/dev/null 2>&1
    holds_only "$box/tmp"
    TMPDIR=$box/tmp run -127 detect no-such-command
    holds_only "$box/tmp"
    TMPDIR=/nonexistent refuses 4 \
        "cannot make a folder for the recording in '/nonexistent': No such file or directory" detect "$app"
}

@test "detect: exit codes: the program's own, then --fail-on's" {
    run -7 detect "$app" '' 7
    run -7 detect --fail-on false-sharing "$app" '' 7
    run -1 detect --full --fail-on false-sharing "$app"
    run -0 detect --full "$app"
    run -0 detect --full --fail-on false-sharing "$programs/fixed"
}

@test "detect: a crash is told with what was seen until then" {
    for how in "crash 139 11 Segmentation" "abort 134 6 Aborted"; do
        read -r word code number name <<<"$how"
        run -"$code" detect --full --json "$box/$word.json" "$app" "$word"
        echo "$output"
        [[ $output == *"ended by signal $number, $name"*"until then"*"false sharing: global tallies"* ]]
        [ "$(ask "$box/$word.json" 'j["status"], j["signal"], j["processes"][0]["ended"]')" = \
            "($code, $number, 'signal $number')" ]
    done
}

@test "detect: a forked child has findings of its own, with its pid" {
    run -0 detect --full --json "$box/d.json" "$app" fork
    echo "$output"
    [ "$(ask "$box/d.json" 'len(j["processes"]), f["pid"] == j["processes"][1]["pid"], j["processes"][1]["parent"] == j["processes"][0]["pid"]')" = "(2, True, True)" ]
    [[ $output == *"in process "*"app"* ]]
}

@test "detect: a stripped program: offsets instead of names, said once" {
    run -0 detect --full --json "$box/d.json" "$programs/stripped"
    echo "$output"
    [ "$(grep -c "Places in .*stripped are offsets: it has no debug information" <<<"$output")" = 1 ]
    [[ $output == *"stripped+0x"* && $output == *"byte "* ]]
    [ "$(ask "$box/d.json" 'f["kind"], f["fields"][0]["known"], f["lines"][0]["function"]')" = "('false', False, None)" ]
}

@test "detect: one thread shares nothing" {
    run -0 detect "$app" single
    [[ $output == *"1 thread"*"No false sharing found."* ]]
}

@test "detect: a program not built to be watched: one line, and it fails" {
    refuses 4 "'true' left no recording: it is not instrumented; rebuild it with CC=numaprobe-cc (numaprobe cc), CXX=numaprobe-c++, numaprobe go or numaprobe cargo, and run it again" detect true
    run --separate-stderr -3 detect -- sh -c 'echo out; exit 3'
    [ "$output" = out ]
    [[ $stderr == "numaprobe: 'sh' left no recording: "* ]]
}

# two_threads OPTION...: how its object is compiled; linked by numaprobe cc.
two_threads() {
    "$@" -O1 -g -c -o "$box/part.o" "$programs/app.c" && "$NUMAPROBE" cc -o "$box/other" "$box/part.o"
}

@test "detect: several threads and no access seen: not known, in text, JSON, page and exit code" {
    two_threads gcc
    run -1 detect --full --fail-on false-sharing --json "$box/d.json" "$box/other"
    echo "$output"
    [[ $output != *"No false sharing found"* ]]
    [[ $output == *"Whether there is false sharing is not known: process "*", $box/other: 3 threads ran, and none of their accesses was seen."* ]]
    [[ $output == *"Not built by numaprobe cc, so nothing of it is seen: $box/other."* ]]
    [ "$(ask "$box/d.json" 'j["unseen"].split(": ")[1], j["uninstrumented"] == [j["processes"][0]["command"][0]]')" = \
        "('3 threads ran, and none of their accesses was seen', True)" ]
    "$NUMAPROBE" report "$box/d.json" -o "$box/page.html"
    grep -q '>not seen<' "$box/page.html" && grep -q 'is not known: process' "$box/page.html"
    run ! grep -q 'No false sharing found\|none found' "$box/page.html"
    # A file from before those keys.
    python3 -c 'import json, sys
j = json.load(open(sys.argv[1])); del j["unseen"], j["uninstrumented"]; json.dump(j, open(sys.argv[1], "w"))' "$box/d.json"
    "$NUMAPROBE" report "$box/d.json" -o "$box/page.html"
    grep -q '>not seen<' "$box/page.html"
}

@test "detect: modules that were not built by numaprobe cc are listed, but for libc and the like" {
    echo 'int quiet(void) { return 0; }' >"$box/quiet.c"
    gcc -shared -fPIC -o "$box/libquiet.so" "$box/quiet.c"
    "$NUMAPROBE" cc -shared -fPIC -o "$box/libseen.so" "$box/quiet.c"
    "$NUMAPROBE" cc -O1 -g -Wl,--no-as-needed -o "$box/both" "$programs/app.c" -L"$box" -lquiet -lseen -lm -Wl,-rpath,"$box"
    run -0 detect --full --json "$box/d.json" "$box/both"
    [ "$(ask "$box/d.json" 'j["uninstrumented"], j["unseen"]')" = "(['$box/libquiet.so'], None)" ]
    [ "$(grep -c "Not built by numaprobe cc" <<<"$output")" = 1 ]
    for how in -static -flto; do
        "$NUMAPROBE" cc -O1 -g "$how" -o "$box/whole" "$programs/app.c"
        run -0 detect --full "$box/whole"
        [[ $output != *"Not built by"* ]]
    done
    # Of a stripped program it is not known.
    two_threads gcc
    strip "$box/other"
    run -0 detect --full "$box/other"
    [[ $output != *"Not built by"* && $output == *"is not known"* ]]
}

@test "detect: a process that was killed before it began is not in the way" {
    "$NUMAPROBE" detect --full --record "$box/kept" "$app" >/dev/null 2>&1
    head -c 8192 /dev/zero >"$box/kept/1.rec"
    run -0 --separate-stderr "$NUMAPROBE" detect --read "$box/kept"
    [[ $output == *" accesses seen"* ]]
    printf 'x' | dd of="$box/kept/1.rec" conv=notrunc status=none
    run -4 --separate-stderr "$NUMAPROBE" detect --read "$box/kept"
    [[ $stderr == *"bad magic"* ]]
}

@test "detect: a program whose library alone is instrumented: its threads are not known" {
    "$NUMAPROBE" cc -O1 -shared -fPIC -Dmain=library_main -o "$box/libwork.so" "$programs/app.c"
    echo 'int library_main(int, char **); int main(int c, char **v) { return library_main(c, v); }' >"$box/host.c"
    gcc -o "$box/host" "$box/host.c" "$box/libwork.so"
    run -1 detect --full --fail-on false-sharing "$box/host"
    echo "$output"
    [[ $output == *"is not known: process "*": the program is not built by numaprobe cc, so its threads are not known."* ]]
}

@test "detect: what a terminal would obey is not printed, from whatever name" {
    local evil=$'\033]0;x\007\xc2\x9b31m\x7f'
    mkdir "$box/folder$evil"
    cp "$programs/app.c" "$box/folder$evil/a$evil.c"
    cat >"$box/name.h" <<'END'
#include <sys/prctl.h>
__attribute__((constructor)) static void name_threads(void) { prctl(PR_SET_NAME, "t\033]0;\xc2\x9bx"); }
END
    "$NUMAPROBE" cc -O1 -g -include "$box/name.h" -o "$box/folder$evil/app$evil" "$box/folder$evil/a$evil.c"
    NUMAPROBE_DEBUG=dwarf run -0 detect --full --record "$box/r$evil" "$box/folder$evil/app$evil"
    echo "$output" | cat -v
    [[ $output == *"false sharing: global tallies"*"; started in work "* ]]
    run ! grep -qaP '\x1b|\x07|\x7f|\xc2[\x80-\x9f]' <<<"$output"
    LC_ALL=C.UTF-8 run -0 at_80_columns "$NUMAPROBE" detect --read "$box/r$evil"
    run ! grep -qaP '\x07|\x7f|\xc2[\x80-\x9f]|\x1b[^\[]' <<<"$output"
    refuses 4 "cannot read '$box/none ]0;x  31m ': No such file or directory" detect --read "$box/none$evil"
}

@test "detect: a program that is not there or not to be run, in one line" {
    PATH=/usr/bin:/bin
    refuses 127 "cannot run 'no-such-command': No such file or directory" detect no-such-command
    refuses 126 "cannot run '/etc/passwd': Permission denied" detect -- /etc/passwd
    refuses 2 "detect: no command; expected: numaprobe detect [OPTION...] -- COMMAND" detect
    refuses 2 "detect: no command; expected: numaprobe detect [OPTION...] -- COMMAND" detect --full --
}

@test "detect: wrong words, in one line, before anything runs" {
    refuses 2 "--budget: expected a number above 1, as 3x, found '0.5'" detect --budget 0.5 touch "$box/ran"
    refuses 2 "--budget: expected a number above 1, as 3x, found '3y'" detect --budget 3y touch "$box/ran"
    refuses 2 "--budget: expected a number above 1, as 3x, found ''" detect --budget '' touch "$box/ran"
    refuses 2 "--full: sees every access, whatever the --budget; leave one out" detect --full --budget 2 touch "$box/ran"
    refuses 2 "--read: reports a recording and runs no command; leave the command out" detect --read "$programs/record" touch "$box/ran"
    refuses 2 "--read: --full is for running a program; leave it out" detect --read "$programs/record" --full
    run --separate-stderr -2 detect --fail-on sharing touch "$box/ran"
    [[ $stderr == "numaprobe: --fail-on: expected false-sharing"*"found 'sharing'" && ${#stderr_lines[@]} -eq 1 ]]
    run --separate-stderr -2 detect --lines 32 touch "$box/ran"
    [[ $stderr == "numaprobe: --lines: unknown size '32'"* && ${#stderr_lines[@]} -eq 1 ]]
    refuses 2 "there is no option '--fulle'; did you mean '--full'; 'numaprobe detect --help' lists them" detect --fulle touch "$box/ran"
    refuses 4 "--json: cannot write '/nonexistent/x': No such file or directory" detect --json /nonexistent/x touch "$box/ran"
    refuses 4 "--record: cannot make '/nonexistent/x': No such file or directory" detect --record /nonexistent/x touch "$box/ran"
    refuses 4 "--record: '/dev/null': Not a directory" detect --record /dev/null touch "$box/ran"
    holds_only "$box"
}

@test "detect: the suppression that stands with a finding leaves it out" {
    run -0 detect --read "$programs/record"
    sed -n 's/^   Suppression, to accept it as it is: //p' <<<"$output" >"$box/s"
    [ "$(wc -l <"$box/s")" = "$(grep -c '^   Suggestion: ' <<<"$output")" ]
    run -0 detect --read "$programs/record" --suppressions "$box/s" --fail-on false-sharing
    [[ $output == *"No other false sharing found."* && $output != *"matched nothing"* ]]
}

@test "detect: the gate says for what it failed, and when nothing is of its object" {
    run -1 --separate-stderr detect --read "$programs/record" --fail-on false-sharing
    [[ $stderr == *"--fail-on: failed, for "*"finding"* ]]
    run -0 --separate-stderr detect --read "$programs/record" --fail-on false-sharing:nosuch
    [[ $stderr == *"--fail-on: nothing that was found is of 'nosuch'."* ]]
    run -1 --separate-stderr detect --quiet --read "$programs/record" --fail-on false-sharing
    [ -z "$stderr" ]
}

@test "detect: suppressions by object, function, file and module; one that matched nothing is told" {
    for pattern in 'object:tall*' 'function:count' 'file:app.c' 'module:app' 'file:*/app.c'; do
        printf '# why\n\n  %s  \n' "$pattern" >"$box/s"
        run -0 detect --read "$programs/record" --suppressions "$box/s" --fail-on false-sharing
        echo "$pattern: $output"
        [[ $output == *"No other false sharing found."*"Suppressed by '$pattern': 1."* ]]
    done
    printf 'object:other\nfunction:main\n' >"$box/s"
    run -1 detect --read "$programs/record" --suppressions "$box/s" --fail-on false-sharing
    [[ $output == *"$box/s line 1: 'object:other' matched nothing."*"line 2: 'function:main' matched nothing."* ]]
    detect --read "$programs/record" --suppressions "$box/s" --json "$box/d.json" >/dev/null
    [ "$(ask "$box/d.json" 'j["suppressed"]')" = \
        "[{'pattern': 'object:other', 'count': 0}, {'pattern': 'function:main', 'count': 0}]" ]
    printf 'object:a\nobjekt:x\n' >"$box/s"
    refuses 4 "--suppressions: '$box/s' line 2: expected object:, function:, file: or module: and a pattern, found 'objekt:x'" \
        detect --suppressions "$box/s" touch "$box/ran"
    printf 'file:\n' >"$box/s"
    refuses 4 "--suppressions: '$box/s' line 1: expected object:, function:, file: or module: and a pattern, found 'file:'" \
        detect --suppressions "$box/s" touch "$box/ran"
    refuses 4 "--suppressions: cannot read '/nonexistent': No such file or directory" detect --suppressions /nonexistent touch "$box/ran"
    refuses 4 "--suppressions: '/dev/zero' is neither a file nor a pipe" detect --suppressions /dev/zero touch "$box/ran"
    detect --read "$programs/record" --suppressions /dev/null >/dev/null
    detect --read "$programs/record" --suppressions <(echo object:tallies) | grep -q "Suppressed by 'object:tallies': 1."
    holds_only "$box" d.json s
}

@test "detect: records that are none, cut, of another version or empty: one line" {
    mkdir "$box/r"
    refuses 4 "--read: there is no recording in '$box/r'" detect --read "$box/r"
    refuses 4 "cannot read '/nonexistent': No such file or directory" detect --read /nonexistent
    echo 'no record' >"$box/r/1.rec"
    refuses 4 "'$box/r/1.rec' is not a numaprobe recording that can be read: bad magic" detect --read "$box/r"
    whole=$(ls "$programs"/record/*.rec)
    for size in 100 3000 100000; do
        head -c $size "$whole" >"$box/r/1.rec"
        run --separate-stderr -4 detect --read "$box/r"
        echo "$size: $stderr"
        [[ $stderr == "numaprobe: '$box/r/1.rec' is not a numaprobe recording that can be read: it is truncated" && -z $output ]]
    done
    { head -c 8 "$whole"; printf '\xff\0\0\0'; tail -c +13 "$whole"; } >"$box/r/1.rec"
    refuses 4 "'$box/r/1.rec' is not a numaprobe recording that can be read: it was written by another version of numaprobe" detect --read "$box/r"
    rm "$box/r/1.rec"
    not_regular() {
        refuses 4 "'$box/r/2.rec' is not a numaprobe recording that can be read: it is not a regular file" detect --read "$box/r"
        rm -r "$box/r/2.rec"
    }
    mkdir "$box/r/2.rec" && not_regular
    mkfifo "$box/r/2.rec" && not_regular
    ln -s /dev/zero "$box/r/2.rec" && not_regular
    python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$box/r/2.rec" && not_regular
    mkfifo "$box/fifo"
    refuses 4 "cannot read '$box/fifo': Not a directory" detect --read "$box/fifo"
    : >"$box/r/1.rec"
    run -4 detect --read "$box/r"
    [[ $output != *"no space"* ]]
    chmod 444 "$box/r/1.rec"
    run -0 detect --read "$box/r"
    [[ $output == *"1 process could not be recorded: no space for the recording."* ]]
}

@test "detect: many processes are not listed all; one for which there was no space fails the gate, one that was killed does not" {
    cat >"$box/many" <<-EOF
		for i in \$(seq 20); do '$programs/fixed'; done
	EOF
    run -0 --separate-stderr detect --record "$box/r" --fail-on false-sharing sh "$box/many"
    [ "$(grep -c ' accesses seen' <<<"$stderr")" -eq 16 ]
    grep -q '^and 4 more processes with .* accesses, of 0 of which not all was recorded' <<<"$stderr"
    : >"$box/r/1.rec"
    run -0 detect --read "$box/r" --fail-on false-sharing
    chmod 444 "$box/r/1.rec"
    run -1 detect --read "$box/r" --fail-on false-sharing
    [[ $output == *"is not known: there was no space to record a process"* ]]
}

@test "detect: a program that was built anew since: its names are not believed" {
    cp "$app" "$box/copy"
    detect --full --record "$box/r" "$box/copy" >/dev/null 2>&1
    cp "$programs/fixed" "$box/copy"
    run -0 detect --read "$box/r"
    echo "$output"
    [[ $output == *"are offsets: the file is of another build than the one that ran"* && $output != *tallies* ]]
    rm "$box/copy"
    run -0 detect --read "$box/r"
    [[ $output == *"are offsets: the file does not exist any more"* ]]
    mkfifo "$box/copy"
    run -0 detect --read "$box/r"
    [[ $output == *"are offsets: it is not a regular file any more"* ]]
    ln -sf /dev/zero "$box/copy"
    run -0 detect --read "$box/r"
    [[ $output == *"are offsets: it is not a regular file any more"* ]]
}

@test "detect: a source file that is a FIFO by now is not read" {
    cat >"$box/heap.c" <<'END'
#include <pthread.h>
#include <stdlib.h>
struct part { long n; };
static struct part *part;
static void *work(void *at) { for (long i = 0; i < 200000; i++) ++*(volatile long *)at; return at; }
int main(void)
{
    pthread_t id[2];
    part = malloc(2 * sizeof *part);
    for (int i = 0; i < 2; i++) pthread_create(&id[i], 0, work, &part[i].n);
    for (int i = 0; i < 2; i++) pthread_join(id[i], 0);
}
END
    "$NUMAPROBE" cc -O1 -g -pthread -o "$box/heap" "$box/heap.c"
    rm "$box/heap.c" && mkfifo "$box/heap.c" && touch -d '1 hour ago' "$box/heap.c"
    run -0 detect --full "$box/heap"
    [[ $output == *"false sharing: heap block"* ]]
}

@test "detect: debug information is fetched from servers only where that is asked for" {
    cat >"$box/server.py" <<'END'
import os, socket, sys
s = socket.socket()
s.settimeout(20)
s.bind(("127.0.0.1", 0))
s.listen()
with open(sys.argv[1] + "/new", "w") as f:
    f.write(str(s.getsockname()[1]))
os.rename(sys.argv[1] + "/new", sys.argv[1] + "/port")
while True:
    s.accept()[0].close()
    open(sys.argv[1] + "/asked", "w").close()
END
    python3 "$box/server.py" "$box" 3>&- &
    local server=$! port
    until [ -e "$box/port" ]; do sleep 0.02; done
    port=$(cat "$box/port")
    mkdir "$box/home"
    export HOME=$box/home DEBUGINFOD_URLS=http://127.0.0.1:$port/ DEBUGINFOD_TIMEOUT=5
    run -0 detect --full "$programs/stripped"
    [ ! -e "$box/asked" ] && holds_only "$box/home"
    run -4 detect -- sh -c 'echo "$DEBUGINFOD_URLS" >'"$box/kept"
    [ "$(cat "$box/kept")" = "$DEBUGINFOD_URLS" ]
    NUMAPROBE_DEBUGINFOD=1 run -0 detect --full "$programs/stripped"
    kill "$server"
    wait "$server" || true
    ldconfig -p | grep -q libdebuginfod || skip "no libdebuginfod: nothing could be asked"
    [ -e "$box/asked" ]
}

@test "detect: a class whose first virtual function is defined in another file has members with names" {
    cat >"$box/rule.h" <<'END'
struct rule { virtual int check() const; volatile long seen = 0; };
END
    printf '#include "rule.h"\nint rule::check() const { return 0; }\n' >"$box/rule.cc"
    cat >"$box/table.cc" <<'END'
#include "rule.h"
#include <pthread.h>
struct table { struct rule rule; volatile long refs = 0; };
static void *see(void *t) { for (long i = 0; i < 3000000; i++) ++((table *)t)->rule.seen; return t; }
static void *hold(void *t) { for (long i = 0; i < 3000000; i++) ++((table *)t)->refs; return t; }
int main()
{
    pthread_t id[2];
    table *t = new table;
    pthread_create(&id[0], 0, see, t), pthread_create(&id[1], 0, hold, t);
    for (int i = 0; i < 2; i++) pthread_join(id[i], 0);
}
END
    "$NUMAPROBE" c++ -O1 -pthread -o "$box/table" "$box/table.cc" "$box/rule.cc"
    run -0 detect --full "$box/table"
    echo "$output"
    [[ $output == *"put alignas(64) before refs in table"* ]]
}

@test "detect: --lines 128 tells what such lines would bring" {
    cat >"$box/wide.c" <<'END'
#include <pthread.h>
_Alignas(128) static struct { _Alignas(64) volatile long n; } lanes[2];
static void *count(void *n) { for (long i = 0; i < 3000000; i++) ++*(volatile long *)n; return n; }
int main(void)
{
    pthread_t id[2];
    for (int i = 0; i < 2; i++) pthread_create(&id[i], 0, count, (void *)&lanes[i].n);
    for (int i = 0; i < 2; i++) pthread_join(id[i], 0);
}
END
    "$NUMAPROBE" cc -O2 -pthread -o "$box/wide" "$box/wide.c"
    detect --full --record "$box/r" "$box/wide" 2>/dev/null
    run -0 detect --read "$box/r"
    [[ $output == *"No false sharing found."* ]]
    run -0 detect --read "$box/r" --lines 128 --json "$box/d.json"
    echo "$output"
    [ "$(ask "$box/d.json" 'f["latent"], f["kind"], f["object"]["name"], f["suggestion"]["bytes"]')" = \
        "('128-byte lines', 'false', 'lanes', 128)" ]
}

@test "detect: what follows the command belongs to it; stdin, stdout and signals are its own" {
    run --separate-stderr -4 detect -- sh -c 'cat; echo "$@"' x --help --full <<<in
    [ "$output" = $'in\n--help --full' ]
    run -0 detect --help
    [[ $output == *"--suppressions"* ]]
}

@test "detect: a program has the same addresses in each run" {
    setarch -R true || skip "no right to fix addresses"
    printf '%s\n' '#include <stdio.h>' '#include <stdlib.h>' 'static int here;' \
        'int main(void) { int i; printf("%p %p %p\n", (void *)&i, (void *)&here, malloc(1)); }' >"$box/where.c"
    "$NUMAPROBE" cc -O1 -o "$box/where" "$box/where.c"
    "$NUMAPROBE" detect --quiet "$box/where" >"$box/first"
    "$NUMAPROBE" detect --quiet "$box/where" >"$box/second"
    cmp "$box/first" "$box/second"
    [ "$("$box/where")" != "$("$box/where")" ] # as before
}

@test "detect: more living blocks than there is room for are noted, cost little, and hide no access" {
    cat >"$box/many.c" <<'END'
#include <pthread.h>
#include <stdlib.h>
enum { BLOCKS = 1200000 };
static pthread_barrier_t all_made;
static void *make(void *context)
{
    void **const block = malloc(BLOCKS * sizeof *block);
    for (long i = 0; i < BLOCKS; i++)
        *(long *)(block[i] = malloc(sizeof(long))) = i;
    pthread_barrier_wait(&all_made);
    for (long i = 0; i < BLOCKS; i++)
        free(block[i]);
    free(block);
    return context;
}
int main(void)
{
    pthread_t id[2];
    pthread_barrier_init(&all_made, 0, 2);
    for (int i = 0; i < 2; i++) pthread_create(&id[i], 0, make, 0);
    for (int i = 0; i < 2; i++) pthread_join(id[i], 0);
}
END
    "$NUMAPROBE" cc -O2 -pthread -o "$box/many" "$box/many.c"
    run -0 --separate-stderr detect --fail-on false-sharing "$box/many"
    echo "$stderr"
    [[ $stderr == *"more than some two million heap blocks lived at the same time"* ]]
}

@test "detect: what is polled next to what is hardly ever written is not latent" {
    cat >"$box/polls.c" <<'END'
#include <pthread.h>
#include <stdlib.h>
static struct { volatile long polled, written; } *o;
static void *poll(void *context)
{
    for (long i = 0; i < 30000000; i++) (void)o->polled;
    return context;
}
static void *change(void *context)
{
    for (int i = 0; i < 20; i++) {
        o->written++;
        for (int k = 0; k < 50000; k++) (void)o->written;
    }
    return context;
}
int main(void)
{
    pthread_t id[3];
    o = aligned_alloc(64, 64);
    for (int i = 0; i < 3; i++) pthread_create(&id[i], 0, i < 2 ? poll : change, 0);
    for (int i = 0; i < 3; i++) pthread_join(id[i], 0);
}
END
    "$NUMAPROBE" cc -O2 -pthread -o "$box/polls" "$box/polls.c"
    run -0 taskset -c "$(taskset -pc $$ | sed 's/.*: //; s/[,-].*//')" "$NUMAPROBE" detect --json "$box/p.json" "$box/polls"
    [ "$(python3 -c 'import json, sys; print([f["kind"] for f in json.load(open(sys.argv[1]))["findings"] if f["kind"] != "true"])' "$box/p.json")" = "[]" ]
}
