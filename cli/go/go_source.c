/* SPDX-License-Identifier: MIT
 * Changes of Go's sources (1.19 to 1.24 were tried). Each names a text that must be there. */
#include "cli/go/go_source.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct change {
    const char *where;   /* of a line, from its beginning on */
    const char *instead; /* what replaces that text; NULL: it stays */
    const char *behind;  /* what is added behind the line */
    bool optional;
};

/* Some names of ThreadSanitizer's mean another thing in C, and both may be in one program. */
#define OLD_PREFIX "__tsan_"
#define NEW_PREFIX "numaprobe_go_"

/* The common case of an access, in front of the call of a hook: tier1_knows of runtime/tier1.h, for
 * one byte; runtime/go/go_hooks.c and runtime/hooks.c check what it relies on. AX: the address. */
#define KNOWN(unseen, count)                                                                       \
    "\tMOVQ\t$numaprobe_gate_2(SB), DX\n"                                                          \
    "\tCMPB\t(DX), $0\n"                                                                           \
    "\tJEQ\tnumaprobe_done\n"                                                                      \
    "\tMOVQ\tAX, CX\n"                                                                             \
    "\tSHRQ\t$6, CX\n"                                                                             \
    "\tANDQ\t16(DX), CX\n"                                                                         \
    "\tMOVL\tCX, BX\n"                                                                             \
    "\tSHRB\t$5, BX\n"                                                                             \
    "\tXORB\tBX, CX\n"                                                                             \
    "\tROLB\t$1, CX\n"                                                                             \
    "\tSHLQ\t$5, CX\n"                                                                             \
    "\tADDQ\t8(DX), CX\n"                                                                          \
    "\tMOVQ\t0(FS), SI\n"                                                                          \
    "\tADDQ\tnumaprobe_go_me(SB), SI\n"                                                            \
    "\tMOVL\t(CX), DI\n"                                                                           \
    "\tCMPL\t(SI), DI\n"                                                                           \
    "\tJNE\tnumaprobe_call\n"                                                                      \
    "\tMOVQ\t" unseen "(CX), DI\n"                                                                 \
    "\tBTQ\tAX, DI\n"                                                                              \
    "\tJCS\tnumaprobe_call\n"                                                                      \
    "\tADDQ\t$1, 16(SI)\n"                                                                         \
    "\tADDL\t$1, " count "(CX)\n"                                                                  \
    "numaprobe_done:\n"                                                                            \
    "\tRET\n"                                                                                      \
    "numaprobe_call:\n"
/* Only whether accesses are seen at all. */
#define SEEN                                                                                       \
    "\tMOVQ\t$numaprobe_gate_2(SB), DX\n"                                                          \
    "\tCMPB\t(DX), $0\n"                                                                           \
    "\tJNE\tnumaprobe_call\n"                                                                      \
    "\tRET\n"                                                                                      \
    "numaprobe_call:\n"
#define NOTHING "\tRET\n"

static const struct change in_assembly[] = {
    {"TEXT\truntime·raceread<ABIInternal>(SB)", NULL, KNOWN("8", "24"), false},
    {"TEXT\truntime·racewrite<ABIInternal>(SB)", NULL, KNOWN("16", "28"), false},
    {"TEXT\truntime·racereadrange<ABIInternal>(SB)", NULL, SEEN, false},
    {"TEXT\truntime·racewriterange<ABIInternal>(SB)", NULL, SEEN, false},
    /* What Go's packages state of their locks by these is not an access. */
    {"TEXT\truntime·RaceRead(SB)", NULL, NOTHING, false},
    {"TEXT\truntime·RaceWrite(SB)", NULL, NOTHING, false},
    {"TEXT\truntime·RaceReadRange(SB)", NULL, NOTHING, false},
    {"TEXT\truntime·RaceWriteRange(SB)", NULL, NOTHING, false},
    /* No stack of calls is kept. */
    {"TEXT\truntime·racefuncenter(SB)", NULL, NOTHING, false},
    {"TEXT\truntime·racefuncenterfp", NULL, NOTHING, true},
    {"TEXT\truntime·racefuncexit(SB)", NULL, NOTHING, false},
    /* Memory of mmap and of C is seen, not only Go's. */
    {"TEXT\tracecalladdr<>(SB)", NULL, "\tMOVQ\tg_racectx(R14), RARG0\n\tJMP\tracecall<>(SB)\n",
        false},
    /* The hooks' fifth argument. */
    {"TEXT\tracecall<>(SB)", NULL, "\tMOVQ\tR14, R8\n", false},
};

