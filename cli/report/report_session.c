/* SPDX-License-Identifier: MIT
 * Reads the files of a report: once, and once more where they turn out to be of a fleet. */
#include "cli/report/report_session.h"

#include "cli/cmd.h"
#include "cli/input_file.h"
#include "layouts/layout.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void report_session_close(struct report_session *s)
{
    if (s->fleet) {
        s->fleet->standard = NULL;
        report_session_close(s->fleet);
    }
    free(s->fleet);
    if (s->standard)
        fclose(s->standard);
    free(s->identity);
    hosts_fini(&s->hosts);
    outfile_discard(&s->page);
    outfile_discard(&s->csv);
    report_fini(&s->report);
    dataset_fini(&s->dataset);
    detect_file_fini(&s->detected);
    watch_files_fini(&s->watched);
    cards_fini(&s->cards);
    ab_sessions_fini(&s->compared);
}

/* Whether the file is one of those before, which would count twice. */
static bool is_repeated(struct report_session *s, const char *path)
{
    struct stat file = {0};
    const bool standard = input_is_stdin(path);
    if (!standard && (stat(path, &file) != 0 || !S_ISREG(file.st_mode)))
        return false;
    for (size_t i = 0; i < s->identities; i++)
        if (s->identity[i].device == file.st_dev && s->identity[i].file == file.st_ino)
            return true;
    s->identity[s->identities++] = (struct identity){file.st_dev, file.st_ino};
    return false;
}

/* As input_open, and it can be read again: of a pipe a copy. */
static FILE *open_copy(const char *path)
{
    char bytes[1 << 16];
    FILE *const in = input_open(path);
    if (!in || fseek(in, 0, SEEK_CUR) == 0)
        return in;
    FILE *const copy = tmpfile();
    for (size_t size; copy && (size = fread(bytes, 1, sizeof bytes, in)) > 0;)
        fwrite(bytes, 1, size, copy);
    const bool whole = copy && !ferror(in) && fflush(copy) == 0;
    const int why = errno;
    fclose(in);
    if (whole) {
        rewind(copy);
        return copy;
    }
    if (copy)
        fclose(copy);
    errno = why;
    return NULL;
}

/* Standard input is read once, and kept for a second reading. */
static FILE *open_again(struct report_session *s, const char *path)
{
    if (!input_is_stdin(path))
        return open_copy(path);
    if (!s->standard)
        s->standard = open_copy(path);
    if (s->standard)
        rewind(s->standard);
    return s->standard;
}

/* Whether the file begins so. */
static bool begins_with(FILE *in, const char *begin)
{
    char line[80];
    const bool any = fgets(line, sizeof line, in);
    rewind(in);
    return any && strncmp(line, begin, strlen(begin)) == 0;
}

