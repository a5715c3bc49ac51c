/* SPDX-License-Identifier: MIT
 * analysis/report/report: which parts the page has and what stands in them. How it looks is in
 * tests/browser. */
#include "tests/test.h"

#include "tests/page.h"

#include <stdlib.h>

/* What was not measured is one line, not a section each. */
static void what_was_not_measured_is_one_line(void **state)
{
    (void)state;
    struct samples s = {0};
    struct dataset d = made_dataset(&s);
    struct report r;
    char *const page = page_of(&d, &r);
    check_section(page, "answer", "No layouts were compared");
    for (size_t i = 0; i < REPORT_SECTIONS; i++) {
        char mark[64];
        snprintf(mark, sizeof mark, "<section id=\"%s\">", report_sections[i].id);
        if (strcmp(report_sections[i].id, "answer") != 0)
            lacks(page, mark);
        if (report_sections[i].missing)
            has(strstr(page, "Not in these files: "), report_sections[i].missing);
    }
    assert_int_equal(r.drawings, 0);
    free(page);
    report_fini(&r);
    dataset_fini(&d);
}

/* Rejected blocks are of no regime; their rows are not estimates that lack blocks. */
static void rejected_rows_are_not_estimates_without_blocks(void **state)
{
    (void)state;
    struct samples s = {0};
    struct sample bad = made_row("run", MADE_BLOCKS);
    made_variants(&s, made_row("run", 0), 5, 50, 5);
    bad.align_bytes = 8;
    bad.regime = SAMPLE_NONE;
    bad.accepted = 0;
    bad.reject_reason = "context switch";
    made_push(&s, bad, 50);
    bad.op = "cas"; /* of which nothing else was measured */
    made_push(&s, bad, 50);
    struct dataset d = made_dataset(&s);
    struct report r;
    char *const page = page_of(&d, &r);
    check_section(page, "warnings", "2 of 74 rows");
    check_section(page, "warnings", "1 of 4 estimates");
    free(page);
    report_fini(&r);
    dataset_fini(&d);
}

/* The same warning of several runs is told once, and names the runs that it is not true of all. */
static void each_warning_is_told_once(void **state)
{
    (void)state;
    struct samples s = {0};
    struct sample row = made_row("run", 0);
    row.hypervisor = "KVM";
    for (int i = 0; i < 3; i++) {
        static const char *const ids[] = {"aaaaaaaa", "bbbbbbbb", "cccccccc"};
        row.run_id = ids[i];
        row.prefetchers = i == 1 ? "unknown" : "all on";
        made_variants(&s, row, 5, 50, 5);
    }
    struct dataset d = made_dataset(&s);
    struct report r;
    char *const page = page_of(&d, &r);
    char *const warnings = section(page, "warnings");
    const char *const first = strstr(warnings, "Virtual machine:");
    assert_non_null(first);
    assert_null(strstr(first + 1, "Virtual machine:"));
    has(warnings, "under a run: KVM.");
    has(warnings, "--align up to 128: made.csv bbbbbbbb.");
    free(warnings);
    free(page);
    report_fini(&r);
    dataset_fini(&d);
}

/* One question of two runs is one row of the list with two ratios, on one scale. */
static void a_question_of_two_runs_stands_together(void **state)
{
    (void)state;
    struct samples s = {0};
    struct sample row = made_row("run", 0);
    row.threads = 2;
    made_variants(&s, row, 5, 50, 5);
    row.run_id = "fedcba98";
    made_variants(&s, row, 5, 20, 5);
    struct dataset d = made_dataset(&s);
    struct report r;
    char *const page = page_of(&d, &r);
    char *const answer = section(page, "answer");
    has(answer, "grid-row: span 2");
    has(answer, "2 comparisons: 2 with a cost");
    has(answer, "aria-label=\"8 B 10.0× (");
    has(answer, "aria-label=\"8 B 4.00× (");
    has(answer, "<small>made.csv fedcba98</small>");
    free(answer);
    free(page);
    report_fini(&r);
    dataset_fini(&d);
}

static void the_worst_verdict_comes_first(void **state)
{
    (void)state;
    struct samples s = {0};
    struct sample row = made_row("run", 0);
    row.threads = 2; /* one cpu shares nothing */
    row.op = "load";
    made_variants(&s, row, 5, 5, 5);
    row.op = "add";
    made_variants(&s, row, 5, 10, 5);
    row.op = "cas";
    made_variants(&s, row, 5, 50, 5);
    struct dataset d = made_dataset(&s);
    struct report r;
    char *const page = page_of(&d, &r);
    assert_int_equal(r.verdicts, 3);
    assert_string_equal(r.verdict[0].first->op, "cas");
    assert_string_equal(r.verdict[1].first->op, "add");
    assert_string_equal(r.verdict[2].first->op, "load");
    check_section(page, "answer", "3 comparisons: 2 with a cost, 1 without a cost.");
    check_section(page, "warnings", "no gnuplot here");
    check_section(page, "latency", "<td class=\"num bad\">10.0×</td>");
    lacks(page, "class=\"drawing\"");
    assert_true(r.drawings > 0);
    free(page);
    report_fini(&r);
    dataset_fini(&d);
}

