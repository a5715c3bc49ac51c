#!/usr/bin/env bats
# The Makefile: what a change rebuilds, install and uninstall, the archive of the sources.

load ../common

setup() { common_setup; }

@test "build: other flags build an object again, the same flags and -Werror do not" {
    local object=$box/base/err.o
    make -s BUILD="$box" "$object"
    make -q BUILD="$box" "$object"
    make -q BUILD="$box" CFLAGS="-O2 -g -Werror" "$object"
    run ! make -q BUILD="$box" CFLAGS=-O1 "$object"
    make -s BUILD="$box" CFLAGS=-O1 "$object"
    make -q BUILD="$box" CFLAGS=-O1 "$object"
    run ! make -q BUILD="$box" CC=clang CFLAGS=-O1 "$object"
}

@test "build: asking for help, or what would be done, marks nothing as out of date" {
    make -s BUILD="$box" "$box/base/err.o"
    make help BUILD="$box" CFLAGS=-O1 >/dev/null
    make -n BUILD="$box" CFLAGS=-O1 "$box/base/err.o" >/dev/null
    make -q BUILD="$box" "$box/base/err.o"
}

@test "build: the version is the file's, and one object has it" {
    [ "$("$NUMAPROBE" --version)" = "numaprobe $(cat VERSION)" ]
    grep -q "^## \[$(cat VERSION)\]" CHANGELOG.md
    grep -rlw "$(sed 's/\./\\./g' VERSION)" Makefile base machine layouts runtime probes analysis cli && return 1
    [ "$(git grep -lw numaprobe_version -- '*.h')" = base/version.h ]
}

# The program that is tested may have been built with flags that would be needed again.
need_default_build() { [ "$NUMAPROBE" = "$PWD/build/numaprobe" ] && make -q all || skip "not the default build"; }

# calls OBJECT FUNCTION: what its code calls, by the relocations; and "lock" for an instruction with that prefix.
calls() {
    objdump -dr --no-show-raw-insn "$1" | awk -v name="<$2>:" '
        $2 == name { on = 1; next }
        /^$/ { on = 0 }
        on && $2 ~ /^R_/ && $3 !~ /^\./ { sub(/[-+]0x.*/, "", $3); print $3 }
        on && $2 == "lock" { print "lock" }' | sort -u
}

@test "build: a reader of copy-on-write takes no lock and allocates nothing" {
    need_default_build
    [ -n "$(calls build/maps/cow.o write_key)" ] # the function has relocations where it has calls
    calls build/maps/cow.o write_key | grep -q pthread_mutex
    [ "$(calls build/maps/cow.o get_value | tr '\n' ' ')" = "table_get urcu_qsbr_quiescent_state " ]
    run ! grep -vxE "memcpy|table_find" <<<"$(calls build/maps/table.o table_get)"
    [ -z "$(calls build/maps/table.o table_find)" ]
}

@test "build: uninstall removes what install put there, and nothing else" {
    need_default_build
    local root=$box/root
    mkdir -p "$root/usr/lib/numaprobe" "$root/usr/bin"
    touch "$root/usr/lib/numaprobe/other" "$root/usr/bin/other"
    make -s install DESTDIR="$root" PREFIX=/usr
    [ "$("$root/usr/bin/numaprobe" --version)" = "numaprobe $(cat VERSION)" ]
    [ "$(readlink "$root/usr/bin/numaprobe-cc")" = numaprobe ]
    [ -s "$root/usr/share/man/man1/numaprobe.1" ] && [ -s "$root/usr/share/man/man3/numaprobe.h.3" ]
    echo '#include <numaprobe.h>' | gcc -fsyntax-only -isystem "$root/usr/include" -x c -
    [ -e "$root/usr/lib/numaprobe/gcc.specs" ]
    make -s uninstall DESTDIR="$root" PREFIX=/usr
    [ "$(cd "$root/usr" && find . -type f -o -type l | sort | xargs)" = "./bin/other ./lib/numaprobe/other" ]
    rm "$root/usr/lib/numaprobe/other"
    make -s install uninstall DESTDIR="$root" PREFIX=/usr
    [ ! -e "$root/usr/lib/numaprobe" ] && [ ! -e "$root/usr/include/numaprobe" ]
}

@test "build: a folder in the build may be called as a list of headers is" {
    mkdir "$box/ld.so.conf.d" # of the lab's guests, and in a sysroot
    make -s -n BUILD="$box" >/dev/null
}

@test "build: dist makes the same archive of a commit each time" {
    git rev-parse -q --verify HEAD >/dev/null || skip "not a git checkout"
    local archive
    archive=$box/numaprobe-$(cat VERSION).tar.xz
    make -s dist BUILD="$box"
    cp "$archive" "$box/first"
    make -s dist BUILD="$box"
    cmp "$archive" "$box/first"
    [ "$(tar -tJf "$archive" | cut -d/ -f1 | sort -u)" = "numaprobe-$(cat VERSION)" ]
    [ "$(tar -tJf "$archive" | grep -vc '/$')" -eq "$(git ls-tree -r HEAD | wc -l)" ]
}
