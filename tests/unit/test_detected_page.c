/* SPDX-License-Identifier: MIT
 * analysis/report/report_detect*: what the page shows of a file that detect wrote. */
#include "tests/detected_made.h"

static void the_answer_is_the_worst_finding(void **state)
{
    (void)state;
    char *const page = page_of("", "");
    has(page, "<title>numaprobe report: app</title>");
    has(page, "<strong>app</strong></div>\n<span class=\"bad\">false sharing</span>\n"
              "<div class=\"text\">Shares a line falsely: global stats (struct stats[2]), app.c:8; "
              "fixing it makes the program 1.88 times as fast (1.83 to 1.93)\n"
              "<small>0.50 s, 3 threads, 6.54 M accesses seen, 14% of the time</small>");
    lacks(page, "No layouts were compared");
    lacks(page, "id=\"latency\"");
    has(page, "<p>50% of all accesses. Hand-overs: 12.6 k false (658 k a second), 0 true.</p>");
    has(page, "<li class=\"note\"><strong>Suggestion:</strong>\npad it.</li>");
    has(page,
        "<li class=\"good\"><strong>Gain:</strong>\nfixing it makes the program 1.88 times as "
        "fast (1.83 to 1.93).</li>");
    has(page,
        "<strong>Price:</strong>\nan access takes 2.68 ns, and 1.11 ns on separate lines.</li>");
    has(page, "<td>A</td><td>read, write</td><td class=\"num\">75%</td><td>serve app.c:17</td>");
    has(page, "<td>A</td><td>write</td><td class=\"num\">25%</td><td>libx.so+0x1234</td>");
    has(page, "<td>A</td><td class=\"num\">8</td><td>w</td><td class=\"num\">11</td><td "
              "class=\"num\">12</td></tr>");
    lacks(page, "started in"); /* of no thread */
    has(page,
        "<pre><span>numaprobe detect</span> <span>-- ./app -n &#39;&lt;2&gt;&#39;</span></pre>");
    free(page);
}

/* A cell ends where the field does, and where what was done does. */
static void the_line_is_drawn(void **state)
{
    (void)state;
    char *const page = page_of("", "");
    has(page, "<tr><th scope=\"row\">field</th><td class=\"field\" "
              "colspan=\"8\"><span>[0].hits</span></td>"
              "<td class=\"field\" colspan=\"8\"><span>last</span></td><td colspan=\"44\"></td>"
              "<td class=\"field\" colspan=\"4\"><span>beyond</span></td></tr>");
    has(page,
        "<tr><th scope=\"row\">A</th><td colspan=\"4\"></td><td colspan=\"4\" "
        "class=\"written\">RW</td>"
        "<td colspan=\"4\" class=\"written\">RW</td><td colspan=\"4\" class=\"written\">W</td>"
        "<td colspan=\"1\" class=\"read\"><span class=\"up\">R</span></td><td "
        "colspan=\"47\"></td></tr>");
    lacks(page, "Bytes 64 to 127");
    free(page);
    shows("'bytes': 64", "'bytes': 128", "aria-label=\"Bytes 64 to 127\"");
    shows("'first': -4, 'size': 12", "'first': -9223372036854775808, 'size': 9223372036854775807",
        "<th scope=\"row\">field</th><td colspan=\"8\"></td>");
    shows("'first': -4, 'size': 12", "'first': 0, 'size': 9223372036854775807",
        "colspan=\"64\"><span>[0].hits");
}

static void an_older_file_has_no_picture(void **state)
{
    (void)state;
    char *const page = page_of("'picture'", "'drawing'");
    lacks(page, "<table class=\"bytes\"");
    has(page, "<td>[0].hits</td><td>stats</td>");
    free(page);
}

