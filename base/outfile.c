/* SPDX-License-Identifier: MIT
 * Files that appear whole or not at all. */
#include "base/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINKS_MAX = 40 /* the kernel's limit, path_resolution(7) */, TRIES_MAX = 100 };

/* The target of the link `path`, seen from the link's own folder. NULL with errno. */
static char *link_target(const char *path)
{
    char target[PATH_MAX];
    const ssize_t size = readlink(path, target, sizeof(target) - 1);
    if (size < 0)
        return NULL;
    target[size] = '\0';
    const char *slash = strrchr(path, '/');
    const int folder = target[0] == '/' || !slash ? 0 : (int)(slash - path) + 1;
    char *joined = NULL;
    return asprintf(&joined, "%.*s%s", folder, path, target) < 0 ? NULL : joined;
}

/* Not realpath(), which fails for a link whose target is yet to be written. The caller frees it. */
static char *follow_links(const char *path)
{
    char *at = strdup(path);
    struct stat st;
    for (int i = 0; at && lstat(at, &st) == 0 && S_ISLNK(st.st_mode); i++) {
        char *target = i < LINKS_MAX ? link_target(at) : NULL;
        if (i >= LINKS_MAX)
            errno = ELOOP;
        free(at);
        at = target;
    }
    return at;
}

/* ".NAME.XXXXXX" in the same folder, since rename() does not cross file systems. */
static char *beside_name(const char *path)
{
    static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    unsigned char dice[6];
    if (getrandom(dice, sizeof(dice), 0) != sizeof(dice))
        return NULL;
    char tail[sizeof(dice) + 1] = {0};
    for (size_t i = 0; i < sizeof(dice); i++)
        tail[i] = letters[dice[i] % (sizeof(letters) - 1)];
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const int name_max = NAME_MAX - (int)sizeof(dice) - 2;
    char *beside = NULL;
    const int made =
        asprintf(&beside, "%.*s.%.*s.%s", (int)(name - path), path, name_max, name, tail);
    return made < 0 ? NULL : beside;
}

/* A file in the folder of `path` that no signal leaves behind, since it has no name. It gets one by
 * /proc. -1 where there is no such thing. */
static int open_unnamed(const char *path)
{
    const char *const slash = strrchr(path, '/');
    char folder[PATH_MAX];
    const int length = slash
                           ? snprintf(folder, sizeof folder, "%.*s", (int)(slash - path) + 1, path)
                           : snprintf(folder, sizeof folder, ".");
    return length < (int)sizeof folder && access("/proc/self/fd", X_OK) == 0
               ? open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666)
               : -1;
}

/* 0 or errno. */
static int name_file(struct outfile *out)
{
    char own[64];
    snprintf(own, sizeof own, "/proc/self/fd/%d", fileno(out->stream));
    for (int i = 0; i < TRIES_MAX; i++) {
        out->beside = beside_name(out->path);
        if (!out->beside)
            return errno;
        if (linkat(AT_FDCWD, own, AT_FDCWD, out->beside, AT_SYMLINK_FOLLOW) == 0)
            return 0;
        free(out->beside);
        out->beside = NULL;
        if (errno != EEXIST)
            return errno;
    }
    return EEXIST;
}

/* Not mkstemp(), whose mode 0600 could only be undone by reading the umask, which changes it for
 * all threads. */
static int open_beside(struct outfile *out)
{
    const int unnamed = open_unnamed(out->path);
    out->unnamed = unnamed >= 0;
    if (out->unnamed)
        return unnamed;
    for (int i = 0; i < TRIES_MAX; i++) {
        out->beside = beside_name(out->path);
        const int fd =
            out->beside ? open(out->beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666) : -1;
        if (fd >= 0 || !out->beside || errno != EEXIST)
            return fd;
        free(out->beside);
        out->beside = NULL;
    }
    return -1;
}

static bool same_file(const struct stat *st, int fd)
{
    struct stat own;
    return fstat(fd, &own) == 0 && own.st_dev == st->st_dev && own.st_ino == st->st_ino;
}

