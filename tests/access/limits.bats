#!/usr/bin/env bats
# Programs that have less room, or fewer rights, than others: other layouts of the address space, limits (ulimit), more
# rights than their user. They print and end as without the runtime; what is not recorded has one line that states why.

load ../common
load watch

setup() { watch_setup; }

# shared COMMAND...: by_compilers threads of a program are seen on their line, each once or more.
shared() {
    rm -rf records
    run watched "$@" 3>&- # bats has this file open
    echo "$*: $status $output"
    dumped
    [ "$(count '^line .* flags 0 touches 2 ')" -ge 1 ]
}

layouts() {
    cc "$1" -O2 "${@:2}" -o adjacent "$programs/adjacent.c"
    shared setarch -R ./adjacent
    [ "$status" -eq 3 ] && [ "$output" = 2000000 ]
    shared setarch -L ./adjacent
    [ "$status" -eq 3 ] && [ "$output" = 2000000 ]
    shared setarch -R -L ./adjacent
    [ "$status" -eq 3 ] && [ "$output" = 2000000 ]
    shared prlimit --stack=unlimited ./adjacent
    [ "$status" -eq 3 ] && [ "$output" = 2000000 ]
}
@test "address spaces: without random places, the old layout, a stack without limit" {
    setarch -L true || skip "no right to change the layout"
    layouts gcc
    layouts clang -no-pie
    layouts gcc -static
    layouts gcc -static-pie
}

@test "the old layout: globals, heap, stacks and thread-locals have their names" {
    for name in globals heap_blocks stack_objects tls_block; do
        cc gcc -D_GNU_SOURCE -O1 -o ours "$programs/../sharing/$name.c"
        setarch -L "$NUMAPROBE" detect --full --json new.json ./ours >out 2>errors
        setarch -R "$NUMAPROBE" detect --full --json old.json ./ours >out 2>errors
        run python3 -c 'import json
print(*[sorted({(f["object"]["kind"], f["object"]["name"], f["object"]["type"]) for f in json.load(open(x))["findings"]},
               key=str) for x in ("old.json", "new.json")], sep="\n")'
        echo "$name: $output"
        [ "${lines[0]}" = "${lines[1]}" ] && [ "${lines[0]}" != "[]" ]
    done
}

tagged() {
    cc "$1" -O2 -o addresses "$programs/addresses.c"
    for bits in 0 5a00000000000000 3e00000000000000 ff00000000000000; do
        shared ./addresses "$bits"
        [ "$status" -eq 0 ] && [ "$output" = 100000 ]
        [ "$(count '^touch .* read 0 write ff ')" -eq 1 ]
        [ "$(count '^object .* size 64 kind 1 ')" -eq 1 ]
        dumped | grep -q '^full .* outside 0$'
    done
}
@test "a tag in the upper bits of an address is not of the address" { by_compilers tagged; }

@test "addresses beyond those of an ordinary program: not recorded, one line, no crash" {
    cc gcc -O2 -o addresses "$programs/addresses.c"
    for bits in 4000000000000 80000000000000; do
        run "$NUMAPROBE" detect --full --json report.json ./addresses "$bits"
        echo "$output"
        [ "$status" -eq 0 ] && [ "${lines[0]}" = 100000 ]
        grep -q 'Not all was recorded: memory at addresses that mmap gives only on request was not recorded.' <<<"$output"
        grep -q 'addresses that mmap gives only on request' report.json
    done
}

# plain COMMAND...: ./adjacent prints and ends as ever.
plain() {
    rm -rf records
    run watched "$@"
    echo "$*: $status $output"
    [ "$status" -eq 3 ] && [ "$output" = 2000000 ]
}

# noted PATTERN COMMAND...: and the report has that line, not that it found nothing.
noted() {
    run --separate-stderr "$NUMAPROBE" detect --full "${@:2}"
    echo "${*:2}: $status $output $stderr"
    [ "$status" -eq 3 ] && [ "$output" = 2000000 ]
    grep -q "$1" <<<"$stderr"
    [ "$(grep -c 'No false sharing found' <<<"$stderr")" -eq 0 ]
}

@test "a limit on the size of files: no signal, and one line" {
    local bytes kind
    for kind in '' -static; do
        cc gcc -O2 $kind -o adjacent "$programs/adjacent.c"
        for bytes in 0 1 1000; do
            noted 'could not be recorded: no space for the recording. Limits on files (ulimit -f' \
                prlimit --fsize=$bytes ./adjacent
        done
        for bytes in 4096 65536 200000 1000000 4000000 13000000; do
            noted 'Not recorded to the end: a limit on the size of files (ulimit -f) is below the ' \
                prlimit --fsize=$bytes ./adjacent
        done
        shared prlimit --fsize=20000000 ./adjacent
    done
}

@test "a limit on the size of files: forked children, too" {
    cc gcc -O2 -o forks "$programs/late_fork.c"
    gcc -O2 -pthread -o forks_plain "$programs/late_fork.c"
    for bytes in 1000 300000 13000000; do
        rm -rf records
        [ "$(watched prlimit --fsize=$bytes ./forks; echo $?)" = "$(./forks_plain; echo $?)" ]
    done
}

