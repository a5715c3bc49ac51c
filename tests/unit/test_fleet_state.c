/* SPDX-License-Identifier: MIT
 * analysis/fleet/state and result: how far a task is, and whether its CSV is whole. */
#include "tests/test.h"

#include "analysis/fleet/result.h"
#include "analysis/fleet/state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Texts that are not given are empty. */
static enum fleet_state judge(struct fleet_facts facts, char *why, size_t size)
{
    const char **const text[] = {&facts.last_line, &facts.scheduled, &facts.reason};
    for (size_t i = 0; i < 3; i++)
        if (!*text[i])
            *text[i] = "";
    facts.limit_s = 25;
    return fleet_state_judge(&facts, why, size);
}

static void the_surest_fact_decides(void **state)
{
    (void)state;
    static const struct {
        struct fleet_facts facts;
        enum fleet_state state;
        const char *why;
    } known[] = {
        {{.has_result = true, .exit = 0}, FLEET_DONE, ""},
        {{.has_result = true, .exit = 0, .fault = "broken CSV: it is cut off"}, FLEET_FAILED,
            "broken CSV: it is cut off"},
        {{.exit = FLEET_EXIT_NONE}, FLEET_MISSING, "not started; 'numaprobe fleet run' does that"},
        {{.exit = 124, .scheduled = "PENDING", .reason = "Priority"}, FLEET_WAITING,
            "in the queue: Priority"},
        {{.exit = FLEET_EXIT_RUNNING, .scheduled = "RUNNING"}, FLEET_RUNNING, ""},
        {{.exit = FLEET_EXIT_RUNNING, .scheduled = "NODE_FAIL"}, FLEET_FAILED, "node failed"},
        {{.exit = FLEET_EXIT_RUNNING}, FLEET_FAILED,
            "node failed, or it was killed there: it began and left no exit code"},
        {{.exit = FLEET_EXIT_NONE, .scheduled = "FAILED"}, FLEET_FAILED,
            "it left no exit code; Slurm's state of it is FAILED, see log/"},
        {{.exit = FLEET_EXIT_NONE, .scheduled = "CANCELLED"}, FLEET_FAILED, "cancelled"},
        {{.exit = FLEET_EXIT_EMPTY, .scheduled = "FAILED"}, FLEET_FAILED,
            "disk full: its exit code could not be written"},
        {{.exit = 124}, FLEET_FAILED, "timed out after 25 s, or was killed"},
        {{.exit = 143}, FLEET_FAILED, "cancelled, or out of Slurm's time"},
        {{.exit = 4, .last_line = "cannot write x: No space left on device"}, FLEET_FAILED,
            "disk full: cannot write x: No space left on device"},
        {{.exit = 4, .last_line = "numaprobe 9 answered, the plan is of numaprobe 1"}, FLEET_FAILED,
            "another version: numaprobe 9 answered, the plan is of numaprobe 1"},
        {{.exit = 77, .last_line = "numaprobe: no cpu 9"}, FLEET_FAILED,
            "exit 77: numaprobe: no cpu 9"},
        {{.exit = 255, .over_ssh = true, .last_line = "ssh: refused"}, FLEET_FAILED,
            "node failed or not reached: ssh: refused"},
        {{.exit = FLEET_EXIT_RUNNING, .over_ssh = true, .is_held = true}, FLEET_RUNNING, ""},
        {{.exit = FLEET_EXIT_RUNNING, .over_ssh = true}, FLEET_FAILED,
            "interrupted: its 'fleet run' ended before it"},
    };
    char why[400];
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const enum fleet_state got = judge(known[i].facts, why, sizeof why);
        assert_string_equal(why, known[i].why);
        assert_int_equal(got, known[i].state);
    }
}

static void an_exit_file_has_a_code_or_a_word(void **state)
{
    (void)state;
    assert_int_equal(fleet_exit_read("0       \n"), 0);
    assert_int_equal(fleet_exit_read("124     \n"), 124);
    assert_int_equal(fleet_exit_read("running \n"), FLEET_EXIT_RUNNING);
    assert_int_equal(fleet_exit_read(""), FLEET_EXIT_EMPTY);
    assert_int_equal(fleet_exit_read("12x\n"), FLEET_EXIT_EMPTY);
    assert_int_equal(fleet_exit_read("999 \n"), FLEET_EXIT_EMPTY);
}

