# shellcheck shell=dash disable=SC2086,SC2046 # of busybox; numbers, and lists of words
# What the tests in a guest share; for busybox sh. A guest has no clock worth believing and no caches at all: no
# test asserts a time.
. /lab/guests
guest "$guest"
failed=0
# One that hangs must fail in its test, by its name, not stop the guest.
numaprobe() { timeout 60 /bin/numaprobe "$@"; }

ok() { # WHAT COMMAND...: passes when the command does; what that said is told when it does not
    what=$1
    shift
    if said=$("$@" 2>&1); then
        echo "ok - $what"
    else
        echo "not ok - $what"
        printf '%s\n' "$said" | sed 's/^/# /'
        failed=1
    fi
}
finish() { exit $failed; }

same() { # EXPECTED FOUND
    [ "$1" = "$2" ] && return
    printf 'expected:\n%s\nfound:\n%s\n' "$1" "$2"
    return 1
}

# refused LINE OPTION...: exit 77, as this machine lacks it, and this one line, in which * stands for anything.
refused() {
    line=$1
    shift
    numaprobe run "$@" >/tmp/refused.out 2>/tmp/refused.err
    status=$?
    cat /tmp/refused.err
    echo "status $status, $(wc -l </tmp/refused.out) lines of output"
    # shellcheck disable=SC2254 # a pattern
    case $(cat /tmp/refused.err) in
    "numaprobe: "$line) [ $status -eq 77 ] && [ ! -s /tmp/refused.out ] && [ "$(wc -l </tmp/refused.err)" -eq 1 ] ;;
    *) return 1 ;;
    esac
}

# The guest's nodes as lines "NODE FIRST-CPU LAST-CPU MIB"; '-' for what a node has not.
node_lines() {
    echo "$nodes" | tr ' ' '\n' | awk -F: '{
        cpus = $1
        if (cpus == "-") cpus = "- -"
        else sub(/-/, " ", cpus)
        print NR - 1, cpus, $2 }'
}

# Status files of a run's threads but the first, which only waits for them.
threads_of() { # PID
    for task in "/proc/$1/task"/[0-9]*; do [ "${task##*/}" = $1 ] || echo "$task/status"; done
}
# As long as it takes: on a busy host a trial of two threads may need a second. Threads sleep between trials, so
# how often they were woken tells how far the run is.
goes_on() { # PID TIMES: until each of its threads was woken so many times more
    goal='' deadline=$(($(date +%s) + 60))
    while [ -d /proc/$1 ] && [ $(date +%s) -lt $deadline ]; do
        least=$(for t in $(threads_of $1); do sed -n 's/^voluntary_ctxt_switches:\t//p' $t; done 2>/dev/null |
            sort -n | head -n 1)
        [ -n "$goal" ] || goal=$((least + $2))
        [ "${least:-0}" -lt $goal ] || return 0
        sleep 0.1
    done
    echo "woken $least times, not $goal"
    return 1
}

column() { # CSV NAME: the cells of a column
    awk -F, -v name="$2" '
        { sub(/\r$/, ""); gsub(/"[^"]*"/, "text") }
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i; next }
        { print $at }' "$1"
}