/* A regime of a few blocks beside a larger one is a warning; alone it is all there is. */
static void a_brief_regime_is_not_judged(void **state)
{
    (void)state;
    struct samples s = {0};
    made_variants(&s, made_row("run", 0), 5, 50, 5);
    for (int64_t i = 0; i < 3; i++) {
        struct sample row = made_row("run", MADE_BLOCKS + i);
        row.align_bytes = 8;
        row.regime = 1;
        row.canary_ns = 300;
        made_push(&s, row, 90);
    }
    struct dataset d = made_dataset(&s);
    struct report r;
    char *const page = page_of(&d, &r);
    assert_int_equal(r.verdicts, 1);
    assert_int_equal(r.verdict[0].first->regime, 0);
    check_section(page, "warnings", "Several regimes");
    free(page);
    report_fini(&r);
    dataset_fini(&d);
}

static void the_page_escapes_what_a_file_says(void **state)
{
    (void)state;
    static const char evil[] = "</title><script>alert('x')</script>";
    struct samples s = {0};
    struct sample row = made_row("run", 0);
    row.host = row.cpu_model = row.layout = row.op = row.role = evil;
    made_variants(&s, row, 5, 50, 5);
    struct dataset d = made_dataset(&s);
    struct report r;
    char *const page = page_of(&d, &r);
    lacks(page, "alert('");
    lacks(page, "<script>alert");
    check_section(
        page, "machines", "&lt;/title&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
    free(page);
    report_fini(&r);
    dataset_fini(&d);
}

/* What two runs both measured stands in one row; placement and how to run it again are of each. */
static void runs_stand_side_by_side(void **state)
{
    (void)state;
    struct samples s = {0};
    struct sample row = made_row("run", 0);
    row.core = 3;
    row.mem_node = "0";
    row.mem_verified = "move_pages";
    made_variants(&s, row, 5, 50, 5);
    row.run_id = "fedcba98";
    row.mem_verified = "unverified";
    row.gap_ns = 0;
    made_variants(&s, row, 6, 66, 6);
    struct dataset d = made_dataset(&s);
    struct report r;
    char *const page = page_of(&d, &r);
    has(page, "<small>made.csv 01234567 (run), made.csv fedcba98 (run)</small>");
    check_section(page, "beside", "<th scope=\"col\" class=\"num\">made.csv fedcba98, ns/op</th>");
    check_section(page, "beside",
        "<td class=\"num\">50.0</td><td class=\"num bad\">10.0×</td><td class=\"num\">66.0</td>");
    check_section(page, "machines", "<td class=\"warn\">unverified</td>");
    check_section(page, "machines", "<td>move_pages</td>");
    check_section(page, "machines", "<td class=\"num\">0</td><td class=\"num\">3</td>");
    check_section(page, "again",
        "numaprobe run</span> <span>--layout counter</span> <span>--op add</span> <span>--align "
        "8,64</span> <span>--cpus 0</span> <span>--mode latency");
    free(page);
    report_fini(&r);
    dataset_fini(&d);
}

/* An op that one layout has and another has not would be refused for both in one command. */
static void layouts_of_other_ops_have_commands_of_their_own(void **state)
{
    (void)state;
    struct samples s = {0};
    struct sample row = made_row("run", 0);
    made_variants(&s, row, 5, 50, 5);
    row.layout = "shard";
    made_variants(&s, row, 5, 50, 5);
    row.layout = "ring";
    row.op = "queue";
    made_variants(&s, row, 5, 50, 5);
    struct dataset d = made_dataset(&s);
    struct report r;
    char *const page = page_of(&d, &r);
    check_section(page, "again", "<span>--layout counter,shard</span> <span>--op add</span>");
    check_section(
        page, "again", "numaprobe run</span> <span>--layout ring</span> <span>--op queue</span>");
    free(page);
    report_fini(&r);
    dataset_fini(&d);
}

static bool is_counter(const char *layout)
{
    return strcmp(layout, "counter") == 0;
}

/* A layout of one's own is named by its file; one whose file is not known would be refused. */
static void a_command_names_only_what_run_takes(void **state)
{
    (void)state;
    struct samples s = {0};
    struct sample row = made_row("run", 0);
    made_variants(&s, row, 5, 50, 5);
    row.layout = "lost";
    made_variants(&s, row, 5, 50, 5);
    row.layout = "mine";
    row.layout_file = "./my file.c";
    made_variants(&s, row, 5, 50, 5);
    struct dataset d = made_dataset(&s);
    struct report r;
    free(page_of(&d, &r));
    r.has_layout = is_counter;
    char *page;
    size_t size;
    FILE *const out = open_memstream(&page, &size);
    assert_int_equal(report_html(&r, out), 0);
    assert_int_equal(fclose(out), 0);
    check_section(
        page, "again", "<span>--layout &#39;counter,./my file.c&#39;</span> <span>--op add");
    check_section(page, "again", "No command for layout ‘lost’");
    lacks(page, "counter,lost");
    free(page);
    report_fini(&r);
    dataset_fini(&d);
}

/* Cpus beyond what a page shows are counted. */
static void many_cpus_end_somewhere(void **state)
{
    (void)state;
    struct samples s = {0};
    for (int64_t cpu = 0; cpu < 520; cpu++) {
        struct sample row = made_row("run", 0);
        row.cpu = row.core = cpu;
        row.align_bytes = 8;
        made_push(&s, row, 5);
    }
    struct dataset d = made_dataset(&s);
    struct report r;
    char *const page = page_of(&d, &r);
    check_section(page, "machines", "8 more are in the CSV and not shown here.");
    check_section(page, "machines", "<td class=\"num\">511</td><td class=\"num\">511</td>");
    free(page);
    report_fini(&r);
    dataset_fini(&d);
}
