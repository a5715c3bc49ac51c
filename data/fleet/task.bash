
# ---- What follows is the same in every script. ----

say() { printf 'numaprobe fleet: %s\n' "$*" >&2; }

# What the shell on the node is given: it answers only if it is of the plan's version.
on_node() { # TASK
    local -n words="words_${task_job[$1]}"
    local job=${task_job[$1]} program
    printf -v program %q "${job_program[job]}"
    printf 'found=$(%s --version) || exit; [ "$found" = %q ] || { printf "%%s\\n" "$found answered, the plan is of "%q >&2; exit 4; }; ' \
        "$program" "$version" "$version"
    printf 'exec timeout -k 10 %d %s' "${job_limit_s[job]}" "$program"
    printf ' %q' "${words[@]}"
}

# Standard input to a file. On a full disk what was written goes, so that there is room for the reason, in `why`.
shopt -s lastpipe
save() { # FILE
    why=$(cat 2>&1 >"$1") && why=$(sync -d -- "$1" 2>&1) && return
    rm -f -- "$1"
    why="cannot write $1: ${why##*: }"
    return 4
}

# The space of the exit code is taken before the task begins, so that a disk which it fills does not hide its end.
note() { # FILE WORD: without truncating
    printf '%-8s\n' "$2" 1<>"$1"
}

# A task's folder has result.csv once the task is done, what was printed in `stderr`, and in `exit` "running" or the
# exit code. The CSV is written as `part` and renamed.
run_task() { # TASK
    local task=$1 box codes code why=''
    box=tasks/$task-${task_node[task]}
    mkdir -p -- "$box" && { [ ! -e "$box/result.csv" ] || mv -f -- "$box/result.csv" "$box/result.bad"; } || return 4
    rm -f -- "$box/part"
    printf '%-8s\n' running >"$box/exit" || { say "task $task: cannot write to $box"; return 4; }
    reach "$task" "$(on_node "$task")" 2>"$box/stderr" </dev/null | save "$box/part"
    codes=("${PIPESTATUS[@]}")
    code=${codes[0]}
    [ "${codes[1]}" -eq 0 ] || { code=4 && printf '%s\n' "$why" >>"$box/stderr"; }
    # 1 and 3: what was measured is complete, and a gate failed or the machine cannot decide.
    case $code in
    0 | 1 | 3) [ -s "$box/part" ] && mv -f -- "$box/part" "$box/result.csv" || code=4 ;;
    esac
    note "$box/exit" "$code"
    [ "$code" -eq 0 ] || say "task $task on ${task_node[task]}: exit $code"
    return "$code"
}

cd -- "$folder" || exit 4
