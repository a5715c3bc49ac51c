#!/usr/bin/env bats
# numaprobe cc: what it builds behaves as the compiler's own build, is watched, and every way of building goes
# through it.

load ../common
load ../access/watch

setup() {
    watch_setup
    export COMPILERS="gcc clang" # what they are told differs
}

steps() {
    echo 'int add(int a, int b) { return a + b; }' >add.c
    printf '#include <stdio.h>\nint add(int, int);\nint main(void) { printf("%%d\\n", add(40, 2)); return 0; }\n' >main.c
    cc "$1" -O2 main.c add.c -o at_once && [ "$(./at_once)" = 42 ]
    cc "$1" -c main.c && cc "$1" -MD -MF add.d -c add.c -o add.o && cc "$1" main.o add.o -o apart && [ "$(./apart)" = 42 ]
    grep -q '^add.o: add.c' add.d
    cc "$1" -shared -fPIC add.c -o libadd.so && cc "$1" main.c -L. -ladd -Wl,-rpath,. -o with_library
    [ "$(./with_library)" = 42 ]
    cc "$1" -static main.c add.c -o all_in && [ "$(./all_in)" = 42 ]
    cc "$1" -flto -O2 main.c add.c -o lto && [ "$(./lto)" = 42 ]
    echo '-c main.c -o "an object.o"' >words && cc "$1" @words && nm 'an object.o' | grep -q __tsan_init
    cc "$1" -x c - -c -o typed.o <add.c && nm typed.o | grep -q __tsan_init
    cc "$1" -S add.c -o - | grep -q __tsan_init
    cc "$1" -O2 -fsanitize=thread main.c add.c -o sanitized && [ "$(nm sanitized | grep -c __tsan_report)" -eq 0 ]
    cc "$1" -r main.o add.o -o both.o
    [ "$(cc "$1" -E -P add.c)" = "$("$1" -E -P add.c)" ]
    for question in --version -dumpmachine -print-search-dirs; do
        [ "$(cc "$1" "$question")" = "$("$1" "$question")" ]
    done
}
@test "compile, link, both at once, shared, static, LTO, @file, stdin, questions" { by_compilers steps; }

# recorded PROGRAM: it behaves as built without us, and the accesses of both threads are seen.
recorded() {
    rm -rf records
    run watched "./$1"
    [ "$status" -eq 3 ] && [ "$output" = 2000000 ] && [ "$(count '^touch .* write ff(00)? ')" -ge 2 ]
}

# recorded_with COMPILER OPTION...: in one command, and in two.
recorded_with() {
    echo "$@"
    cc "$@" -O2 -o at_once "$programs/adjacent.c" && recorded at_once
    cc "$@" -O2 -c -o part.o "$programs/adjacent.c" && cc "$@" -o apart part.o && recorded apart
}

lto() { recorded_with "$1" -flto && recorded_with "$1" -flto -static; }
@test "LTO, also in a static program" {
    by_compilers lto
    cc gcc -O2 -flto -c -o part.o "$programs/adjacent.c" && cc gcc -o apart part.o && recorded apart
}

temporaries() { recorded_with "$1" -save-temps=obj; }
@test "temporary files that are kept" { by_compilers temporaries; }

@test "a preprocessor that is not part of the compiler" { by_compilers recorded_with -no-integrated-cpp; }

pipes() {
    recorded_with "$1" -pipe
    echo -pipe >words && cc "$1" @words -o from_words "$programs/adjacent.c" && recorded from_words
    cc "$1" -S -o part.s "$programs/result.c" && cc "$1" -pipe -c part.s "$programs/adjacent.c"
}
@test "pipes between the steps, also with a source in assembly" { by_compilers pipes </dev/null; }

listed() { recorded_with "$1" -fsanitize=undefined,thread; }
@test "thread in a list of sanitizers: the others stay" {
    by_compilers listed
    recorded_with gcc -fsanitize=thread,undefined
    printf 'int main(int n, char **w) { (void)w; return (n + 0x7ffffffe) == 0; }' >sum.c
    cc gcc -fsanitize=undefined,thread -o sum sum.c && ./sum x 2>&1 | grep -q 'signed integer overflow'
}

@test "sanitizers that exclude the recording of accesses: one line" {
    echo 'int main(void) { return 0; }' >main.c
    for name in address hwaddress leak memory; do
        refuses 1 "cc: -fsanitize=$name and the recording of accesses exclude each other; leave it out" \
            cc "-fsanitize=undefined,$name" main.c
    done
    echo -fsanitize=address >words
    refuses 1 "cc: -fsanitize=address and the recording of accesses exclude each other; leave it out" cc @words main.c
    cc -fsanitize=address -fno-sanitize=all -o none main.c && ./none
    refuses 1 "cc: -nostdlib: accesses of a program without libc cannot be recorded; build it without numaprobe cc" \
        cc -nostdlib main.c
}

