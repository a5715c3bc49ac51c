/* SPDX-License-Identifier: MIT
 * The recordings of a run, with the debug information of their modules. */
#include "cli/detect/detect.h"

#include "analysis/sharing/processes.h"
#include "base/grow.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_record(const char *name)
{
    const size_t length = strlen(name);
    return length > 4 && strcmp(name + length - 4, ".rec") == 0;
}

/* A program that was removed since, as `go test` does, may lie next to its recording. NULL: it does
 * not, or was not removed. */
static char *find_kept(const struct recording *r, const char *record)
{
    char path[4096 + 256];
    const int length = (int)(strrchr(record, '/') - record);
    snprintf(path, sizeof path, "%.*s/%u.exe", length, record, r->header.pid);
    const bool there = r->modules == 0 || access(r->module[0].path, R_OK) == 0;
    return there || access(path, R_OK) != 0 ? NULL : strdup(path);
}

static struct dwarf *open_modules(const struct recording *r, const char *kept)
{
    struct dwarf_module *const module = calloc(r->modules + 1, sizeof *module);
    for (size_t i = 0; module && i < r->modules; i++)
        module[i] = (struct dwarf_module){.path = kept && i == 0 ? kept : r->module[i].path,
            .bias = r->module[i].base,
            .begin = r->module[i].low,
            .end = r->module[i].high,
            .build = r->module[i].build_id,
            .build_bytes = r->module[i].build_id_bytes};
    struct dwarf *const dwarf = module ? dwarf_new(module, r->modules) : NULL;
    free(module);
    return dwarf;
}

/* Killed before the recording began, and so before any code of the program ran: only zeros. */
static bool is_unbegun(const char *path)
{
    uint64_t magic = 1;
    FILE *const in = fopen(path, "re");
    const bool read = in && fread(&magic, sizeof magic, 1, in) == 1;
    if (in)
        fclose(in);
    return read && magic == 0;
}

static int add_record(const char *path, struct detect_records *out, struct err *err)
{
    struct stat st;
    const bool regular = stat(path, &st) == 0 && S_ISREG(st.st_mode); /* a pipe would wait */
    const bool empty = regular && st.st_size == 0;
    out->empty += empty && !(st.st_mode & S_IWUSR); /* as the runtime marks it: no room */
    if (empty || (regular && is_unbegun(path)))
        return 0;
    if (GROW(out->process, out->count) != 0)
        return err_set(err, -ENOMEM, "out of memory for the recordings");
    struct detect_process *const p = &out->process[out->count];
    int code = record_read_file(path, &p->recording, err);
    if (code)
        return code;
    out->count++;
    p->kept = find_kept(&p->recording, path);
    p->dwarf = open_modules(&p->recording, p->kept);
    return p->dwarf ? 0 : err_set(err, -ENOMEM, "out of memory for the program's modules");
}

static int by_time(const void *a, const void *b)
{
    const struct record_header *const x = &((const struct detect_process *)a)->recording.header,
                                      *const y =
                                          &((const struct detect_process *)b)->recording.header;
    if (x->start_ns != y->start_ns)
        return x->start_ns < y->start_ns ? -1 : 1;
    return x->pid < y->pid ? -1 : x->pid > y->pid;
}

static int join_records(struct detect_records *r, struct err *err)
{
    const struct recording **const list = calloc(r->count + 1, sizeof(struct recording *));
    for (size_t i = 0; list && i < r->count; i++)
        list[i] = &r->process[i].recording;
    int code = list ? processes_join(list, r->count, &r->joined.recording) : -ENOMEM;
    free(list);
    if (!code && r->joined.recording.lines) {
        r->joined.dwarf = open_modules(&r->joined.recording, r->process[0].kept);
        code = r->joined.dwarf ? 0 : -ENOMEM;
    }
    return code ? err_set(err, code, "out of memory for what processes share") : 0;
}

int detect_records_read(const char *folder, struct detect_records *out, struct err *err)
{
    *out = (struct detect_records){0};
    DIR *const dir = opendir(folder);
    if (!dir)
        return err_set(err, -errno, "cannot read '%s': %s", folder, strerror(errno));
    int code = 0;
    for (const struct dirent *entry; !code && (entry = readdir(dir));) {
        char path[4096 + 256];
        if (!is_record(entry->d_name))
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        code = add_record(path, out, err);
    }
    closedir(dir);
    if (!code && out->count) {
        qsort(out->process, out->count, sizeof *out->process, by_time);
        code = join_records(out, err);
    }
    if (code)
        detect_records_fini(out);
    return code;
}

size_t detect_records_count(const char *folder)
{
    DIR *const dir = opendir(folder);
    size_t count = 0;
    for (const struct dirent *entry; dir && (entry = readdir(dir));)
        count += is_record(entry->d_name);
    if (dir)
        closedir(dir);
    return count;
}

static void process_fini(struct detect_process *p)
{
    dwarf_free(p->dwarf);
    free(p->kept);
    record_fini(&p->recording);
}

void detect_records_fini(struct detect_records *records)
{
    for (size_t i = 0; i < records->count; i++)
        process_fini(&records->process[i]);
    process_fini(&records->joined);
    free(records->process);
    *records = (struct detect_records){0};
}
