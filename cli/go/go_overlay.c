/* SPDX-License-Identifier: MIT
 * Folders of overlays in the user's cache, one for each toolchain and runtime, written beside and
 * renamed. */
#include "cli/go/go_overlay.h"

#include "base/outfile.h"
#include "cli/go/go_source.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is changed, as paths below GOROOT/src/runtime. */
#define CALLS "race.go"
#define ASSEMBLY "race_amd64.s"
/* The race detector itself, which Go's linker would take: up to Go 1.20, and later ones. */
static const char *const detectors[] = {
    "race/race_linux_amd64.syso",
    "race/internal/amd64v1/race_linux.syso",
    "race/internal/amd64v3/race_linux.syso",
};

struct maker {
    const struct go_toolchain *go;
    const char *runtime;
    char *calls, *assembly; /* their changed texts */
    struct err *err;
};

/* FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint64_t add_bytes(uint64_t h, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        h = (h ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3ull;
    return h;
}

static int add_file(uint64_t *h, const char *folder, const char *name, struct err *err)
{
    char path[PATH_MAX + 64], block[1 << 14];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *const file = fopen(path, "re");
    if (!file)
        return err_set(err, -errno, "go: cannot read '%s': %s", path, strerror(errno));
    for (size_t n; (n = fread(block, 1, sizeof block, file)) > 0;)
        *h = add_bytes(*h, block, n);
    fclose(file);
    return 0;
}

/* Of all that a program's code depends on. */
static int identify(const struct maker *m, uint64_t *h)
{
    static const char *const archives[] = {"libnumaprobe-access.a", "libnumaprobe-go.a"};
    const char *const texts[] = {go_toolchain_get(m->go, "GOROOT"),
        go_toolchain_get(m->go, "GOVERSION"), m->runtime, m->calls, m->assembly};
    *h = 0xcbf29ce484222325ull;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *h = add_bytes(*h, texts[i], strlen(texts[i]) + 1);
    int code = 0;
    for (size_t i = 0; i < sizeof archives / sizeof *archives && !code; i++)
        code = add_file(h, m->runtime, archives[i], m->err);
    return code;
}

/* $XDG_CACHE_HOME, or ~/.cache (XDG Base Directory Specification). */
static int find_cache(char *path, size_t size, struct err *err)
{
    const char *const cache = getenv("XDG_CACHE_HOME"), *const home = getenv("HOME");
    const bool named = cache && *cache == '/';
    if (!named && !(home && *home == '/'))
        return err_set(err, -ENOENT,
            "go: there is no folder for what is kept: set HOME, or XDG_CACHE_HOME to a folder");
    snprintf(path, size, "%s%s/numaprobe", named ? cache : home, named ? "" : "/.cache");
    /* Go divides the linker's words at blanks, and -Wl at commas. */
    if (strpbrk(path, " \t\n,'\""))
        return err_set(err, -EINVAL,
            "go: the folder '%s' has a blank, a comma or a quote in its path, which Go cannot pass "
            "to the linker; set XDG_CACHE_HOME to another one",
            path);
    return 0;
}

static int cannot_write(const char *path, struct err *err)
{
    return err_set(err, -errno,
        "go: cannot write to '%s': %s; make it writable, or set XDG_CACHE_HOME to a folder that is",
        path, strerror(errno));
}

static int make_folders(char *path, struct err *err)
{
    for (char *slash = strchr(path + 1, '/');; slash = strchr(slash + 1, '/')) {
        if (slash)
            *slash = '\0';
        const bool made = mkdir(path, 0777) == 0 || errno == EEXIST;
        if (!made)
            cannot_write(path, err);
        if (slash)
            *slash = '/';
        if (!made)
            return err->code;
        if (!slash)
            return 0;
    }
}

