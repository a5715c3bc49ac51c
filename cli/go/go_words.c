/* SPDX-License-Identifier: MIT
 * Go's flags (go help build, go help testflag). */
#include "cli/go/go_words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The next word is their value unless "=" gives it. */
static const char *const with_value[] = {"C", "p", "asmflags", "buildmode", "buildvcs", "compiler",
    "covermode", "coverpkg", "exec", "gccgoflags", "gcflags", "installsuffix", "ldflags", "mod",
    "modfile", "overlay", "o", "pgo", "pkgdir", "tags", "toolexec", "bench", "benchtime",
    "blockprofile", "blockprofilerate", "count", "coverprofile", "cpu", "cpuprofile", "fuzz",
    "fuzztime", "fuzzminimizetime", "list", "memprofile", "memprofilerate", "mutexprofile",
    "mutexprofilefraction", "outputdir", "parallel", "run", "skip", "shuffle", "timeout", "trace",
    "vet"};

bool go_words_is(const char *word, const char *flag, const char **value)
{
    const size_t length = strlen(flag);
    if (*word != '-')
        return false;
    word += word[1] == '-' ? 2 : 1;
    if (strncmp(word, flag, length) != 0 || (word[length] && word[length] != '='))
        return false;
    *value = word[length] ? word + length + 1 : NULL;
    return true;
}

static bool takes_next(const char *word)
{
    const char *value;
    for (size_t i = 0; i < sizeof with_value / sizeof *with_value; i++)
        if (go_words_is(word, with_value[i], &value))
            return !value;
    return false;
}

static int refuse(const char *word, const char *why, struct err *err)
{
    return err_set(
        err, -EINVAL, "go: '%s' and the recording of accesses exclude each other: %s", word, why);
}

static int read_flag(const char *word, const char *next, struct go_words *words, struct err *err)
{
    const char *value;
    if (go_words_is(word, "overlay", &value))
        words->overlay = value ? value : next;
    else if (go_words_is(word, "count", &value))
        words->counts = true;
    else if (go_words_is(word, "msan", &value) || go_words_is(word, "asan", &value))
        return refuse(word, "both instrument the program; leave it out", err);
    else if (go_words_is(word, "buildmode", &value)) {
        value = value ? value : next;
        words->pie = value && strcmp(value, "pie") == 0;
        const bool program = value && (strcmp(value, "exe") == 0 || strcmp(value, "pie") == 0 ||
                                          strcmp(value, "default") == 0);
        if (value && !program)
            return refuse(value, "only programs can be instrumented", err);
    } else if (go_words_is(word, "linkshared", &value))
        return refuse(word, "Go's own code would not be in the program", err);
    return 0;
}

/* -C comes first (go help build). */
static void read_folder(int argc, char *const argv[], struct go_words *words)
{
    const char *value;
    if (argc < 2 || !go_words_is(argv[1], "C", &value))
        return;
    words->first = value ? 2 : 3;
    words->folder = value ? value : argc > 2 ? argv[2] : "";
    if (words->first > (size_t)argc)
        words->first = (size_t)argc;
}

int go_words_read(int argc, char *const argv[], struct go_words *words, struct err *err)
{
    static const char *const building[] = {"build", "test", "run", "install"};
    *words = (struct go_words){.first = 1, .folder = ""};
    for (size_t i = 0; argc > 0 && i < sizeof building / sizeof *building; i++)
        words->builds |= strcmp(argv[0], building[i]) == 0;
    if (!words->builds)
        return 0;
    words->tests = strcmp(argv[0], "test") == 0;
    read_folder(argc, argv, words);
    for (int i = (int)words->first; i < argc; i++) {
        const bool is_flag = argv[i][0] == '-' && argv[i][1];
        if ((!is_flag && !words->tests) || strcmp(argv[i], "-args") == 0 ||
            strcmp(argv[i], "--") == 0)
            break;
        const int code = is_flag ? read_flag(argv[i], argv[i + 1], words, err) : 0;
        if (code)
            return code;
        i += is_flag && takes_next(argv[i]);
    }
    return 0;
}

/* The next word of a list in Go's quoting: divided by blanks, each in quotes of either kind or in
 * none (cmd/internal/quoted, Split). `*at` moves behind it. The caller frees it; NULL at the end.
 */
static char *next_word(const char **at)
{
    const char *from = *at + strspn(*at, " \t\r\n");
    const char quote = *from == '\'' || *from == '"' ? *from++ : '\0';
    const char *const end = quote ? strchr(from, quote) : from + strcspn(from, " \t\r\n");
    const size_t length = end ? (size_t)(end - from) : strlen(from);
    *at = from + length + (quote && end);
    return length || quote ? strndup(from, length) : NULL;
}

