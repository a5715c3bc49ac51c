/* SPDX-License-Identifier: MIT
 * Which modules of a recording report no access, and are not expected to be silent. */
#include "cli/detect/detect.h"

#include <string.h>

/* They come with the compiler or with libc, and every program has some. */
static const char *const runtimes[] = {"ld-linux", "ld-linux-x86-64", "ld-linux-aarch64", "libc",
    "libpthread", "libm", "libmvec", "libdl", "librt", "libutil", "libresolv", "libanl",
    "libnss_files", "libnss_dns", "libnss_compat", "libnss_systemd", "libgcc_s", "libstdc++",
    "libc++", "libc++abi", "libunwind", "libgomp", "libomp", "libiomp5", "libatomic", "libquadmath",
    "libgfortran", "libubsan", "libnumaprobe-access"};

static bool is_runtime(const char *path)
{
    const char *const slash = strrchr(path, '/'), *const name = slash ? slash + 1 : path;
    const size_t length = strcspn(name, ".");
    for (size_t i = 0; i < sizeof runtimes / sizeof *runtimes; i++)
        if (strlen(runtimes[i]) == length && strncmp(name, runtimes[i], length) == 0)
            return true;
    return false;
}

static void add_path(struct view_words *words, const char *path)
{
    for (size_t i = 0; i < words->count; i++)
        if (strcmp(words->at[i], path) == 0)
            return;
    words->at[words->count++] = path;
}

/* The first module is the program. */
static void add_modules(
    const struct detect_process *process, struct view_process *view, struct view_words *words)
{
    const struct recording *const r = &process->recording;
    for (size_t i = 0; i < r->modules; i++) {
        const char *const path = r->module[i].path;
        if (is_runtime(path) || !dwarf_is_uninstrumented(process->dwarf, i))
            continue;
        view->foreign |= i == 0;
        add_path(words, path);
    }
}

void detect_modules_fill(const struct detect_records *records, struct detect_view *view)
{
    size_t modules = 0;
    for (size_t i = 0; i < records->count; i++)
        modules += records->process[i].recording.modules;
    struct view_words all;
    VIEW_LIST(&view->pool, &all, modules);
    all.count = 0;
    for (size_t i = 0; all.at && i < view->processes.count; i++)
        add_modules(&records->process[i], &view->processes.at[i], &all);
    view->uninstrumented = all;
}
