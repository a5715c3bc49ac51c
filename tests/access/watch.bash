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

both() { # TEST ARGUMENT...: with gcc and with clang
    "$1" gcc "${@:2}"
    rm -rf records
    "$1" clang "${@:2}"
}
