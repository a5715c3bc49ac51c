/* SPDX-License-Identifier: MIT
 * The suppressions file: a line each, as "object:counters*", "function:", "file:" or "module:". A
 * finding is not reported when a pattern (fnmatch) fits one of its objects, or a place of its
 * accesses or allocations. */
#include "cli/detect/detect.h"

#include "analysis/sharing/finding_build.h"
#include "base/grow.h"
#include "base/regular.h"
#include "cli/input_file.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum subject { SUBJECT_OBJECT, SUBJECT_FUNCTION, SUBJECT_FILE, SUBJECT_MODULE, SUBJECTS };
static const char *const subjects[] = {"object:", "function:", "file:", "module:"};

static int add_suppression(struct suppressions *s, const char *text, unsigned line, struct err *err)
{
    int subject = 0;
    while (subject < SUBJECTS && strncmp(text, subjects[subject], strlen(subjects[subject])) != 0)
        subject++;
    if (subject == SUBJECTS || !text[strlen(subjects[subject])])
        return err_set(err, -EINVAL,
            "--suppressions: '%s' line %u: expected object:, function:, file: or module: and a "
            "pattern, found '%s'",
            s->path, line, text);
    char *const copy = GROW(s->at, s->count) == 0 ? strdup(text) : NULL;
    if (!copy)
        return err_set(err, -ENOMEM, "--suppressions: out of memory");
    s->at[s->count++] = (struct suppression){.text = copy,
        .pattern = copy + strlen(subjects[subject]),
        .subject = subject,
        .line = line};
    return 0;
}

int suppressions_read(const char *path, struct suppressions *out, struct err *err)
{
    char *text = NULL;
    size_t room = 0;
    int code = 0;
    *out = (struct suppressions){.path = path};
    if (!input_is_stdin(path) && access(path, F_OK) == 0 && !has_end(path))
        return err_set(err, -EINVAL, "--suppressions: '%s' is neither a file nor a pipe", path);
    FILE *const in = input_open(path);
    if (!in)
        return err_set(err, -errno, "--suppressions: cannot read '%s': %s", path, strerror(errno));
    for (unsigned line = 1; !code; line++) {
        errno = 0;
        if (getline(&text, &room, in) < 0)
            break;
        char *const begin = text + strspn(text, " \t");
        begin[strcspn(begin, "\r\n")] = '\0';
        for (size_t length = strlen(begin); length && strchr(" \t", begin[length - 1]);)
            begin[--length] = '\0';
        if (*begin && *begin != '#')
            code = add_suppression(out, begin, line, err);
    }
    if (!code && ferror(in))
        code = err_set(err, -errno, "--suppressions: cannot read '%s': %s", path, strerror(errno));
    free(text);
    fclose(in);
    return code;
}

static bool fits_pattern(const char *pattern, const char *text)
{
    const char *const slash = text ? strrchr(text, '/') : NULL;
    return text &&
           (fnmatch(pattern, text, 0) == 0 || (slash && fnmatch(pattern, slash + 1, 0) == 0));
}

static bool fits_place(const struct suppression *s, struct dwarf *dwarf, uint64_t pc)
{
    struct dwarf_frame frame[16];
    const size_t count = dwarf_frames(dwarf, pc, frame, 16);
    for (size_t i = 0; i < count; i++) {
        const char *const text = s->subject == SUBJECT_FUNCTION ? frame[i].function
                                 : s->subject == SUBJECT_FILE   ? frame[i].file
                                                                : frame[i].module;
        if (fits_pattern(s->pattern, text))
            return true;
    }
    return false;
}

static bool fits_object(
    const struct suppression *s, const struct sharing *f, const struct sharing_object *o)
{
    if (s->subject == SUBJECT_OBJECT)
        return fits_pattern(s->pattern, o->name) || fits_pattern(s->pattern, o->type_name);
    for (uint32_t i = 0; i < o->frames; i++)
        if (fits_place(s, f->dwarf, o->stack[i] - 1))
            return true;
    return s->subject == SUBJECT_FILE && fits_pattern(s->pattern, o->place.file);
}

static bool fits_finding(const struct suppression *s, const struct sharing *f)
{
    for (size_t i = 0; i < f->objects; i++)
        if (fits_object(s, f, &f->object[i]))
            return true;
    for (size_t i = 0; i < f->sites && s->subject != SUBJECT_OBJECT; i++)
        if (fits_place(s, f->dwarf, f->site[i].pc))
            return true;
    return false;
}

/* Every pattern that fits is counted, so that none seems useless behind another. */
static bool is_suppressed(struct suppressions *s, const struct sharing *f)
{
    bool any = false;
    for (size_t i = 0; i < s->count; i++) {
        const bool one = fits_finding(&s->at[i], f);
        s->at[i].matched += one;
        any |= one;
    }
    return any;
}

void suppressions_apply(struct suppressions *s, struct sharing_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (!is_suppressed(s, list->finding[i]))
            list->finding[kept++] = list->finding[i];
        else
            finding_free(list->finding[i]);
    }
    list->count = kept;
}

void suppressions_fini(struct suppressions *s)
{
    for (size_t i = 0; i < s->count; i++)
        free(s->at[i].text);
    free(s->at);
    *s = (struct suppressions){0};
}
