/* SPDX-License-Identifier: MIT
 * Opens the files of a report and finds out what they are; reads all but samples. */
#include "cli/report/report_files.h"

#include "cli/cmd.h"
#include "cli/input_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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

/* What can be read only once. */
static FILE *copy_pipe(FILE *in)
{
    char bytes[1 << 16];
    FILE *const copy = tmpfile();
    for (size_t size; copy && (size = fread(bytes, 1, sizeof bytes, in)) > 0;)
        fwrite(bytes, 1, size, copy);
    if (copy && !ferror(in) && fflush(copy) == 0) {
        rewind(copy);
        return copy;
    }
    const int why = errno;
    if (copy)
        fclose(copy);
    errno = why;
    return NULL;
}

/* A pipe is kept as a copy, and standard input is kept, for a second reading. */
static FILE *open_again(struct report_session *s, size_t index)
{
    const char *const path = s->args.file[index];
    if (s->kept[index]) {
        rewind(s->kept[index]);
        return s->kept[index];
    }
    FILE *const in = input_open(path);
    const bool seekable = in && fseek(in, 0, SEEK_CUR) == 0;
    if (!in || (seekable && !input_is_stdin(path)))
        return in;
    s->kept[index] = seekable ? in : copy_pipe(in);
    const int why = errno;
    if (!seekable)
        fclose(in);
    errno = why;
    return s->kept[index];
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

/* Reads what is not a CSV of samples. */
static int read_other(struct report_session *s, FILE *in, const char *name, struct err *err)
{
    if (!detect_file_is_json(in))
        return ab_csv_read(in, name, &s->compared, err);
    if (card_file_is(in))
        return card_file_read(in, name, &s->cards, err);
    if (watch_file_is(in))
        return watch_file_read(in, name, &s->watched, err);
    return detect_file_read(in, name, &s->detected, err);
}

static bool has_samples(FILE *in)
{
    return !detect_file_is_json(in) && !begins_with(in, "ab_schema,session,");
}

int report_file_open(struct report_session *s, size_t index, FILE **out, struct err *err)
{
    const char *const path = s->args.file[index], *const name = input_name(path);
    *out = NULL;
    if (!s->identity)
        s->identity = calloc(s->args.files, sizeof *s->identity);
    if (!s->kept)
        s->kept = calloc(s->args.files, sizeof *s->kept);
    if (!s->identity || !s->kept)
        return err_set(err, -ENOMEM, "out of memory for the files");
    if (is_repeated(s, path)) {
        if (!s->args.quiet)
            cmd_warn(stderr, "'%s' is given twice; it is read once.", name);
        return 0;
    }
    FILE *const in = open_again(s, index);
    if (!in)
        return err_set(err, -errno, "cannot read '%s': %s", name, strerror(errno));
    const char *const other = other_table(in);
    if (!other && has_samples(in)) {
        *out = in;
        return 0;
    }
    if (other && !s->args.quiet)
        cmd_warn(stderr, "'%s' is left out: it is a table of %s, without samples.", name, other);
    const int code = other ? 0 : read_other(s, in, name, err);
    report_file_close(s, index, in);
    return code;
}

void report_file_close(struct report_session *s, size_t index, FILE *in)
{
    if (in && in != s->kept[index])
        fclose(in);
}
