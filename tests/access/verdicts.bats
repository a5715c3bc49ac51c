#!/usr/bin/env bats
# What detect says of the programs in verdicts/, each with its right answer in the first line ("verdict: none" or what
# --fail-on is to fail on), words for the compiler in a line "build:", and in a line "names:" what the report contains.

load ../common

setup() {
    common_setup
    sources=$PWD/tests/access/verdicts
    cd "$box" || return
}

# words KEY FILE: what stands behind "KEY:" in the comment at the file's head.
words() { sed -n "1,4s|^[/ ]\*\{1,2\} *$1: *||p" "$2"; }

verdict() { # NAME OPTION...: by each compiler of COMPILERS, gcc if none is named
    local source compiler wanted=0
    source=$(ls "$sources/$1".*)
    [ "$(words verdict "$source")" = none ] || wanted=1
    for compiler in ${COMPILERS:-gcc}; do
        [ "${source##*.}" = c ] || compiler=${compiler/gcc/g}++
        # shellcheck disable=SC2046 # several words
        "$NUMAPROBE" cc "$compiler" -O1 -g -pthread $(words build "$source") -o program "$source"
        run "$NUMAPROBE" detect --full --fail-on false-sharing "${@:2}" ./program
        echo "$compiler: expected $wanted, got $status: $output"
        [ "$status" -eq "$wanted" ]
        [[ $output == *"$(words names "$source")"* ]]
    done
}

@test "order by create and join holds on a neighbour's line, too" { verdict neighbour_phases; }
@test "order holds over hundreds of barriers" { verdict barrier_rounds; }
@test "order holds for what several threads read at the same time" { verdict readers_in_rounds; }
@test "OpenMP: a serial part and a parallel region are not at the same time" { verdict openmp_serial; }
@test "OpenMP: threads of a team share falsely within a region" { verdict openmp_rows; }
@test "a line that hundreds of threads have used is watched for the next" { verdict many_waited; }
@test "hundreds of threads on one counter do not end the watching" { verdict crowd_counts; }
@test "a timer's thread is a thread" { verdict timer_thread; }
@test "a variable on the stack may lie on one line in the next run" { verdict stack_start; }
@test "a variable has the name of the function whose thread uses it" { verdict stack_used_again; }
@test "a line that main reads in the end was a neighbour's before" { verdict taken_over; }
@test "the neighbour may have come later" { verdict taken_over_early; }
@test "a line next to one that was recorded before is watched, too" { verdict recorded_neighbour; }
@test "a line that was shared before a barrier is a neighbour behind it" { verdict once_shared; }
@test "a table that is used under one lock is shared" { verdict locked_table; }
@test "what is only used with one lock is never used at the same time" { verdict one_lock; }
@test "nor is it however long the lock is had" { verdict one_lock_long; }
@test "nor is it on more lines than are noted for a lock" { verdict one_lock_many; }
@test "nor is it if the lock lies there, too, and is found by a pointer that lies there" { verdict lock_inside; }
@test "what is not always used with the lock may be" { verdict not_always_locked; }
@test "fields of one element are kept apart, not only the elements" { verdict within_element; }
@test "what several threads read, next to what one writes" { verdict readers_beside; }
@test "two fields that every thread uses each time travel together" { verdict read_together; }
@test "a large array, with few hand-overs on each of its lines" { verdict few_a_line; }
@test "a semaphore orders what its two sides do" { verdict semaphore_baton; }
@test "a semaphore orders, however many others came before" { verdict many_batons; }
@test "conditions order turns that are long" { verdict condition_baton; }
@test "a line handed to and fro by semaphores, as fast as can be, is shared" { verdict semaphore_turns; }
@test "C++20: barriers, latches and semaphores order what they divide" { verdict cxx_order; }
@test "C++20: what two threads do between barriers is at the same time" { verdict cxx_at_once; }
@test "what two waves of threads use crosswise is as if each thread had its own place" { verdict crossed_waves; }
@test "more threads than there are slots for: what the rest did is not known" { verdict too_many_threads; }
