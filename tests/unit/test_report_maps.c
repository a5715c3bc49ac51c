/* SPDX-License-Identifier: MIT
 * analysis/report/report_maps and report_commands_maps: strategies of maps on the page. */
#include "tests/test.h"

#include "tests/page.h"

static void push_strategies(struct samples *s, const char *load, double rwlock, double sharded)
{
    struct sample row = made_row("maps", 0);
    row.op = load;
    row.role = "worker";
    row.mode = "throughput";
    row.threads = 2;
    row.keys = 1000;
    for (row.block = 0; row.block < MADE_BLOCKS; row.block++) {
        row.layout = "rwlock";
        row.align_bytes = SAMPLE_NONE;
        made_push(s, row, rwlock);
        row.layout = "sharded";
        row.align_bytes = 8;
        made_push(s, row, sharded * 1.5);
        row.align_bytes = 64;
        made_push(s, row, sharded);
    }
}

/* They have sentences of their own, and no section for layouts takes them for one. */
static void strategies_of_maps_are_no_layouts(void **state)
{
    (void)state;
    struct samples s = {0};
    push_strategies(&s, "half", 100, 20);
    push_strategies(&s, "reads", 50, 50);
    struct dataset d = made_dataset(&s);
    struct report r;
    char *const page = page_of(&d, &r);
    assert_int_equal(r.verdicts, 0);
    assert_int_equal(r.shared_count, 0);
    check_section(page, "answer", "<strong>half</strong>\n<small>2 threads, same L3</small>");
    check_section(page, "answer", "<span class=\"good\">one wins</span>");
    check_section(page, "answer", "<span class=\"good\">alike</span>");
    check_section(page, "answer",
        "sharded 64 B wins; against rwlock: sharded 64 B 5.00× (5.00–5.00) faster.<small>sharded "
        "at 8 B takes 1.50×");
    lacks(page, "No layouts were compared");
    lacks(page, "isolated");
    lacks(page, "<section id=\"latency\">");
    check_section(page, "maps", "time against the baseline, 2 threads");
    check_section(page, "maps", "<td>sharded 64 B</td>");
    check_section(page, "again",
        "numaprobe maps</span> <span>--load half,reads</span> <span>--strategy rwlock,sharded"
        "</span> <span>--align 8,64</span> <span>--threads 2</span> <span>--cpus 0</span>");
    lacks(strstr(page, "Not in these files: "), "ways to share a map");
    free(page);
    report_fini(&r);
    dataset_fini(&d);
}

/* A load of --mix is not in the CSV, and one of one's own is a file; copies and the instrument
 * itself are not asked for. */
static void a_command_names_the_loads_that_maps_takes(void **state)
{
    (void)state;
    struct samples s = {0};
    push_strategies(&s, "mix", 100, 20);
    push_strategies(&s, "mine", 100, 20);
    for (size_t i = 0; i < s.count; i++) {
        s.row[i].load_file = strcmp(s.row[i].op, "mine") == 0 ? "./mine.txt" : "";
        s.row[i].layout = i % 3 == 0 ? "rwlock" : i % 3 == 1 ? "rwlock-copy" : "none";
        s.row[i].align_bytes = SAMPLE_NONE;
    }
    struct dataset d = made_dataset(&s);
    struct report r;
    char *const page = page_of(&d, &r);
    check_section(page, "again", "No command for load ‘mix’");
    check_section(page, "again",
        "numaprobe maps</span> <span>--load ./mine.txt</span> <span>--strategy rwlock</span> "
        "<span>--threads 2</span>");
    free(page);
    report_fini(&r);
    dataset_fini(&d);
}