/* /dev/stdout may lead to a regular file; replacing that would lose what was printed before, and
 * opening it anew would overwrite it from its start. */
static int standard_stream(const struct stat *st)
{
    for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
        if (same_file(st, fd))
            return fd;
    return -1;
}

static int fail_with(int code)
{
    errno = code;
    return -1;
}

/* What is thrown away (/dev/null) is not in the way of what is printed. */
static int open_stream(int own, struct outfile *out)
{
    struct stat st;
    out->is_stdout =
        own == STDOUT_FILENO && (fstat(own, &st) != 0 || !S_ISCHR(st.st_mode) || isatty(own));
    return fcntl(own, F_DUPFD_CLOEXEC, 0);
}

static int open_file(const char *path, struct outfile *out)
{
    struct stat st;
    if (strcmp(path, "-") == 0)
        return open_stream(STDOUT_FILENO, out);
    const bool exists = stat(path, &st) == 0;
    if (!exists && errno != ENOENT)
        return -1;
    const size_t length = strlen(path);
    if (exists ? S_ISDIR(st.st_mode) : length > 0 && path[length - 1] == '/')
        return fail_with(EISDIR);
    const int own = exists ? standard_stream(&st) : -1;
    if (own >= 0)
        return open_stream(own, out);
    if (exists && !S_ISREG(st.st_mode))
        return open(path, O_WRONLY | O_CLOEXEC);
    /* rename() would replace a file that its owner made read-only. */
    if (length == 0 || (exists && eaccess(path, W_OK) != 0))
        return length == 0 ? fail_with(ENOENT) : -1;
    char *target = follow_links(path);
    if (!target)
        return -1;
    free(out->path);
    out->path = target;
    return open_beside(out);
}

static void forget_paths(struct outfile *out)
{
    free(out->path);
    free(out->beside);
    *out = (struct outfile){0};
}

int outfile_open(const char *option, const char *path, struct outfile *out, struct err *err)
{
    *out = (struct outfile){.path = strdup(path), .option = option};
    errno = ENOMEM;
    const int fd = out->path ? open_file(path, out) : -1;
    out->stream = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (out->stream)
        return 0;
    const int code = errno;
    if (fd >= 0)
        close(fd);
    if (fd >= 0 && out->beside)
        unlink(out->beside);
    forget_paths(out);
    return err_set(err, -code, "%s: cannot write '%s': %s", option, path, strerror(code));
}

int outfile_flush(FILE *stream)
{
    errno = 0;
    if (fflush(stream) != 0)
        return -errno;
    if (!ferror(stream))
        return 0;
    /* glibc drops the buffer that could not be written, and with it the reason, which one more byte
     * meets again. The file is lost in any case. */
    return fputc('\n', stream) == EOF || fflush(stream) != 0 ? -errno : -EIO;
}

/* errno of the first thing that went wrong, else 0. The stream is closed in any case. */
static int close_stream(struct outfile *out)
{
    int code = -outfile_flush(out->stream);
    if (!code && (out->beside || out->unnamed) && fsync(fileno(out->stream)) != 0)
        code = errno;
    if (!code && out->unnamed)
        code = name_file(out);
    if (fclose(out->stream) != 0 && !code)
        code = errno;
    out->stream = NULL;
    return code;
}

int outfile_commit(struct outfile *out, struct err *err)
{
    int code = close_stream(out);
    if (!code && out->beside && rename(out->beside, out->path) != 0)
        code = errno;
    if (code)
        err_set(err, -code, "%s: cannot write '%s': %s", out->option, out->path, strerror(code));
    if (code && out->beside)
        unlink(out->beside);
    forget_paths(out);
    return -code;
}

void outfile_discard(struct outfile *out)
{
    if (!out->stream)
        return;
    fclose(out->stream);
    if (out->beside)
        unlink(out->beside);
    forget_paths(out);
}
