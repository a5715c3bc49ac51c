
# An array task: no srun, since a batch script has all cpus of its node.
reach() { # TASK TEXT
    sh -c "$2"
}

# Slurm cannot give each task of an array its node at submission, so that the array is held until each has it. Indexes
# of an array end at 1000 in a Slurm with its defaults: OFFSET is added to them.
submit() { # OFFSET TASK...
    local offset=$1 task id indexes='' said
    shift
    for task; do indexes+=,$((task - offset)); done
    id=$(sbatch --parsable --hold --array="${indexes#,}" --chdir="$folder" "${sbatch_options[@]}" "$folder/run.sh" \
        "$offset") || return 4
    id=${id%%;*}
    said=$(for task; do
        printf 'update JobId=%s_%d ReqNodeList=%s\n' "$id" $((task - offset)) "${task_node[task]}"
    done | scontrol 2>&1 | grep -i -m 1 error)
    if [ -n "$said" ]; then
        scancel "$id"
        say "job $id is cancelled, as its tasks did not get their nodes: $said"
        return 4
    fi
    printf '%s %s\n' "$id" "$offset" >>"$folder/jobs" || return 4
    scontrol release "$id" || return 4
    echo "job $id: $# tasks"
}

if [ -n "${SLURM_ARRAY_TASK_ID-}" ]; then
    task=$((SLURM_ARRAY_TASK_ID + ${1:-0}))
    trap 'note "tasks/$task-${task_node[task]}/exit" 143; exit 143' TERM
    [ "$SLURMD_NODENAME" = "${task_node[task]}" ] || { say "task $task is on $SLURMD_NODENAME, not on ${task_node[task]}"; exit 4; }
    run_task "$task"
    exit
fi
exec 9>"$folder/lock"
flock -n 9 || { say "another 'fleet run' is at work in this folder"; exit 4; }
mkdir -p log tasks || exit 4
for ((at = 0; at < ${#tasks[@]}; at += some)); do
    offset=$(((tasks[at] - 1) / 1000 * 1000))
    some=0
    while [ $((at + some)) -lt ${#tasks[@]} ] && [ $(((tasks[at + some] - 1) / 1000 * 1000)) -eq $offset ]; do
        some=$((some + 1))
    done
    submit "$offset" "${tasks[@]:at:some}" || exit
done