@test "a limit on open files: the program may open as many as without the runtime" {
    cc gcc -O2 -static -o adjacent "$programs/adjacent.c"
    noted 'could not be recorded: no space for the recording. Limits on files (ulimit -f, ulimit -n)' \
        prlimit --nofile=3 ./adjacent
    for files in 4 5 8 101; do
        shared prlimit --nofile=$files ./adjacent
        [ "$status" -eq 3 ] && [ "$output" = 2000000 ]
    done
    cat >files.c <<'END'
#include <fcntl.h>
#include <stdio.h>
int main(void)
{
    int n = 0;
    while (open("/dev/null", O_RDONLY) >= 0)
        n++;
    printf("%d\n", n);
}
END
    gcc -static -o plain files.c
    cc gcc -static -o ours files.c
    for files in 4 5 8 64; do
        [ "$(watched prlimit --nofile=$files ./ours)" = "$(prlimit --nofile=$files ./plain)" ]
    done
}

@test "limits on memory and on threads: the program goes on" {
    cc gcc -O2 -o adjacent "$programs/adjacent.c"
    noted 'no address space for the shadow memory: raise ulimit -v or -d' prlimit --as=4000000000 ./adjacent
    noted 'no address space for the shadow memory: raise ulimit -v or -d' prlimit --data=1000000000 ./adjacent
    plain prlimit --memlock=0 ./adjacent
    plain prlimit --core=0 ./adjacent
}

@test "a folder that cannot be written: the program goes on" {
    cc gcc -O2 -o adjacent "$programs/adjacent.c"
    mkdir locked && chmod 555 locked
    mount -t tmpfs -o ro none locked || skip "no right to mount a file system that is read only"
    run env NUMAPROBE_RECORD=locked ./adjacent
    umount locked
    [ "$status" -eq 3 ] && [ "$output" = 2000000 ]
}

@test "a program with more rights than its user writes nothing that the user asks for" {
    [ "$(id -u)" -eq 0 ] || skip "no right to make a program that has another user's rights"
    cc gcc -O2 -o adjacent "$programs/adjacent.c"
    cc gcc -O2 -static -o still "$programs/adjacent.c"
    mkdir records && chmod 777 records . ..
    for kind in u+s g+s; do
        for program in adjacent still; do
            chmod 755 $program && chmod $kind $program
            run setpriv --reuid=65534 --regid=65534 --clear-groups env NUMAPROBE_RECORD="$PWD/records" \
                NUMAPROBE_ACCESS=full ./$program
            echo "$kind $program: $status $output"
            [ "$status" -eq 3 ] && [ "$output" = 2000000 ]
            [ -z "$(ls records)" ]
        done
    done
}

confined() {
    # shellcheck disable=SC2086
    cc $1 -O2 -o ours "$programs/confined.c"
    for when in early late; do
        for mode in full share=20; do
            rm -rf records
            NUMAPROBE_ACCESS=$mode run watched ./ours ${when#early}
            [ "$status" -ne 77 ] || skip "no system calls can be forbidden here"
            echo "$when $mode: $status $output"
            [ "$status" -eq 0 ] && [ "$output" = "done" ]
            dumped
            [ "$(count '^record .* ended 1 .* created 4 ')" -eq 1 ]
        done
        # In full, all four threads are seen to the end: 400000 accesses each.
        rm -rf records
        watched ./ours ${when#early}
        [ "$(dumped | grep -cE '^thread .* accesses (39[0-9]|4[0-9]{2})[0-9]{3} ')" -eq 4 ]
    done
}
@test "a program that forbids itself all system calls but those of malloc and threads" {
    gcc -O2 -pthread -o plain "$programs/confined.c"
    ./plain || skip "no system calls can be forbidden here"
    by_compilers confined
    confined "gcc -static"
}

@test "a confined program's forked child goes on, and is not recorded" {
    cat >forks.c <<'END'
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    int status;
    struct sock_filter all = {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
    const struct sock_fprog program = {1, &all};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        return 77;
    if (fork() == 0)
        return 7;
    wait(&status);
    printf("%d\n", WEXITSTATUS(status));
}
END
    cc gcc -o forks forks.c
    run watched ./forks
    [ "$status" -ne 77 ] || skip "no system calls can be forbidden here"
    [ "$output" = 7 ]
    [ "$(count '^record .* ended 1 .* note its forked children were not')" -eq 1 ]
}

@test "a program that locks its memory" {
    cat >locks.c <<'END'
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
static void *work(void *word)
{
    for (int i = 0; i < 10000; i++)
        *(volatile long *)word += 1;
    return NULL;
}
int main(void)
{
    static long word;
    pthread_t thread;
    const int bad = mlockall(0);
    printf("%d %d ", bad, errno);
    printf("%d\n", mlockall(getuid() ? MCL_CURRENT : MCL_CURRENT | MCL_FUTURE));
    pthread_create(&thread, NULL, work, &word);
    pthread_join(thread, NULL);
    return word != 10000;
}
END
    gcc -pthread -o plain locks.c
    for how in "" -static; do
        # shellcheck disable=SC2086
        cc gcc $how -o ours locks.c
        for rights in "" "setpriv --reuid=65534 --clear-groups"; do
            [ -z "$rights" ] || [ "$(id -u)" -eq 0 ] || continue
            chmod 755 . .. ours plain
            # shellcheck disable=SC2086
            expected=$($rights ./plain)
            mkdir -p records && chmod 777 records
            # The plain program may use all memory if this goes wrong.
            # shellcheck disable=SC2086
            run watched timeout -s KILL 10 $rights ./ours
            echo "$how $rights: $expected; $status $output"
            [ "$status" -eq 0 ] && [ "$output" = "$expected" ]
        done
    done
}