@test "a gcc that lacks a flag" {
    mkdir old
    cat >old/gcc-10 <<'END'
#!/bin/sh
for word; do
    case $word in
    -dumpversion) echo 10 && exit ;;
    --param=tsan-instrument-func-entry-exit=*) echo "invalid --param name" >&2 && exit 1 ;;
    esac
done
exec gcc "$@"
END
    chmod +x old/gcc-10
    recorded_with "$box/old/gcc-10"
    PATH=$box/old:$PATH NUMAPROBE_CC=gcc-10 cc -o named "$programs/adjacent.c" && recorded named
}

places() {
    mkdir -p "its own/runtime" "a program"
    cp "$NUMAPROBE" "its own" && cp "$(dirname "$NUMAPROBE")"/runtime/*.* "its own/runtime"
    cp "$programs/adjacent.c" "a program/its source.c"
    "its own/numaprobe" cc "$1" -O2 "a program/its source.c" -o "a program/to run" && recorded "a program/to run"
    "its own/numaprobe" cc "$1" -O2 -flto -static "a program/its source.c" -o still && recorded still
    rm -r "its own" "a program"
}
@test "blanks in the names of folders and files" {
    by_compilers places
    mkdir -p a,b/runtime && cp "$NUMAPROBE" a,b && cp "$(dirname "$NUMAPROBE")"/runtime/*.a a,b/runtime
    NUMAPROBE=a,b/numaprobe refuses 1 \
        "cc: the runtime is in '$box/a,b/runtime', and -Wl and -Wa cannot pass a comma; install numaprobe in another folder" \
        cc main.c
}

other() {
    echo 'int other(void) { return 1; }' >other.c
    cc "$1" -c "$programs/adjacent.c" other.c && cc "$1" -Wl,--as-needed adjacent.o other.o -lm -o many && recorded many
    cc "$1" -r -o whole.o "$programs/adjacent.c" other.c && cc "$1" -o from_one whole.o && recorded from_one
    cc "$1" -S -O2 -o text.s "$programs/adjacent.c" && cc "$1" -o from_text text.s && recorded from_text
    cc "$1" -nodefaultlibs -o chosen "$programs/adjacent.c" -lc && recorded chosen
}
@test "several sources, one object of them, assembly, chosen libraries" { by_compilers other; }

@test "a C++ program that uses new and nothing else of its library" {
    echo 'int main() { int *volatile p = new int[10]; p[3] = 3; return p[3]; }' >new.cc
    "$NUMAPROBE" c++ new.cc -o new
    run -3 ./new
}

@test "a program that starts itself" {
    [ "$(uname -m)" = x86_64 ] || skip "its start is for x86-64"
    cat >start.c <<'END'
int main(int argc, char **argv);
int __libc_start_main(int (*)(int, char **), int, char **, void (*)(void), void (*)(void), void (*)(void), void *);
__attribute__((noreturn)) void begin(long *stack)
{
    __libc_start_main(main, (int)stack[0], (char **)(stack + 1), 0, 0, 0, stack);
    __builtin_unreachable();
}
__asm__(".globl _start\n_start: xor %ebp, %ebp\nmov %rsp, %rdi\nand $-16, %rsp\ncall begin\n");
END
    for compiler in gcc clang; do
        cc "$compiler" -nostartfiles -o starts start.c "$programs/adjacent.c" && recorded starts
    done
}

optimised() {
    for level in 0 3 fast; do
        cc "$1" "-O$level" -o at_level "$programs/adjacent.c" && recorded at_level
    done
}
@test "levels of optimisation" { by_compilers optimised; }

@test "clang is kept from vectorizing, whatever the user's -O asks for" {
    echo 'int main(void) { return 0; }' >main.c
    clang -O3 '-###' -c main.c 2>&1 | grep -q -e '"-vectorize-loops"' # else this tests nothing
    cc clang -O3 -fvectorize '-###' -c main.c >said 2>&1
    run ! grep -e '"-vectorize-' said
}

static_program() {
    cc "$1" -O2 -static -o adjacent "$programs/adjacent.c"
    run watched ./adjacent
    [ "$status" -eq 3 ] && [ "$output" = 2000000 ]
    [ "$(count '^touch .* write ff(00)? ')" -ge 2 ]
}
@test "a static program is watched as well" { by_compilers static_program; }

@test "a static program with OpenMP runs" {
    printf '%s\n' 'int main(void) {' 'int n = 0;' '#pragma omp parallel reduction(+ : n)' 'n++;' 'return n < 1; }' >omp.c
    cc gcc -O2 -fopenmp -static -w -o omp omp.c 2>/dev/null
    ./omp
}

@test "a library that dlopen brings is watched by the program's runtime" {
    cc gcc -O2 -shared -fPIC -Dmain=library_main -o lib.so "$programs/adjacent.c"
    cat >host.c <<'END'
#include <dlfcn.h>
int main(void) { return ((int (*)(void))dlsym(dlopen("./lib.so", RTLD_NOW), "library_main"))(); }
END
    cc gcc -o host host.c
    run watched ./host
    [ "$status" -eq 3 ] && [ "$output" = 2000000 ]
    [ "$(count '^touch .* write ff(00)? ')" -ge 2 ]
    [ "$(count '^module .*/lib.so$')" -eq 1 ]
    # And where the program itself is not built so.
    rm -r records && gcc -o host host.c
    run watched ./host
    [ "$status" -eq 3 ] && [ "$(count '^record .* ended 1 ')" -eq 1 ]
}

