/* SPDX-License-Identifier: MIT
 * analysis/report/detect_* and report_detect*: what detect wrote is read or refused in one line,
 * and what the page says of it. */
#include "analysis/report/report.h"
#include "tests/made.h"

#include <errno.h>
#include <stdlib.h>

static const char whole[] =
    "{'command': ['./app', '-n', '<2>'], 'mode': 'sampled', 'line_bytes': 64, 'below': 0, "
    "'speedup_of_all': null,"
    " 'suppressed': [], 'processes': [{'pid': 7, 'command': ['./app'], 'seconds': 0.5, 'threads': "
    "3, 'ended': 'exit',"
    "  'notes': [], 'accesses': {'seen': 6540000, 'share': 0.14}}],"
    " 'findings': [{'kind': 'false', 'latent': null, 'pid': 7, 'beside': [], 'cache_lines': 1, "
    "'share': 0.5,"
    "  'object': {'kind': 'global', 'name': 'stats', 'type': 'struct stats[2]', 'size': 32, "
    "'count': 1,"
    "   'declared': {'file': 'app.c', 'line': 8}, 'allocated': []},"
    "  'fields': [{'name': '[0].hits', 'object': 0, 'first': 0, 'size': 8, 'readers': 'A', "
    "'writers': 'A'}],"
    "  'lines': [{'function': 'serve', 'file': 'app.c', 'line': 17, 'module': '/app', 'offset': 1, "
    "'read': true,"
    "   'write': true, 'count': 3, 'thread': 'A'},"
    "   {'function': null, 'file': null, 'line': null, 'module': '/lib/libx.so', 'offset': 4660, "
    "'read': false,"
    "   'write': true, 'count': 1, 'thread': 'A'}],"
    "  'threads': [{'letter': 'A', 'tid': 8, 'name': 'w', 'started': null, 'reads': 11, 'writes': "
    "12}],"
    "  'handovers': {'false': 12600, 'true': 0, 'per_second': 658000, 'possible': null},"
    "  'price': {'ns_per_access': {'mid': 2.68, 'low': 2, 'high': 3, 'n': 40}, 'reason': null, "
    "'verdict': 'gain',"
    "   'padded_ns_per_access': {'mid': 1.11, 'low': 1, 'high': 2, 'n': 40},"
    "   'speedup': {'mid': 1.88, 'low': 1.83, 'high': 1.93, 'n': 40}},"
    "  'suggestion': {'text': 'pad it'},"
    "  'picture': {'address': '0x40', 'bytes': 64, 'threads': [{'letter': 'A', 'bytes': "
    "'....BBBBBBBBWWWWR'}],"
    "   'fields': [{'name': '[0].hits', 'first': -4, 'size': 12}, {'name': 'last', 'first': 8, "
    "'size': 8},"
    "    {'name': 'beyond', 'first': 60, 'size': 8}]}}]}";

#define BROKEN ": the file is broken or cut off; write it anew"

static int read_text(const char *text, size_t size, struct detect_file *out, struct err *err)
{
    FILE *const in = fmemopen((void *)(uintptr_t)text, size, "r");
    assert_non_null(in);
    assert_true(detect_file_is_json(in));
    const int code = detect_file_read(in, "d.json", out, err);
    fclose(in);
    return code;
}

