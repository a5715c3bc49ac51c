/* SPDX-License-Identifier: MIT
 * Making a recording: in a folder beside its name, which is then renamed; in one within an empty
 * folder that is there, which may be where a file system is mounted, so that nothing replaces it.
 */
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
    errno = 0; /* the first write that failed sets it, be it within `write` */
    int code = write(part, out);
    if (code || fflush(out) != 0 || ferror(out) || fsync(fileno(out)) != 0)
        code = errno ? -errno : -EIO;
    if (fclose(out) != 0 && !code)
        code = -errno;
    return code;
}

/* In this order: without its manifest a folder is not a recording. */
enum { FILES = 2 };
static const char *const file_name[FILES] = {"files.txt", "manifest.json"};

static int move_file(const char *beside, const char *folder, const char *name)
{
    char from[PATH], to[PATH];
    if ((size_t)snprintf(from, sizeof from, "%s/%s", beside, name) >= sizeof from ||
        (size_t)snprintf(to, sizeof to, "%s/%s", folder, name) >= sizeof to)
        return -ENAMETOOLONG;
    return rename(from, to) == 0 ? 0 : -errno;
}

/* What was moved before a move that failed goes back, and away with the rest. */
static int move_files(const char *beside, const char *folder)
{
    int code = 0;
    size_t moved = 0;
    for (; moved < FILES && !code; moved += !code)
        code = move_file(beside, folder, file_name[moved]);
    while (code && moved > 0)
        move_file(folder, beside, file_name[--moved]);
    if (!code)
        recording_remove(beside);
    return code;
}

/* Where a recording is made, before it is at its place. */
struct place {
    char folder[PATH], beside[PATH];
    bool is_there; /* the folder is, and is empty */
};

static int write_parts(const struct place *at, const struct pieces *pieces, const json_t *manifest)
{
    int code = write_file(at->beside, file_name[0], write_pieces, pieces);
    if (!code)
        code = write_file(at->beside, file_name[1], write_manifest, manifest);
    if (code)
        return code;
    if (at->is_there)
        return move_files(at->beside, at->folder);
    return rename(at->beside, at->folder) == 0 ? 0 : -errno;
}

/* Not by mkdtemp(3), whose mode 0700 would be that of the recording. */
static int make_beside(struct place *at)
{
    const int length = snprintf(at->beside, sizeof at->beside, "%s%s.%ld.part", at->folder,
        at->is_there ? "/" : "", (long)getpid());
    if (length < 0 || (size_t)length >= sizeof at->beside)
        return -ENAMETOOLONG;
    return mkdir(at->beside, 0777) == 0 ? 0 : -errno;
}

static int write_beside(struct place *at, const struct pieces *pieces, const json_t *manifest)
{
    struct recording_quiet *const quiet = recording_quiet_begin();
    int code = quiet ? make_beside(at) : -ENOMEM;
    if (!code) {
        code = write_parts(at, pieces, manifest);
        if (code)
            recording_remove(at->beside);
    }
    recording_quiet_end(quiet);
    return code;
}

static bool has_entry(DIR *dir)
{
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            return true;
    return false;
}

/* 0, with is_there; -EEXIST: something is there. A link to nothing is. */
static int find_place(const char *name, struct place *at)
{
    struct stat status;
    *at = (struct place){.is_there = false};
    snprintf(at->folder, sizeof at->folder, "%.4000s", name);
    for (size_t n = strlen(at->folder); n > 1 && at->folder[n - 1] == '/'; n--)
        at->folder[n - 1] = '\0';
    if (!*at->folder)
        return -EEXIST;
    DIR *const dir = opendir(at->folder);
    const int why = dir ? 0 : errno;
    if (why == ENOTDIR || (why == ENOENT && lstat(at->folder, &status) == 0))
        return -EEXIST;
    if (why)
        return why == ENOENT ? 0 : -why;
    at->is_there = !has_entry(dir);
    closedir(dir);
    return at->is_there ? 0 : -EEXIST;
}

/* What is wrong and what to do. */
static int fail(int code, const char *folder, struct err *err)
{
    static const struct {
        int code;
        const char *advice;
    } known[] = {
        {ENOENT, "; the folder around it does not exist, or takes no folders: name another place"},
        {EACCES, "; name a folder that you may write to"},
        {EPERM, "; name a folder that you may write to"},
        {EROFS, "; name a folder that you may write to"},
        {ENOSPC, "; name a place with room for a megabyte"},
        {EDQUOT, "; name a place with room for a megabyte"},
    };
    const char *advice = "";
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].code == -code)
            advice = known[i].advice;
    return err_set(
        err, code, "--record: cannot write '%.200s': %s%s", folder, strerror(-code), advice);
}

int recording_make(const char *folder, const struct recording_parts *parts,
    struct recording_made *made, struct err *err)
{
    struct place at;
    struct pieces pieces = {0};
    int code = find_place(folder, &at);
    if (code == -EEXIST)
        return err_set(err, code,
            "--record: '%.200s' is not an empty or a new folder; name another one", folder);
    if (!code)
        code = pieces_gather(parts->root, &pieces);
    if (!code)
        code = add_kernel(&pieces, parts->root);
    json_t *const manifest = code ? NULL : manifest_json(parts, &pieces);
    if (!code)
        code = manifest ? write_beside(&at, &pieces, manifest) : -ENOMEM;
    *made = (struct recording_made){.files = pieces.count, .bytes = pieces_bytes(&pieces)};
    if (manifest)
        made->unread = json_array_size(json_object_get(manifest, "unread"));
    made->files -= made->unread;
    json_decref(manifest);
    pieces_fini(&pieces);
    return code ? fail(code, folder, err) : 0;
}