static void lines_of_squeue_and_sacct_are_read(void **state)
{
    (void)state;
    struct fleet_queued q;
    assert_true(fleet_squeue_line("12|7|PENDING|ReqNodeNotAvail, Reserved\n", &q));
    assert_int_equal(q.job, 12);
    assert_int_equal(q.index, 7);
    assert_string_equal(q.state, "PENDING");
    assert_string_equal(q.reason, "ReqNodeNotAvail, Reserved");
    assert_true(fleet_squeue_line("12|7|RUNNING|\n", &q));
    assert_string_equal(q.reason, "");
    assert_false(fleet_squeue_line("12|N/A|RUNNING|None\n", &q));
    assert_false(fleet_squeue_line("", &q));
    assert_true(fleet_sacct_line("12_7|CANCELLED by 0\n", &q));
    assert_string_equal(q.state, "CANCELLED");
    assert_false(fleet_sacct_line("12_[7-9]|PENDING\n", &q));
    assert_false(fleet_sacct_line("12|COMPLETED\n", &q));
}

static int check_text(
    struct fleet_results *results, int64_t task, const char *text, struct err *err)
{
    size_t rows;
    FILE *const in = fmemopen((char *)text, strlen(text), "r");
    assert_non_null(in);
    const int code = fleet_result_check(results, in, task, &rows, err);
    fclose(in);
    return code ? code : (int)rows;
}

static void a_file_is_whole_or_has_a_fault(void **state)
{
    (void)state;
    static const struct {
        const char *text, *fault;
    } bad[] = {
        {"", "broken CSV: it is cut off"},
        {"run_id,version,x\r\n", "broken CSV: it has no rows"},
        {"run_id,version,x\r\na,1,2\r\nb,1", "broken CSV: it is cut off"},
        {"run_id,version,x\r\na,1,2\r\nb,1\r\n", "broken CSV: line 3 has 2 fields of 3"},
        {"run_id,version,x\r\na,2,3\r\n",
            "another version: numaprobe 2 answered, the plan is of numaprobe 1"},
        {"run_id,version,y\r\na,1,3\r\n",
            "another version: its columns are not those of the others"},
        {"run_id,version,x\r\nfirst,1,3\r\n",
            "doubled CSV: its rows are of the same run as those of task 1"},
        {"run_id,version,x\r\nd,1,3\r\nrun_id,version,x\r\nd,1,3\r\n",
            "doubled CSV: its header is there again, in line 3"},
        {"run_id,version,x\r\nd,1,3\r\nd,1,4\r\nd,1,3\r\nd,1,4\r\n",
            "doubled CSV: its first row is there again, in line 4"},
    };
    struct fleet_results results;
    struct err err;
    assert_int_equal(fleet_results_init(&results, "1"), 0);
    assert_int_equal(
        check_text(&results, 1, "run_id,version,x\r\nfirst,1,2\r\nfirst,1,3\r\n", &err), 2);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_true(check_text(&results, 2, bad[i].text, &err) < 0);
        assert_string_equal(err.text, bad[i].fault);
    }
    assert_int_equal(check_text(&results, 3, "run_id,version,x\r\nz,1,2\r\n", &err), 1);
    fleet_results_fini(&results);
}

static void joined_rows_end_with_their_node(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    struct err err;
    FILE *const out = open_memstream(&text, &size);
    assert_non_null(out);
    for (int i = 0; i < 2; i++) {
        FILE *const in = fmemopen((char *)"a,b\r\n1,\"x,y\"\r\n", 14, "r");
        assert_non_null(in);
        assert_int_equal(fleet_result_copy(in, i ? "n2" : "n1", i == 0, out, &err), 0);
        fclose(in);
    }
    fclose(out);
    assert_string_equal(text, "a,b,fleet_node\r\n1,\"x,y\",n1\r\n1,\"x,y\",n2\r\n");
    free(text);
}
