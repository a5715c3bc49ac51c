#!/bin/sh
# ci.sh install|detect|compare: what the GitHub action and the GitLab jobs run. From the environment:
#   NUMAPROBE_PREFIX   where install puts numaprobe (default: ~/.numaprobe)
#   NUMAPROBE_BUILD    a shell command that builds the program, with numaprobe-cc and numaprobe-c++ on the PATH
#   NUMAPROBE_DETECT   a shell command that runs it; what it starts is recorded, too
#   NUMAPROBE_FAIL_ON  false-sharing (default): the job fails when some is found; empty: it does not
#   NUMAPROBE_COMPARE  two CSV files, before and after
#   NUMAPROBE_GATE     by how much an estimate may get worse (default: 5%)
# detect writes numaprobe.sarif and numaprobe.md, compare writes numaprobe-compare.md; both also add to the summary of a
# GitHub job.
set -eu
source=$(cd "$(dirname "$0")/.." && pwd)
prefix=${NUMAPROBE_PREFIX:-$HOME/.numaprobe}
PATH=$prefix/bin:$PATH

# Adds a Markdown file to the summary of a GitHub job; elsewhere the log has the report itself. Exits with the status of
# the command that wrote it.
finish() { # STATUS FILE
    [ ! -e "$2" ] || [ -z "${GITHUB_STEP_SUMMARY:-}" ] || cat "$2" >>"$GITHUB_STEP_SUMMARY"
    exit "$1"
}
needs() { # NAME WHAT
    eval "[ -n \"\${$1:-}\" ]" || { echo "ci.sh: set $1 to $2" >&2 && exit 2; }
}

status=0
case ${1:-} in
install)
    "$source/scripts/setup" build
    make -s -C "$source" all
    make -s -C "$source" install PREFIX="$prefix" >/dev/null
    ;;
detect)
    needs NUMAPROBE_DETECT "a shell command that runs the program"
    rm -f numaprobe.sarif numaprobe.md
    sh -ec "${NUMAPROBE_BUILD:-:}"
    set -- --sarif numaprobe.sarif --markdown numaprobe.md
    fail_on=${NUMAPROBE_FAIL_ON-false-sharing}
    [ -z "$fail_on" ] || set -- "$@" --fail-on "$fail_on"
    numaprobe detect "$@" -- sh -ec "$NUMAPROBE_DETECT" || status=$?
    finish $status numaprobe.md
    ;;
compare)
    needs NUMAPROBE_COMPARE "two CSV files, before and after"
    rm -f numaprobe-compare.md
    # shellcheck disable=SC2086 # two names
    numaprobe compare --gate "${NUMAPROBE_GATE:-5%}" --markdown numaprobe-compare.md $NUMAPROBE_COMPARE || status=$?
    finish $status numaprobe-compare.md
    ;;
*) echo "ci.sh: expected install, detect or compare" >&2 && exit 2 ;;
esac
