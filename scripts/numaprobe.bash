# Bash completion for numaprobe. What can be completed is asked of the program itself: options of
# 'numaprobe COMMAND --help', names of 'numaprobe run --list', nodes of 'numaprobe topo'.

# The program as it was typed, "~" included.
_numaprobe_ask() {
    local program=${COMP_WORDS[0]/#\~/$HOME}
    "$program" "$@" 2>/dev/null
}

# Column COLUMN of the table whose header line begins with NAME.
_numaprobe_listed() { # NAME COLUMN [COMMAND]
    _numaprobe_ask "${3-run}" --list | awk -v name="$1" -v column="$2" '
        on && NF == 0 { exit }
        on { print $column }
        $1 == name { on = 1 }'
}

_numaprobe_values() { # OPTION; of $command
    case $command:$1 in
    costs:--op) echo load store add cas swap none && return ;;
    costs:--state) echo modified exclusive shared invalid && return ;;
    maps:--align) echo 8 16 32 64 128 && return ;;
    costs:--home | costs:--mem-node) echo local remote && return ;;
    esac
    case $1 in
    --align) _numaprobe_listed layout 2 | tr , '\n' | sort -nu ;;
    --layout) _numaprobe_listed layout 1 ;;
    --load | --strategy) _numaprobe_listed "${1#--}" 1 maps ;;
    --op) _numaprobe_listed op 1 ;;
    --mode) _numaprobe_ask run --list | sed -n 's/^mode //p' | tr -d , ;;
    --place) echo compact spread smt one-per-l3 one-per-node ;;
    --mem-node) echo local remote interleave && _numaprobe_ask topo --csv | tr -d '\r' | awk -F, '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == "node") node = i }
        NR > 1 && node && $node != "" { print $node }' | sort -nu ;;
    --pages) echo 4k thp 2m ;;
    --protocol) echo handover message pingpong ;;
    --home) echo first second all && _numaprobe_values --mem-node | grep -x '[0-9]*' ;;
    --across) echo cpu protocol distance regime ;;
    --counters) echo auto perf papi none ;;
    --fail-on) echo false-sharing gain:5% ;;
    --judge) echo wall cpu memory switches metric ;;
    --lines) echo 64 128 ;;
    --by) echo function type ;;
    --partition) sinfo --noheader --format=%R 2>/dev/null ;;
    --events) _numaprobe_ask events --csv --counters none | tail -n +2 | cut -d, -f1 ;;
    esac
}

# Completes the last word of a comma list, and offers none of its words twice.
_numaprobe_list() { # CURRENT VALUE...
    local current=$1 done='' value
    shift
    [[ $current == *,* ]] && done=${current%,*},
    for value; do
        [[ ,$done == *",$value,"* ]] || [[ $done$value != "$current"* ]] || COMPREPLY+=("$done$value")
    done
}

_numaprobe_files() { # CURRENT [END]: those that end so, and folders
    local file
    compopt -o filenames 2>/dev/null
    while IFS= read -r file; do
        [[ $file == *"${2-}" || -d $file ]] && COMPREPLY+=("$file")
    done < <(compgen -f -- "$1")
}

_numaprobe_value() { # OPTION CURRENT
    local values
    mapfile -t values < <(_numaprobe_values "$1" | tr -s ' ' '\n')
    case $1 in
    --csv | --json | --markdown | --prometheus | --sarif | --topology | --output | --png | --record | --read | --suppressions | --plain | --input | --hosts | --folder | --program | --ssh-config) _numaprobe_files "$2" ;;
    --layout)
        _numaprobe_list "$2" "${values[@]}"
        [[ $2 != *[./]* ]] || _numaprobe_files "$2" .c
        ;;
    --align | --op | --events | --state | --protocol | --across) _numaprobe_list "$2" "${values[@]}" ;;
    *) mapfile -t COMPREPLY < <(compgen -W "${values[*]}" -- "$2") ;;
    esac
}

_numaprobe() {
    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=run commands help
    COMPREPLY=()
    commands=$(_numaprobe_ask --help | sed -n 's/^  \([a-z][a-z+-]*\)  .*/\1/p')
    if [[ $COMP_CWORD -eq 1 && $current != -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$current")
        return
    fi
    [[ ${COMP_WORDS[1]} == -* ]] || command=${COMP_WORDS[1]}
    grep -qxF -- "$command" <<<"$commands" || return
    if [[ $command == cc || $command == c++ || $command == go || $command == cargo || $command == rustc ]]; then
        compopt -o default # the command line of another program: files
        return
    fi
    # "=" is a separate word: "--align" "=" "8,"
    if [[ $current == "=" ]]; then
        current=
    elif [[ $before == "=" && $COMP_CWORD -ge 2 ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    help=$(_numaprobe_ask "$command" --help)
    if [[ $command == fleet && $COMP_CWORD -eq 2 && $current != -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "plan run status collect" -- "$current")
        return
    fi
    [[ $before != -f || $command != fleet ]] || before=--folder
    [[ $before != -c ]] || before=--csv
    [[ $before != -j ]] || before=--json
    [[ $before != -t || $command != topo ]] || before=--topology
    [[ $before != -o || $command != report ]] || before=--output
    if [[ $before == --* && $current != --* ]] && grep -qE -- "(^|[ ,])$before\\[?=" <<<"$help"; then
        _numaprobe_value "$before" "$current"
    elif [[ $command == @(ab|compare|report) && $current != -* ]]; then
        _numaprobe_files "$current"
    else
        mapfile -t COMPREPLY < <(compgen -W "$(grep -oE -- '^ .{0,10}--[a-z][a-z0-9-]*' <<<"$help" |
            grep -oE -- '--.*')" -- "$current")
    fi
}
complete -F _numaprobe numaprobe
