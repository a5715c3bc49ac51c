/* SPDX-License-Identifier: MIT
 * Making a recording: beside its name, then renamed. */
#include "machine/recording.h"

#include "machine/recording_text.h"
#include "machine/system/system.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PATH = 4096 };

/* hwloc's recordings have the kernel's name there; what a cpu is depends on it. */
static int add_kernel(struct pieces *pieces, const char *root)
{
    char *text;
    struct system_kernel kernel;
    system_kernel_read(root, &kernel);
    const int length = asprintf(
        &text, "OSName: Linux\nOSRelease: %s\nArchitecture: %s\n", kernel.release, kernel.arch);
    if (length < 0)
        return -ENOMEM;
    const int code = pieces_add(pieces, "/proc/hwloc-nofile-info", text, (size_t)length, 0);
    pieces_sort(pieces);
    return code;
}

/* The pieces that are there and could not be read, with the reason. */
static json_t *unread_json(const struct pieces *pieces)
{
    json_t *const list = json_array();
    for (size_t i = 0; i < pieces->count; i++)
        if (!pieces->piece[i].text)
            json_array_append_new(list, json_pack("{s:s, s:s}", "path", pieces->piece[i].path,
                                            "why", strerror(-pieces->piece[i].error)));
    return list;
}

static json_t *manifest_json(const struct recording_parts *parts, const struct pieces *pieces)
{
    struct system_kernel kernel;
    char date[32];
    const time_t now = time(NULL);
    struct tm utc;
    system_kernel_read(parts->root, &kernel);
    strftime(date, sizeof date, "%Y-%m-%d", gmtime_r(&now, &utc));
    return json_pack("{s:i, s:s, s:s, s:s, s:o, s:o, s:O, s:o, s:O}", "schema", RECORDING_SCHEMA,
        "version", parts->version, "date", date, "arch", kernel.arch, "kernel",
        json_text(kernel.release), "files", json_count(pieces->count), "calls", parts->calls,
        "unread", unread_json(pieces), "events", parts->events);
}

typedef int write_part(const void *part, FILE *out);

static int write_pieces(const void *part, FILE *out)
{
    recording_text_write(part, out);
    return 0;
}

static int write_manifest(const void *part, FILE *out)
{
    const int code = json_dumpf(part, out, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
    fputc('\n', out);
    return code ? -EIO : 0;
}

static int write_file(const char *folder, const char *name, write_part *write, const void *part)
{
    char path[PATH];
    if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, name) >= sizeof path)
        return -ENAMETOOLONG;
    FILE *const out = fopen(path, "wxe");
    if (!out)
        return -errno;
    int code = write(part, out);
    errno = EIO;
    if (!code && (fflush(out) != 0 || ferror(out) || fsync(fileno(out)) != 0))
        code = -errno;
    if (fclose(out) != 0 && !code)
        code = -errno;
    return code;
}

/* rename(2) replaces an empty folder, and no other. */
static int write_parts(
    const char *folder, const char *beside, const struct pieces *pieces, const json_t *manifest)
{
    int code = write_file(beside, "files.txt", write_pieces, pieces);
    if (!code)
        code = write_file(beside, "manifest.json", write_manifest, manifest);
    return code ? code : rename(beside, folder) == 0 ? 0 : -errno;
}

/* Not by mkdtemp(3), whose mode 0700 would be that of the recording. */
static int make_beside(const char *folder, char *out, size_t size)
{
    if ((size_t)snprintf(out, size, "%s.%ld.part", folder, (long)getpid()) >= size)
        return -ENAMETOOLONG;
    return mkdir(out, 0777) == 0 ? 0 : -errno;
}

static int write_beside(const char *folder, const struct pieces *pieces, const json_t *manifest)
{
    char beside[PATH];
    struct recording_quiet *const quiet = recording_quiet_begin();
    int code = quiet ? make_beside(folder, beside, sizeof beside) : -ENOMEM;
    if (!code) {
        code = write_parts(folder, beside, pieces, manifest);
        if (code)
            recording_remove(beside);
    }
    recording_quiet_end(quiet);
    return code;
}

static bool is_free(const char *folder)
{
    DIR *const dir = opendir(folder);
    bool is_empty = true;
    if (!dir)
        return errno == ENOENT;
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            is_empty = false;
    closedir(dir);
    return is_empty;
}

int recording_make(const char *folder, const struct recording_parts *parts,
    struct recording_made *made, struct err *err)
{
    char name[PATH];
    struct pieces pieces = {0};
    snprintf(name, sizeof name, "%.4000s", folder);
    for (size_t n = strlen(name); n > 1 && name[n - 1] == '/'; n--)
        name[n - 1] = '\0';
    if (!*name || !is_free(name))
        return err_set(err, -EEXIST,
            "--record: '%.200s' is not an empty or a new folder; name another one", folder);
    int code = pieces_gather(parts->root, &pieces);
    if (!code)
        code = add_kernel(&pieces, parts->root);
    json_t *const manifest = code ? NULL : manifest_json(parts, &pieces);
    code = manifest ? write_beside(name, &pieces, manifest) : -ENOMEM;
    *made = (struct recording_made){.files = pieces.count, .bytes = pieces_bytes(&pieces)};
    if (manifest)
        made->unread = json_array_size(json_object_get(manifest, "unread"));
    made->files -= made->unread;
    json_decref(manifest);
    pieces_fini(&pieces);
    return code ? err_set(err, code, "--record: cannot write '%.200s': %s", folder, strerror(-code))
                : 0;
}