static void latent_and_unpriced_findings_say_so(void **state)
{
    (void)state;
    shows("'latent': null", "'latent': 'turns'",
        "Would share a line falsely if its threads ran at the same time: global");
    shows("'latent': null", "'latent': 'other start'",
        "if it happened, the program would be 1.88 times as slow");
    shows("'latent': null", "'latent': '128-byte lines'", "<span class=\"warn\">latent</span>");
    shows("'kind': 'false'", "'kind': 'mixed'", "Shares a line falsely and truly:");
    shows("'cache_lines': 1", "'cache_lines': 3", "Shares 3 lines falsely:");
    shows("'verdict': 'gain'", "'verdict': null", "Gain:</strong>\nnot known: not measured.</li>");
    shows("'verdict': 'gain'", "'verdict': 'none'", "<span class=\"warn\">false sharing</span>");
    shows("'file': 'app.c', 'line': 8", "'file': null, 'line': 8",
        "global stats (struct stats[2])</h4>");
    shows("'false': 12600", "'false': 999999", "Hand-overs: 1 M false");
    shows("'mid': 1.88", "'mid': 1e300", "1e+300 times as fast");
}

static void nothing_found_is_said_with_what_was_seen(void **state)
{
    (void)state;
    char *const page = page_of("'kind': 'false'", "'kind': 'true'");
    has(page, "<strong>app</strong></div>\n<span class=\"warn\">little seen</span>\n"
              "<div class=\"text\">No false sharing was seen, but too little was seen to know: "
              "--full sees all\n<small>0.50 s, 3 threads");
    has(page, "Truly shared, which no layout changes:");
    has(page, "<li>global stats (struct stats[2]), app.c:8: 0 hand-overs</li>");
    lacks(page, "<article>");
    free(page);
    shows(strstr(whole, "'processes'"), "'processes': [], 'findings': [], 'unwatched': 2}",
        "<span class=\"warn\">not recorded</span>");
    shows(strstr(whole, "'processes'"),
        "'processes': [{'pid': 7, 'command': ['./app'], 'seconds': 5, 'threads': 3, 'ended': "
        "'exit', "
        "'notes': [], 'accesses': {'seen': 6540000, 'share': 0.14}}], 'findings': [], 'unwatched': "
        "0}",
        "<span class=\"good\">none found</span>");
}

static void what_comes_from_outside_is_escaped(void **state)
{
    static const char *const texts[] = {
        "'stats'", "'[0].hits'", "'serve'", "'w'", "'pad it'", "'struct stats[2]'", "'./app'"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *const page = page_of(texts[i], "'<script>x'");
        lacks(page, "<script>x");
        free(page);
    }
}

static void long_lists_end_somewhere(void **state)
{
    char *text, *list;
    size_t size;
    FILE *const out = open_memstream(&text, &size);
    (void)state;
    fputs("'processes': [", out);
    for (int i = 0; i < 30; i++)
        fputs("{'pid': 9, 'command': [], 'seconds': 1, 'threads': 1, 'ended': 'killed', 'notes': "
              "['full'], "
              "'accesses': {'seen': 1, 'share': null}}, ",
            out);
    fclose(out);
    list = page_of("'processes': [", text);
    has(list, "9 a program of an unknown name: 1.00 s, 1 thread, 1 accesses seen. How it ended: "
              "killed. Note: full.</p>");
    has(list, "11 more processes are in the JSON and not shown here.");
    has(list, "In process 7.");
    free(list);
    free(text);
}

static void the_page_says_where_it_ran_and_how_to_run_it_again(void **state)
{
    static const char with[] = "'host': 'alpha', 'cpu_model': 'CPU <9>', 'kernel': '6.1', "
                               "'plain': './plain one', 'mode': 'sampled', ";
    (void)state;
    shows("'mode': 'sampled', ", with, "CPU &lt;9&gt;, host alpha, kernel 6.1");
    shows("'mode': 'sampled', ", with, "--plain &#39;./plain one&#39;");
    shows("'mode': 'sampled', ", with, "From d.json.");
    shows("'mode': 'sampled', ", "'cpu_model': null, 'mode': 'sampled', ", "detect</span>");
}

/* A latent finding of the recording happens where the priced program has it. */
static void the_mark_is_of_what_happens(void **state)
{
    (void)state;
    char *const latent = changed("'latent': null", "'latent': 'other start'");
    char *const happens =
        replaced(latent, "\"verdict\": \"gain\"", "\"happens\": true, \"verdict\": \"gain\"");
    char *const may = page_of_json(latent), *const does = page_of_json(happens);
    has(may, "<span class=\"warn\">latent</span>");
    has(does, "<span class=\"bad\">false sharing</span>");
    free(may);
    free(does);
    free(happens);
    free(latent);
}