/* The last one of a flag counts. */
static int keep_flag(char *word, struct go_words *words, struct err *err)
{
    const char *value;
    struct go_words flags = {.folder = ""};
    const int code = read_flag(word, NULL, &flags, err);
    if (go_words_is(word, "ldflags", &value) && value) {
        free(words->kept[0]);
        words->kept[0] = word;
        words->ldflags = value;
    } else if (flags.overlay && (!words->overlay || words->kept[1])) {
        free(words->kept[1]);
        words->kept[1] = word;
        words->overlay = flags.overlay;
    } else {
        words->counts |= flags.counts;
        words->pie |= flags.pie;
        free(word);
    }
    return code;
}

int go_words_read_flags(const char *list, struct go_words *words, struct err *err)
{
    int code = 0;
    for (char *word; !code && (word = next_word(&list));)
        code = keep_flag(word, words, err);
    return code;
}

void go_words_free(struct go_words *words)
{
    free(words->kept[0]);
    free(words->kept[1]);
    words->kept[0] = words->kept[1] = NULL;
}

/* In quotes of the kind that it does not contain, if it needs any; false: it contains both. */
static bool put_quoted(const char *word, FILE *out)
{
    if (*word && !strchr("'\"", *word) && !strpbrk(word, " \t\r\n")) {
        fprintf(out, " %s", word);
        return true;
    }
    const char quote = strchr(word, '\'') ? '"' : '\'';
    fprintf(out, " %c%s%c", quote, word, quote);
    return !strchr(word, quote);
}

struct ldflags {
    FILE *out, *linker;                         /* Go's words, and those of the external linker */
    enum { ANY, EXTLDFLAGS, LINKMODE } expects; /* whose value comes next */
    bool whole, internal;
};

static void add_word(struct ldflags *f, const char *word)
{
    const char *value = word;
    int what = f->expects;
    f->expects = ANY;
    if (what == ANY && go_words_is(word, "extldflags", &value))
        what = EXTLDFLAGS;
    else if (what == ANY && go_words_is(word, "linkmode", &value))
        what = LINKMODE;
    if (what == ANY)
        f->whole &= put_quoted(word, f->out);
    else if (!value)
        f->expects = what;
    else if (what == EXTLDFLAGS)
        fprintf(f->linker, "%s ", value);
    else
        f->internal |= strcmp(value, "internal") == 0;
}

/* A pattern of packages may stand in front of the flags (go help build). */
static const char *put_pattern(const char *users, FILE *out)
{
    const char *const flags = users + strspn(users, " \t\r\n");
    const char *const equals = *flags != '-' ? strchr(flags, '=') : NULL;
    if (equals)
        fprintf(out, "%.*s", (int)(equals + 1 - flags), flags);
    return equals ? equals + 1 : flags;
}

static void put_extldflags(struct ldflags *f, const char *value)
{
    char *option = NULL;
    if (asprintf(&option, "-extldflags=%s", value) < 0)
        f->whole = false;
    else
        f->whole &= put_quoted(option, f->out);
    free(option);
}

static int write_ldflags(
    struct ldflags *f, const char *users, const char *extra, char **linker, struct err *err)
{
    const char *at = put_pattern(users, f->out);
    fputs("-linkmode=external", f->out); /* Go refuses a list that begins with a quote */
    for (char *word; (word = next_word(&at)); free(word))
        add_word(f, word);
    fputs(extra, f->linker);
    fflush(f->linker);
    /* Without them, `go test` leaves out debug information (cmd/go, OmitDebug). */
    fputs(" -s=false -w=false", f->out);
    put_extldflags(f, *linker);
    if (f->internal)
        return err_set(err, -EINVAL,
            "go: -ldflags: -linkmode=internal cannot link the runtime that records accesses; leave "
            "it out");
    return f->whole ? 0
                    : err_set(err, -EINVAL,
                          "go: -ldflags: '%s' has both kinds of quotes in one word", users);
}

char *go_words_ldflags(const char *users, const char *extra, struct err *err)
{
    char *text = NULL, *linker = NULL;
    size_t size, length;
    struct ldflags f = {.out = open_memstream(&text, &size), .whole = true};
    f.linker = f.out ? open_memstream(&linker, &length) : NULL;
    int code = f.linker ? 0 : err_set(err, -ENOMEM, "go: out of memory");
    if (!code)
        code = write_ldflags(&f, users, extra, &linker, err);
    if (f.linker)
        fclose(f.linker);
    if (f.out)
        fclose(f.out);
    free(linker);
    if (code) {
        free(text);
        text = NULL;
    }
    return text;
}