/* `text`, in which `from` became `to`. */
static char *replaced(const char *text, const char *from, const char *to)
{
    char *out_text;
    size_t size;
    FILE *const out = open_memstream(&out_text, &size);
    const char *const at = strstr(text, from);
    if (!at)
        fail_msg("'%s' is not there", from);
    fprintf(out, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    fclose(out);
    return out_text;
}

/* The same of `whole`, as JSON. */
static char *changed(const char *from, const char *to)
{
    char *const text = replaced(whole, from, to);
    for (char *c = text; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    return text;
}

static void refused(const char *from, const char *to, const char *message)
{
    char *const text = changed(from, to);
    struct detect_file d = {0};
    struct err err = {0};
    assert_int_equal(read_text(text, strlen(text), &d, &err), -EINVAL);
    assert_string_equal(err.text, message);
    assert_int_equal(d.files, 0);
    detect_file_fini(&d);
    free(text);
}

static char *page_of_json(const char *json)
{
    char *text;
    size_t size;
    struct samples none = {0};
    struct dataset dataset = made_dataset(&none);
    struct detect_file d = {0};
    struct report r;
    struct err err = {0};
    if (read_text(json, strlen(json), &d, &err))
        fail_msg("%s", err.text);
    FILE *const out = open_memstream(&text, &size);
    assert_int_equal(report_init(&r, &(struct report_input){&dataset, &d, &(struct watch_files){0},
                                         &(struct ab_sessions){0}, NULL, NULL}),
        0);
    assert_int_equal(report_html(&r, out), 0);
    fclose(out);
    report_fini(&r);
    detect_file_fini(&d);
    dataset_fini(&dataset);
    return text;
}

static char *page_of(const char *from, const char *to)
{
    char *const json = changed(from, to), *const page = page_of_json(json);
    free(json);
    return page;
}

static void shows(const char *from, const char *to, const char *part)
{
    char *const page = page_of(from, to);
    has(page, part);
    free(page);
}

static void what_is_no_such_file_is_refused(void **state)
{
    (void)state;
#define NOT ": not what numaprobe detect --json writes"
    refused("'mode': 'sampled', ", "", "d.json: mode is missing" NOT);
    refused("'processes': [{", "'processes': [7, {", "d.json: processes[0] is not an object" NOT);
    refused("'name': 'stats'", "'name': 5",
        "d.json: findings[0].object.name is not a text of at most 64 KiB" NOT);
    refused("'cache_lines': 1", "'cache_lines': -1",
        "d.json: findings[0].cache_lines is not a count" NOT);
    refused("'cache_lines': 1", "'cache_lines': 1.5",
        "d.json: findings[0].cache_lines is not a count" NOT);
    refused("'first': -4", "'first': '-4'",
        "d.json: findings[0].picture.fields[0].first is not a whole number" NOT);
    refused("'read': true", "'read': 1",
        "d.json: findings[0].lines[0].read is neither true nor false" NOT);
    refused(
        "'seconds': 0.5", "'seconds': null", "d.json: processes[0].seconds is not a number" NOT);
    refused("'notes': []", "'notes': [[]]",
        "d.json: processes[0].notes is not a list of texts of at most 64 KiB" NOT);
    refused("'suppressed': []", "'suppressed': {}", "d.json: suppressed is not a list" NOT);
    refused("'global'", "'<script>x'",
        "d.json: findings[0].object.kind is not a word that is known" NOT);
    refused("'gain'", "'<script>x'",
        "d.json: findings[0].price.verdict is not a word that is known" NOT);
    refused("'latent': null", "'latent': ''",
        "d.json: findings[0].latent is not a word that is known" NOT);
    refused("'letter': 'A'", "'letter': '<script>x'",
        "d.json: findings[0].threads[0].letter is not the letter of a thread" NOT);
    refused("'readers': 'A'", "'readers': 'A?'",
        "d.json: findings[0].fields[0].readers is not letters of threads" NOT);
    refused("'0x40'", "'0x40 '", "d.json: findings[0].picture.address is not an address" NOT);
    refused("'exit'", "'<script>x'", "d.json: processes[0].ended is not an end that is known" NOT);
    refused(
        "'seconds': 0.5", "'seconds': 1e999", "d.json:1: real number overflow near '1e999'" BROKEN);
    refused("'pid': 7", "'pid': 99999999999999999999",
        "d.json:1: too big integer near '99999999999999999999'" BROKEN);
    refused("'./app', ", "'./a\\u0000b', ",
        "d.json:1: \\u0000 is not allowed without JSON_ALLOW_NUL near '\"./a\\u0000b\"'" BROKEN);
    refused(whole, "{'findings':\n[}", "d.json:2: unexpected token near '}'" BROKEN);
    refused(whole, "{'regimes': [], 'figures': []}", "d.json: command is missing" NOT);
    refused(whole, "{", "d.json:1: string or '}' expected near end of file" BROKEN);
#undef NOT
}

/* Neither the stack nor the page is for anyone to fill. */
static void depth_and_length_are_bounded(void **state)
{
    enum { LONG = 10000000 };
    struct detect_file d = {0};
    struct err err = {0};
    char *const text = malloc(LONG + 1);
    (void)state;
    memset(text, '[', LONG);
    memcpy(text, "{\"a\":", 5);
    assert_int_equal(read_text(text, LONG, &d, &err), -EINVAL);
    assert_string_equal(err.text, "d.json:1: maximum parsing depth reached near '['" BROKEN);
    memset(text, 'x', LONG);
    text[0] = text[LONG - 1] = '\'';
    text[LONG] = '\0';
    refused("'stats'", text,
        "d.json: findings[0].object.name is not a text of at most 64 KiB: not what numaprobe "
        "detect --json writes");
    free(text);
}

static void a_csv_is_told_from_it(void **state)
{
    static const struct {
        const char *text;
        bool json;
    } cases[] = {{"schema,run_id", false}, {" \r\n\t{", true}, {"\n[", false}, {"  ", false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        FILE *const in = fmemopen((void *)(uintptr_t)cases[i].text, strlen(cases[i].text), "r");
        assert_int_equal(detect_file_is_json(in), cases[i].json);
        assert_int_equal(getc(in), cases[i].text[0]);
        fclose(in);
    }
}

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