static const struct change in_calls[] = {
    {"\tracecall(&" NEW_PREFIX "init, uintptr(unsafe.Pointer(&gctx)), "
     "uintptr(unsafe.Pointer(&pctx)), abi.FuncPCABI0(racecallbackthunk), 0)",
        "\tracecall(&" NEW_PREFIX "init, uintptr(unsafe.Pointer(&gctx)), "
        "uintptr(unsafe.Pointer(&pctx)), abi.FuncPCABI0(racecallbackthunk), "
        "unsafe.Offsetof((*g)(nil).goid)<<32|unsafe.Offsetof((*g)(nil).startpc)<<16|"
        "unsafe.Offsetof((*g)(nil).racectx))",
        "", false},
    {"//go:cgo_import_static " NEW_PREFIX "init", NULL,
        "//go:cgo_import_static " NEW_PREFIX "me\n"
        "//go:cgo_import_static numaprobe_gate_2\n",
        false},
};

char *go_source_read(const char *path)
{
    char *text = NULL;
    size_t room = 0;
    FILE *const file = fopen(path, "re");
    if (!file)
        return NULL;
    if (getdelim(&text, &room, '\0', file) < 0) {
        free(text);
        text = NULL;
        errno = EIO;
    }
    fclose(file);
    return text;
}

static void put_renamed(const char *text, FILE *out)
{
    for (const char *next; (next = strstr(text, OLD_PREFIX)); text = next + strlen(OLD_PREFIX))
        fprintf(out, "%.*s" NEW_PREFIX, (int)(next - text), text);
    fputs(text, out);
}

static char *renamed(const char *text)
{
    char *out = NULL;
    size_t size;
    FILE *const stream = open_memstream(&out, &size);
    if (!stream)
        return NULL;
    put_renamed(text, stream);
    return fclose(stream) == 0 ? out : NULL;
}

/* The first line that begins so, but not the first of all; NULL. */
static const char *find_line(const char *text, const char *where)
{
    for (const char *at = text; (at = strchr(at, '\n')) && *++at;)
        if (strncmp(at, where, strlen(where)) == 0)
            return at;
    return NULL;
}

/* Frees the text and returns the changed one; NULL: it cannot be. */
static char *apply_change(char *text, const struct change *c)
{
    char *out = NULL;
    size_t size;
    const char *const at = find_line(text, c->where);
    const char *const end = at ? at + strcspn(at, "\n") : NULL;
    if (!at && c->optional)
        return text;
    FILE *const stream = at ? open_memstream(&out, &size) : NULL;
    if (stream) {
        const char *const rest = c->instead ? at + strlen(c->where) : at;
        fprintf(stream, "%.*s%s%.*s\n%s%s", (int)(at - text), text, c->instead ? c->instead : "",
            (int)(end - rest), rest, c->behind, *end ? end + 1 : "");
    }
    free(text);
    return stream && fclose(stream) == 0 ? out : NULL;
}

static char *change_file(
    const char *path, const struct change *change, size_t count, struct err *err)
{
    char *const source = go_source_read(path);
    char *text = source ? renamed(source) : NULL;
    if (!source)
        err_set(err, -errno, "go: cannot read '%s': %s", path, strerror(errno));
    for (size_t i = 0; i < count && text; i++) {
        text = apply_change(text, &change[i]);
        if (!text)
            err_set(err, -ENOTSUP,
                "go: this version of Go is not known: %s lacks '%s'; Go 1.19 to 1.24 were tried",
                path, change[i].where);
    }
    free(source);
    return text;
}

char *go_source_assembly(const char *path, struct err *err)
{
    return change_file(path, in_assembly, sizeof in_assembly / sizeof *in_assembly, err);
}

char *go_source_calls(const char *path, struct err *err)
{
    char *const text = change_file(path, in_calls, sizeof in_calls / sizeof *in_calls, err);
    char *all = NULL;
    /* The linker has them; their type does not matter. A variable without a package's name is one
     * of C's. */
    static const char variables[] = "\n//go:linkname numaprobe_gate_2 numaprobe_gate_2\n"
                                    "var numaprobe_gate_2 byte\n"
                                    "\n//go:linkname " NEW_PREFIX "me " NEW_PREFIX "me\n"
                                    "var " NEW_PREFIX "me byte\n";
    if (text && asprintf(&all, "%s%s", text, variables) < 0)
        all = NULL;
    free(text);
    return all;
}

static bool has_line(const char *text, const char *line)
{
    const size_t length = strlen(line);
    for (const char *at = text; (at = strstr(at, line)); at += length)
        if ((at == text || at[-1] == '\n') && at[length] == '\n')
            return true;
    return false;
}

int go_source_check(const char *calls, const char *list, struct err *err)
{
    static const char import[] = "//go:cgo_import_static ";
    char *const names = go_source_read(list), name[128];
    if (!names)
        return err_set(err, -errno, "go: cannot read '%s': %s", list, strerror(errno));
    int code = 0;
    for (const char *at = calls; !code && (at = strstr(at, import));) {
        at += strlen(import);
        snprintf(name, sizeof name, "%.*s", (int)strcspn(at, "\n"), at);
        if (!has_line(names, name))
            code = err_set(err, -ENOTSUP,
                "go: this version of Go calls %s of its race detector, which numaprobe's runtime "
                "lacks; Go 1.19 to 1.24 were tried",
                name);
    }
    free(names);
    return code;
}