@test "a program and a library that it is linked with have one runtime, and one record" {
    cc gcc -O2 -shared -fPIC -Dmain=library_main -o lib.so "$programs/adjacent.c"
    echo 'int library_main(void); int main(void) { return library_main(); }' >host.c
    cc gcc -o host host.c ./lib.so
    run watched ./host
    [ "$status" -eq 3 ] && [ "$output" = 2000000 ]
    [ "$(count '^record')" -eq 1 ] && [ "$(count '^touch .* write ff(00)? ')" -ge 2 ]
    # A program that has none runs all the same, and is watched when the shared one comes before libc.
    local runtime
    runtime=$(dirname "$NUMAPROBE")/runtime/libnumaprobe-access.so
    for program in 'gcc -o host host.c ./lib.so' 'cc gcc -o host host.c ./lib.so'; do
        rm -r records && $program
        run watched ./host
        [ "$status" -eq 3 ] && [ "$output" = 2000000 ] && [ "$(count '^record .* ended 1 ')" -eq 1 ]
        rm -r records
        run watched env LD_PRELOAD="$runtime" ./host
        [ "$status" -eq 3 ] && [ "$output" = 2000000 ]
        [ "$(count '^record .* ended 1 ')" -eq 1 ] && [ "$(count '^touch .* write ff(00)? ')" -ge 2 ]
    done
}

@test "make, with CC" {
    printf 'prog: main.o\n\t$(CC) $(CFLAGS) -o $@ $^\n%%.o: %%.c\n\t$(CC) $(CFLAGS) -c $<\n' >Makefile
    cp "$programs/adjacent.c" main.c
    make -s CC="$NUMAPROBE cc" CFLAGS=-O2
    run watched ./prog
    [ "$status" -eq 3 ] && [ "$(count '^record')" -eq 1 ]
}

@test "CMake, with CC and CXX by the programs' names" {
    command -v cmake >/dev/null || skip "no cmake"
    ln -s "$NUMAPROBE" numaprobe-cc && ln -s "$NUMAPROBE" numaprobe-c++
    cp "$programs/adjacent.c" "$programs/exceptions.cc" .
    cat >CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.10)
project(tiny C CXX)
find_package(Threads REQUIRED)
add_executable(prog adjacent.c)
target_link_libraries(prog Threads::Threads)
add_library(part STATIC exceptions.cc)
add_executable(prog2 exceptions.cc)
target_link_libraries(prog2 Threads::Threads)
END
    CC=$box/numaprobe-cc CXX=$box/numaprobe-c++ cmake -S . -B out >log 2>&1 || { cat log; false; }
    grep -q 'The C compiler identification is GNU' log
    cmake --build out >log 2>&1 || { cat log; false; }
    run watched out/prog
    [ "$status" -eq 3 ] && [ "$(count '^record')" -eq 1 ]
    # Static libraries with link-time optimisation need gcc-ar, which CMake finds for a compiler of two words.
    CC="$NUMAPROBE cc" CXX="$NUMAPROBE c++" cmake -S . -B lto -DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON >log 2>&1 ||
        { cat log; false; }
    cmake --build lto >log 2>&1 || { cat log; false; }
}

@test "autoconf, with CC" {
    command -v autoconf >/dev/null || skip "no autoconf"
    cp "$programs/adjacent.c" main.c
    printf 'AC_INIT([tiny], [1])\nAC_PROG_CC\nAC_CHECK_FUNCS([malloc pthread_create nothere])\nAC_C_BIGENDIAN\nAC_CHECK_SIZEOF([long])\nAC_CONFIG_FILES([Makefile])\nAC_OUTPUT\n' >configure.ac
    printf 'prog: main.c\n\t@CC@ @CFLAGS@ @LDFLAGS@ -o $@ main.c @LIBS@\n' >Makefile.in
    autoconf
    ./configure CC="$NUMAPROBE cc clang" >log 2>&1 || { cat log config.log; false; }
    grep -q 'for pthread_create... yes' log && grep -q 'for nothere... no' log && grep -q 'size of long... 8' log
    make -s
    run watched ./prog
    [ "$status" -eq 3 ] && [ "$(count '^record')" -eq 1 ]
}

@test "a compiler that is not there" {
    export NUMAPROBE_CC=no-such-gcc
    refuses 1 \
        "cc: cannot run the compiler 'no-such-gcc': No such file or directory; name another by NUMAPROBE_CC" \
        cc -c x.c
}
