#!/usr/bin/env bats
# Memory that processes share: what each does there is recorded, and their recordings are joined.

load ../common
load watch

setup() {
    watch_setup
    "$NUMAPROBE" cc gcc -D_GNU_SOURCE -O1 -g -pthread -o ours "$programs/processes.c"
}

# detected MAPPING HOW [OPTION...]: "1 counts": the status for false sharing, and the findings' fields.
detected() {
    rm -f j
    run "$NUMAPROBE" detect --fail-on false-sharing --json j "${@:3}" ./ours "$1" "$2"
    echo "$* : $output"
    [[ $output == *"0000 "*"0000"* || $2 == same ]] # as without
    [ "$(python3 -c '
import json
for f in json.load(open("j"))["findings"]:
    o = f["object"]
    print(f["kind"], f["latent"], o["kind"], o["type"], sorted(x["name"] for x in f["fields"]), len(f["threads"]) > 1)
')" = "${expected-}" ]
    [ "$status" -eq "$([ -n "$expected" ] && echo 1 || echo 0)" ]
}

@test "two processes that write beside each other may share falsely, whatever the mapping is" {
    expected="false processes mmap struct area ['count[0]', 'count[1]'] True"
    for mapping in anonymous memfd shm sysv file; do
        detected $mapping beside --full
    done
    detected anonymous beside
}

@test "nor do their addresses have to be known to each other: a program that was executed" {
    expected="false processes mmap struct area ['count[0]', 'count[1]'] True"
    detected memfd exec --full
}

@test "apart, on one word, under a lock of both or one after the other they do not" {
    expected=
    for how in apart same locked after; do
        detected anonymous $how --full
        detected shm $how
    done
}

@test "the report has that it is between processes, and who does what" {
    run -0 "$NUMAPROBE" detect --full --json j ./ours shm beside
    echo "$output"
    [[ $output == *"Between processes, which are not counted; up to "*" hand-overs."* ]]
    [[ $output == *"in process "*" and others, ./ours"* ]]
    "$NUMAPROBE" report -o page.html j
    grep -q 'between processes' page.html
}

@test "mappings beyond the 32 that are recorded are in the report; one that comes again is the same" {
    cat >many.c <<'END'
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv)
{
    const int file = memfd_create("many", 0);
    if (argc < 2 || ftruncate(file, 4096))
        return 1;
    for (int i = 0; i < 40; i++) {
        volatile char *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        *at = 1;
        if (*argv[1] == 'a') /* again */
            munmap((void *)at, 4096);
    }
    return 0;
}
END
    cc gcc -O1 -o many many.c
    run -0 "$NUMAPROBE" detect ./many keep
    echo "$output"
    [[ $output == *"more than 32 mappings that other processes may have"* ]]
    run -0 "$NUMAPROBE" detect ./many again
    echo "$output"
    [[ $output != *"more than 32 mappings"* ]]
}