/* The command of whose tables the file is one, which measure nothing; NULL for all other files. */
static const char *other_table(FILE *in)
{
    static const struct {
        const char *begin, *command;
    } others[] = {{"instrument,layout,op,align_bytes,role,mode,twin,", "compare"},
        {"cpu,core,smt,l3,", "topo"}, {"check,level,found,", "doctor"},
        {"role,here,scope,sees,", "events"}, {"column,type,unit,", "schema"}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (begins_with(in, others[i].begin))
            return others[i].command;
    return NULL;
}

static int read_samples(struct report_session *s, FILE *in, const char *name, struct err *err)
{
    const bool json = detect_file_is_json(in);
    if (json && card_file_is(in))
        return card_file_read(in, name, &s->cards, err);
    if (json && watch_file_is(in))
        return watch_file_read(in, name, &s->watched, err);
    if (json)
        return detect_file_read(in, name, &s->detected, err);
    if (begins_with(in, "ab_schema,session,"))
        return ab_csv_read(in, name, &s->compared, err);
    return s->is_fleet ? hosts_read(&s->hosts, in, name, &s->dataset, err)
                       : dataset_read(in, name, &s->dataset, err);
}

static int read_file(struct report_session *s, size_t index, struct err *err)
{
    const char *const path = s->args.file[index], *const name = input_name(path);
    if (is_repeated(s, path)) {
        if (!s->args.quiet)
            cmd_warn(stderr, "'%s' is given twice; it is read once.", name);
        return 0;
    }
    FILE *const in = open_again(s, path);
    if (!in)
        err_set(err, -errno, "cannot read '%s': %s", name, strerror(errno));
    if (!in && s->is_fleet)
        return hosts_note(&s->hosts, "%s", err->text);
    if (!in)
        return err->code;
    const char *const other = other_table(in);
    int code = 0;
    if (other && !s->args.quiet)
        cmd_warn(stderr, "'%s' is left out: it is a table of %s, without samples.", name, other);
    if (!other)
        code = read_samples(s, in, name, err);
    if (in != s->standard)
        fclose(in);
    return code;
}

static bool has_layout(const char *name)
{
    for (size_t i = 0; i < layout_count; i++)
        if (strcmp(layout_table[i]->name, name) == 0)
            return true;
    return false;
}

static int prepare_files(struct report_session *s, struct err *err)
{
    s->identity = calloc(s->args.files, sizeof *s->identity);
    return s->identity ? 0 : err_set(err, -ENOMEM, "out of memory for the files");
}

/* The page of many hosts needs no more than one run's rows at a time, and lists files that cannot
 * be read instead of ending there. `from`: the files whose notes are printed already. */
static int read_fleet(struct report_session *s, size_t from, struct err *err)
{
    struct report_session *const fleet = calloc(1, sizeof *fleet);
    if (!fleet)
        return err_set(err, -ENOMEM, "out of memory for the hosts");
    s->fleet = fleet;
    *fleet = (struct report_session){.args = s->args, .is_fleet = true, .standard = s->standard};
    int code = prepare_files(fleet, err);
    for (size_t i = 0; i < s->args.files && !code; i++) {
        fleet->args.quiet = s->args.quiet || i < from;
        code = read_file(fleet, i, err);
    }
    s->standard = fleet->standard;
    if (!code && hosts_finish(&fleet->hosts))
        code = err_set(err, -ENOMEM, "out of memory for the hosts");
    if (!code)
        code = dataset_fold(&fleet->dataset, err);
    ab_sessions_group(&fleet->compared);
    const struct report_input input = {&fleet->dataset, &fleet->detected, &fleet->watched,
        &fleet->compared, &fleet->hosts, &fleet->cards};
    if (!code && report_init(&fleet->report, &input))
        code = err_set(err, -ENOMEM, "out of memory for the report");
    return code;
}

static void drop_fleet(struct report_session *s)
{
    s->fleet->standard = NULL;
    report_session_close(s->fleet);
    free(s->fleet);
    s->fleet = NULL;
}

/* Reads all files; where the page alone is asked for, only until there are hosts enough for a
 * fleet's. Returns what the reading ended with; then a fleet's page is all there is. */
static int read_all(struct report_session *s, bool *fleet, struct err *err)
{
    const bool page_alone = s->args.output && !s->args.csv && !s->args.png && !s->args.term;
    size_t i = 0;
    int code = prepare_files(s, err);
    s->dataset.nodes_most = page_alone ? HOSTS_FLEET_MIN - 1 : SIZE_MAX;
    for (; i < s->args.files && !code; i++)
        code = read_file(s, i, err);
    *fleet = s->args.output && code != -ENOMEM &&
             (code ? page_alone : s->dataset.nodes >= HOSTS_FLEET_MIN);
    struct err why = {0};
    const int unread = *fleet ? read_fleet(s, i, &why) : 0;
    if (unread == 0 && *fleet && s->fleet->hosts.count >= HOSTS_FLEET_MIN)
        return code == 0 || page_alone ? 0 : code;
    *fleet = false;
    if (s->fleet)
        drop_fleet(s);
    if (unread && code == -E2BIG) /* which only a fleet has */
        *err = why;
    return code;
}

int report_session_read(struct report_session *s, struct err *err)
{
    bool fleet;
    int code = read_all(s, &fleet, err);
    if (code || (fleet && !s->args.csv && !s->args.png && !s->args.term))
        return code;
    const size_t parts = s->dataset.runs + s->dataset.stats + s->detected.files + s->watched.count +
                         s->compared.count + s->cards.count;
    if (!code && parts == 0)
        code = err_set(err, -ENODATA, "no rows in '%s'%s: nothing to report", s->args.file[0],
            s->args.files > 1 ? " and the others" : "");
    if (!code)
        code = dataset_fold(&s->dataset, err);
    ab_sessions_group(&s->compared);
    const struct report_input input = {
        &s->dataset, &s->detected, &s->watched, &s->compared, NULL, &s->cards};
    if (!code && report_init(&s->report, &input))
        code = err_set(err, -ENOMEM, "out of memory for the report");
    s->report.has_layout = has_layout;
    return code;
}