static int write_text(const char *folder, const char *name, const char *text, struct err *err)
{
    char path[PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *const file = fopen(path, "we");
    const bool written = file && fputs(text, file) >= 0;
    return (file && fclose(file) != 0) || !written ? cannot_write(path, err) : 0;
}

static void set_path(json_t *replace, const char *root, const char *name, const char *folder)
{
    char from[PATH_MAX + 128], to[PATH_MAX + 64] = "";
    snprintf(from, sizeof from, "%s/src/runtime/%s", root, name);
    if (folder)
        snprintf(to, sizeof to, "%s/%s", folder, name);
    json_object_set_new(replace, from, json_string(to));
}

/* The files are named by where they will be: `folder`. */
static char *overlay_text(const struct maker *m, const char *folder, const json_t *users)
{
    const char *const root = go_toolchain_get(m->go, "GOROOT");
    json_t *const replace = json_object();
    json_object_update(replace, json_object_get(users, "Replace"));
    set_path(replace, root, CALLS, folder);
    set_path(replace, root, ASSEMBLY, folder);
    for (size_t i = 0; i < sizeof detectors / sizeof *detectors; i++) {
        char path[PATH_MAX + 128];
        snprintf(path, sizeof path, "%s/src/runtime/%s", root, detectors[i]);
        if (access(path, F_OK) == 0)
            set_path(replace, root, detectors[i], NULL);
    }
    json_t *const whole = json_pack("{s:o}", "Replace", replace);
    char *const text = json_dumps(whole, JSON_INDENT(1) | JSON_SORT_KEYS);
    json_decref(whole);
    return text;
}

/* Beside, and renamed; another process may make it at the same time. */
static int make_folder(const struct maker *m, const char *folder)
{
    char beside[PATH_MAX + 16], link[PATH_MAX + 64];
    snprintf(beside, sizeof beside, "%s.XXXXXX", folder);
    if (!mkdtemp(beside))
        return cannot_write(folder, m->err);
    char *const text = overlay_text(m, folder, NULL);
    int code = text ? 0 : err_set(m->err, -ENOMEM, "go: out of memory");
    snprintf(link, sizeof link, "%s/runtime", beside);
    if (!code && symlink(m->runtime, link) != 0)
        code = cannot_write(link, m->err);
    code = code ? code : write_text(beside, CALLS, m->calls, m->err);
    code = code ? code : write_text(beside, ASSEMBLY, m->assembly, m->err);
    code = code ? code : write_text(beside, "overlay.json", text, m->err);
    free(text);
    if (!code && rename(beside, folder) == 0)
        return 0;
    if (!code && errno != EEXIST && errno != ENOTEMPTY)
        code = cannot_write(folder, m->err);
    static const char *const names[] = {"runtime", CALLS, ASSEMBLY, "overlay.json"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(link, sizeof link, "%s/%s", beside, names[i]);
        unlink(link);
    }
    rmdir(beside);
    return code;
}

/* The user's files and ours in one, named by its contents. */
static int merge_overlays(const struct maker *m, const char *users, struct go_overlay *overlay)
{
    json_error_t wrong;
    json_t *const read = json_load_file(users, 0, &wrong);
    if (!read)
        return err_set(m->err, -EINVAL, "go: -overlay: '%s' is not a file that Go reads: %s", users,
            wrong.text);
    char *const text = overlay_text(m, overlay->folder, read);
    json_decref(read);
    if (!text)
        return err_set(m->err, -ENOMEM, "go: out of memory");
    snprintf(overlay->file, sizeof overlay->file, "%s/overlay-%016llx.json", overlay->folder,
        (unsigned long long)add_bytes(0xcbf29ce484222325ull, text, strlen(text)));
    struct outfile out;
    int code = outfile_open("go", overlay->file, &out, m->err);
    if (!code) {
        fputs(text, out.stream);
        code = outfile_commit(&out, m->err);
    }
    free(text);
    return code;
}

static int make_overlay(const struct maker *m, const char *users, struct go_overlay *overlay)
{
    char cache[PATH_MAX - 128];
    uint64_t identity;
    int code = identify(m, &identity);
    code = code ? code : find_cache(cache, sizeof cache, m->err);
    code = code ? code : make_folders(cache, m->err);
    if (code)
        return code;
    snprintf(overlay->folder, sizeof overlay->folder, "%s/go-%016llx", cache,
        (unsigned long long)identity);
    snprintf(overlay->file, sizeof overlay->file, "%s/overlay.json", overlay->folder);
    if (access(overlay->file, R_OK) != 0)
        code = make_folder(m, overlay->folder);
    return code || !users ? code : merge_overlays(m, users, overlay);
}

int go_overlay_make(const struct go_toolchain *go, const char *runtime, const char *users,
    struct go_overlay *overlay, struct err *err)
{
    char path[PATH_MAX + 64], list[PATH_MAX + 64];
    const char *const root = go_toolchain_get(go, "GOROOT");
    struct maker m = {.go = go, .runtime = runtime, .err = err};
    err->code = 0;
    snprintf(path, sizeof path, "%s/src/runtime/" CALLS, root);
    m.calls = go_source_calls(path, err);
    snprintf(path, sizeof path, "%s/src/runtime/" ASSEMBLY, root);
    m.assembly = m.calls ? go_source_assembly(path, err) : NULL;
    snprintf(list, sizeof list, "%s/go.list", runtime);
    int code = m.assembly ? go_source_check(m.calls, list, err) : err->code;
    code = code ? code : make_overlay(&m, users, overlay);
    free(m.calls);
    free(m.assembly);
    return code;
}
