/* SPDX-License-Identifier: MIT
 * Opening a recording: reading its two files and unpacking the pieces. */
#include "machine/recording.h"

#include "base/cpuset.h"
#include "machine/recording_text.h"
#include "machine/system/sysfile.h"
#include "machine/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct recording {
    char root[SYSFILE_PATH / 4];
    json_t *manifest;
    struct recording_quiet *quiet;
};

struct recording_quiet {
    sigset_t before;
};

struct recording_quiet *recording_quiet_begin(void)
{
    sigset_t ends;
    struct recording_quiet *const quiet = calloc(1, sizeof *quiet);
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    sigaddset(&ends, SIGPIPE);
    if (quiet)
        sigprocmask(SIG_BLOCK, &ends, &quiet->before);
    return quiet;
}

void recording_quiet_end(struct recording_quiet *quiet)
{
    if (quiet)
        sigprocmask(SIG_SETMASK, &quiet->before, NULL);
    free(quiet);
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *at)
{
    (void)status, (void)kind, (void)at;
    return remove(path) == 0 ? 0 : -1;
}

void recording_remove(const char *folder)
{
    enum { DESCRIPTORS = 16 };
    if (*folder)
        nftw(folder, remove_entry, DESCRIPTORS, FTW_DEPTH | FTW_PHYS);
}

bool recording_is_named(const char *source)
{
    struct stat status;
    return stat(source, &status) == 0 && S_ISDIR(status.st_mode);
}

/* hwloc's sets have a bit for each index up to the largest, and it takes indices from the names of
 * folders and from lists of cpus. */
