
# A little longer than the node has, for one that does not answer any more; in the terminal's process group, so that
# Ctrl-C ends it.
reach() { # TASK TEXT
    local job=${task_job[$1]}
    timeout --foreground -k 10 $((job_limit_s[job] + 60)) ssh "${ssh_options[@]}" -- "${task_node[$1]}" "$2"
}

# The tasks of one node, one after the other, by GNU parallel below.
if [ $# -gt 0 ]; then
    for task in ${1//,/ }; do run_task "$task"; done
    exit
fi
parallel --version 2>/dev/null | grep -q '^GNU parallel' || { say "GNU parallel is not installed here (Debian: parallel)"; exit 77; }
exec 9>"$folder/lock"
flock -n 9 || { say "another 'fleet run' is at work in this folder"; exit 4; }
mkdir -p tasks || exit 4
declare -A of_node
for task in "${tasks[@]}"; do of_node[${task_node[task]}]+=,$task; done
# Its exit code counts nodes with failures, of which `fleet status` knows more.
printf '%s\n' "${of_node[@]#,}" | parallel --will-cite --jobs "$at_once" --line-buffer bash ./run.sh {}
[ $? -le 101 ]
