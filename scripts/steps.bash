# steps.bash: what scripts/check and scripts/check-long share: parts that are tests, counted from what really ran, and
# the seconds each took. Sourced from the repository's root. A caller makes $tally, a folder, and may set $step.
# shellcheck disable=SC2034 # what sources this uses it
jobs=$(nproc)
# The tests start python3 some thousand times; a version manager's shim takes half a second each time, the interpreter
# behind it a twentieth.
python=$(python3 -c 'import sys; print(sys.executable)' 2>/dev/null)
[ -z "$python" ] || [ "$python" = "$(command -v python3)" ] || PATH=$(dirname "$python"):$PATH

# note PASSED FAILED SKIPPED SECONDS NAME: what close_with counts. Parts that run at once write to one file.
note() { printf '%s\t' "$@" | sed 's/\t$/\n/' >>"$tally/results"; }

# tap NAME COMMAND...: counts the command's TAP lines. A command that fails without a "not ok" is a failure too, and so
# is in a step of NO_SKIP what was skipped.
tap() {
    local name=$1 status ok bad skip log began=$SECONDS
    shift
    log=$(mktemp -p "$tally")
    printf '\n== %s\n' "$name"
    "$@" 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    skip=$(grep -ciE '^ok .*# *skip' "$log")
    ok=$(($(grep -c '^ok ' "$log") - skip))
    bad=$(grep -c '^not ok ' "$log")
    [ "$status" -ne 0 ] && [ "$status" -ne 77 ] && [ "$bad" -eq 0 ] && bad=1
    [ "$status" -eq 0 ] && [ $((ok + bad + skip)) -eq 0 ] && bad=1 # a step that tested nothing
    [ "$status" -eq 77 ] && skip=$((skip + 1))
    [[ " ${NO_SKIP:-} " == *" ${step:-no step} "* ]] && bad=$((bad + skip)) skip=0
    note "$ok" "$bad" "$skip" $((SECONDS - began)) "$name"
    awk -v part="$name" '/^(not )?ok / { left = 0 } /^not ok / { left = 20; print "\n" part ":" } left-- > 0' "$log" \
        >>"$tally/failures"
    [ "$bad" -eq 0 ]
}

# part NAME COMMAND...: the command as a whole is one test.
part() {
    local name=$1 status began=$SECONDS
    shift
    printf '\n== %s\n' "$name"
    "$@"
    status=$?
    case $status in
    0) note 1 0 0 $((SECONDS - began)) "$name" ;;
    77) note 0 0 1 $((SECONDS - began)) "$name" ;;
    *) note 0 1 0 $((SECONDS - began)) "$name" ;;
    esac
    return $status
}

# cmocka calls a skipped test "not ok N # SKIP name".
unit() { # [WRAPPER] PROGRAM: the TAP of a cmocka program
    CMOCKA_MESSAGE_OUTPUT=TAP "$@" | sed 's/^not ok \([0-9]*\) # SKIP \(.*\)/ok \1 - \2 # SKIP/'
    return "${PIPESTATUS[0]}"
}
# What a program prints comes whole, and one that ends early has failed.
whole() { # COMMAND... FILE
    local out status
    out=$("$@" 2>&1)
    status=$?
    [ "$status" -eq 0 ] || grep -q '^not ok' <<<"$out" || out+=$'\n'"not ok - ${*: -1} ended with status $status"
    { flock 8 && printf '# %s\n%s\n' "${*: -1}" "$out"; } 8>>"$tally/lock"
    return "$status"
}
export -f unit whole
export tally

# each JOBS COMMAND... -- FILE...: the command with each file, JOBS at once.
each() {
    local n=$1 command=()
    shift
    while [ "$1" != -- ]; do command+=("$1") && shift; done
    shift
    printf '%s\0' "$@" | xargs -0 -P "$n" -I{} bash -c 'whole "$@"' whole "${command[@]}" {}
}

# lanes N STEP...: run_STEP of each, N at once, begun in this order; what a step prints comes when it has ended. Jobs
# have process groups, since a background job without one ignores SIGINT, and so would the programs it tests.
lanes() {
    local n=$1
    shift
    set -m
    trap 'kill -- $(jobs -p | sed "s/^/-/"); exit 130' INT TERM
    for step; do
        while [ "$(jobs -rp | wc -l)" -ge "$n" ]; do wait -n; done
        echo "# $step begins"
        { "run_$step" >"$tally/$step.out" 2>&1; { flock 8 && cat "$tally/$step.out"; } 8>>"$tally/lock"; } &
    done
    wait
    trap - INT TERM
    set +m
}

# Prints what failed once more, each part's seconds, the longest first, and "N passed, N failed, N skipped" over what
# really ran.
close_with() { # fails when something failed, or nothing passed
    touch "$tally/results" "$tally/failures"
    cat "$tally/failures"
    printf '\n'
    sort -t $'\t' -k 4,4nr "$tally/results" | awk -F '\t' '{ printf "%5d s  %s\n", $4, $5 }'
    awk -F '\t' '$2 { print "FAILED: " $5 }' "$tally/results"
    awk -F '\t' '{ passed += $1; failed += $2; skipped += $3 }
        END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped; exit failed > 0 || passed == 0 }' \
        "$tally/results"
}