static bool is_too_large(const struct piece *piece)
{
    static const char *const places[] = {
        "/sys/devices/system/cpu/cpu", "/sys/devices/system/node/node"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (strncmp(piece->path, places[i], strlen(places[i])) == 0 &&
            strtod(piece->path + strlen(places[i]), NULL) >= CPUSET_MAX)
            return true;
    const char *const name = strrchr(piece->path, '/') + 1;
    struct cpuset set = {0};
    if (strcmp(name, "online") != 0 && strcmp(name, "possible") != 0 && strcmp(name, "cpus") != 0 &&
        strncmp(name, "cpuset.", 7) != 0)
        return false;
    char *const text = strndup(piece->text, strcspn(piece->text, "\n"));
    const bool is_bad = !text || (*text && cpuset_parse(text, &set, NULL) != 0);
    free(text);
    cpuset_fini(&set);
    return is_bad;
}

/* Makes the folders of a path. */
static int make_folders(char *path, size_t from)
{
    for (char *slash = path + from; (slash = strchr(slash + 1, '/')) != NULL;) {
        *slash = '\0';
        const bool failed = mkdir(path, 0700) != 0 && errno != EEXIST;
        *slash = '/';
        if (failed)
            return -errno;
    }
    return 0;
}

/* The tree is new and has no links, so that no path leads out of it. */
static int unpack_piece(const char *root, const struct piece *piece)
{
    char path[SYSFILE_PATH];
    if ((size_t)snprintf(path, sizeof path, "%s%s", root, piece->path) >= sizeof path)
        return -ENAMETOOLONG;
    const int code = make_folders(path, strlen(root));
    const int fd = code ? -1 : open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (code || fd < 0)
        return code ? code : -errno;
    const ssize_t written = write(fd, piece->text, piece->length);
    const int wrong = written < 0 ? -errno : (size_t)written < piece->length ? -ENOSPC : 0;
    close(fd);
    return wrong;
}

static int unpack_pieces(const char *root, const struct pieces *pieces, struct err *err)
{
    for (size_t i = 0; i < pieces->count; i++) {
        const struct piece *const piece = &pieces->piece[i];
        if (is_too_large(piece))
            return err_set(err, -ENOEXEC,
                "%.200s has more than %d cpus or is not a list of them, which no machine has",
                piece->path, CPUSET_MAX);
        const int code = unpack_piece(root, piece);
        if (code == -EEXIST || code == -EISDIR || code == -ENOTDIR)
            return err_set(err, -ENOEXEC, "%.200s is there twice", piece->path);
        if (code)
            return err_set(err, code, "cannot be unpacked to %s (TMPDIR names another place): %s",
                temporary_place(), strerror(-code));
    }
    return 0;
}

/* No FIFO, whose other end it would wait for with signals held back, and no device. NULL with *why.
 */
static FILE *open_file(const char *path, const char **why)
{
    struct stat status;
    const bool is_there = stat(path, &status) == 0, is_file = is_there && S_ISREG(status.st_mode);
    FILE *const in = is_file ? fopen(path, "re") : NULL;
    *why = is_there && !is_file ? "not a file" : strerror(errno);
    return in;
}

static int unpack_text(struct recording *r, const char *path, struct err *err)
{
    struct pieces pieces = {0};
    const char *why;
    FILE *const in = open_file(path, &why);
    if (!in)
        return err_set(err, -ENOEXEC, "'%.150s': %s", path, why);
    int code = recording_text_read(in, path, &pieces, err);
    fclose(in);
    if (!code) {
        const int made = temporary_folder(r->root, sizeof r->root);
        if (made)
            *r->root = '\0';
        code = made ? err_set(err, made, "no folder in %s: %s", temporary_place(), strerror(-made))
                    : unpack_pieces(r->root, &pieces, err);
    }
    pieces_fini(&pieces);
    return code;
}

static int read_manifest(struct recording *r, const char *path, struct err *err)
{
    json_error_t wrong;
    const char *why;
    FILE *const in = open_file(path, &why);
    if (!in)
        return err_set(err, -ENOEXEC, "no recording is there ('%.150s': %s)", path, why);
    r->manifest = json_loadf(in, 0, &wrong);
    fclose(in);
    if (!r->manifest)
        return err_set(
            err, -ENOEXEC, "'%.150s', line %d: not JSON: %.80s", path, wrong.line, wrong.text);
    const json_t *const schema = json_object_get(r->manifest, "schema");
    if (json_integer_value(schema) == RECORDING_SCHEMA)
        return 0;
    if (!json_is_integer(schema))
        return err_set(err, -ENOEXEC, "'%.150s' is not the manifest of a recording", path);
    return err_set(err, -ENOEXEC,
        "'%.150s' has schema %lld, and this numaprobe knows %d; use the version that recorded it",
        path, (long long)json_integer_value(schema), RECORDING_SCHEMA);
}

static int read_parts(struct recording *r, const char *folder, struct err *err)
{
    char path[SYSFILE_PATH];
    snprintf(path, sizeof path, "%.4000s/manifest.json", folder);
    int code = read_manifest(r, path, err);
    snprintf(path, sizeof path, "%.4000s/files.txt", folder);
    if (!code)
        code = unpack_text(r, path, err);
    return code;
}

int recording_open(const char *folder, struct recording **out, struct err *err)
{
    struct err why = {0};
    struct recording *const r = calloc(1, sizeof *r);
    *out = NULL;
    if (!r)
        return err_set(err, -ENOMEM, "out of memory for a recording");
    r->quiet = recording_quiet_begin();
    const int code = r->quiet ? read_parts(r, folder, &why) : -ENOMEM;
    if (!code) {
        *out = r;
        return 0;
    }
    recording_close(r);
    return err_set(err, code == -ENOMEM ? code : -ENOEXEC,
        "--topology: cannot read the recording '%.100s': %s%s", folder,
        *why.text ? why.text : strerror(-code), "; 'numaprobe topo --record DIR' makes one");
}

void recording_close(struct recording *recording)
{
    if (!recording)
        return;
    recording_remove(recording->root);
    json_decref(recording->manifest);
    recording_quiet_end(recording->quiet);
    free(recording);
}

const char *recording_root(const struct recording *recording)
{
    return recording->root;
}

json_t *recording_value(const struct recording *recording, const char *name)
{
    return json_object_get(recording->manifest, name);
}
