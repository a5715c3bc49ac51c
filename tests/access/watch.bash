# What the tests of `numaprobe cc` and of the runtime share. dump.c reads recordings for them.

watch_setup() {
    common_setup
    programs=$PWD/tests/access
    gcc -O1 -I. -o "$box/dump" "$programs/dump.c"
    cd "$box" || return
}

cc() { "$NUMAPROBE" cc "$@"; }

# watched COMMAND...: runs it, its recordings in ./records, in full unless NUMAPROBE_ACCESS is set.
watched() {
    mkdir -p records
    NUMAPROBE_RECORD=records NUMAPROBE_ACCESS=${NUMAPROBE_ACCESS-full} "$@"
}

dumped() { for r in records/*.rec; do ./dump "$r"; done; }

# Number of lines that match, of `line` or `touch`.
count() { dumped | grep -cE "$1" || true; }

# A test by each compiler of COMPILERS. By gcc alone in make check: the runtime is the same, and check-long names both.
by_compilers() { # TEST ARGUMENT...
    local compiler
    for compiler in ${COMPILERS:-gcc}; do
        rm -rf records
        "$1" "$compiler" "${@:2}"
    done
}
