/* SPDX-License-Identifier: MIT
 * base/outfile: whole or not at all, on a disk that may be full, through links, pipes and devices.
 */
#include "tests/test.h"

#include "base/outfile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static int set_up(void **state)
{
    char template[] = "/tmp/test_outfile.XXXXXX";
    if (!mkdtemp(template) || chdir(template) != 0)
        return -1;
    *state = strdup(template);
    return 0;
}

static int tear_down(void **state)
{
    char command[100];
    if (getuid() == 0 && seteuid(0) != 0)
        return -1;
    snprintf(command, sizeof(command), "rm -rf '%s'", (char *)*state);
    free(*state);
    umount2("small", MNT_DETACH); /* left by a test that failed */
    return chdir("/") != 0 || system(command) != 0;
}

static size_t files_here(void)
{
    size_t count = 0;
    DIR *here = opendir(".");
    for (const struct dirent *entry; (entry = readdir(here));)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(here);
    return count;
}

static void check_content(const char *path, const char *want)
{
    char text[100] = "";
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    fread(text, 1, sizeof(text) - 1, in);
    fclose(in);
    assert_string_equal(text, want);
}

static void write_file(const char *path, const char *text)
{
    struct outfile out;
    struct err err = {0};
    assert_int_equal(outfile_open("--csv", path, &out, &err), 0);
    fputs(text, out.stream);
    assert_int_equal(outfile_commit(&out, &err), 0);
    assert_null(out.stream);
    assert_null(out.path);
    outfile_discard(&out);
}

static void check_refused(const char *path, int code, const char *says)
{
    struct outfile out;
    struct err err = {0};
    assert_int_equal(outfile_open("--csv", path, &out, &err), code);
    assert_null(out.stream);
    assert_non_null(strstr(err.text, "--csv: cannot write '"));
    assert_non_null(strstr(err.text, says));
    outfile_discard(&out);
}

static void test_appears_whole(void **state)
{
    (void)state;
    struct outfile out;
    assert_int_equal(outfile_open("--csv", "a.csv", &out, NULL), 0);
    assert_int_not_equal(access("a.csv", F_OK), 0);
    if (out.unnamed)
        assert_int_equal(files_here(), 0); /* so that no signal leaves one */
    else
        assert_memory_equal(out.beside, ".a.csv.", 7);
    fputs("one\n", out.stream);
    assert_int_equal(outfile_commit(&out, NULL), 0);
    check_content("a.csv", "one\n");
    assert_int_equal(files_here(), 1);
}

static void test_discard_leaves_the_old(void **state)
{
    (void)state;
    write_file("a.csv", "old");
    struct outfile out;
    assert_int_equal(outfile_open("--csv", "a.csv", &out, NULL), 0);
    fputs("new", out.stream);
    outfile_discard(&out);
    outfile_discard(&out);
    check_content("a.csv", "old");
    assert_int_equal(files_here(), 1);
}

static void test_mode_follows_the_umask(void **state)
{
    (void)state;
    const mode_t before = umask(027);
    write_file("a.csv", "x");
    umask(before);
    struct stat st;
    assert_int_equal(stat("a.csv", &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
}

static void test_links_are_followed(void **state)
{
    (void)state;
    assert_int_equal(mkdir("folder", 0777), 0);
    write_file("folder/real.csv", "old");
    assert_int_equal(symlink("real.csv", "folder/second"), 0);
    assert_int_equal(symlink("folder/second", "first"), 0);
    write_file("first", "new");
    check_content("folder/real.csv", "new");
    struct stat st;
    assert_int_equal(lstat("first", &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_int_equal(symlink("folder/not-yet.csv", "dangling"), 0);
    write_file("dangling", "born");
    check_content("folder/not-yet.csv", "born");
    char absolute[200];
    snprintf(absolute, sizeof(absolute), "%s/folder/real.csv", (char *)*state);
    assert_int_equal(symlink(absolute, "folder/absolute"), 0);
    write_file("folder/absolute", "again");
    check_content("folder/real.csv", "again");
}

static void test_refusals(void **state)
{
    (void)state;
    assert_int_equal(mkdir("folder", 0777), 0);
    assert_int_equal(symlink("loop", "loop"), 0);
    write_file("file", "x");
    check_refused("folder", -EISDIR, "'folder': Is a directory");
    check_refused("nowhere/", -EISDIR, "Is a directory");
    check_refused("nowhere/a.csv", -ENOENT, "No such file");
    check_refused("", -ENOENT, "No such file");
    check_refused("file/a.csv", -ENOTDIR, "Not a directory");
    check_refused("loop", -ELOOP, "symbolic links");
    char name[300] = "";
    memset(name, 'x', sizeof(name) - 1);
    check_refused(name, -ENAMETOOLONG, "too long");
}

static void test_longest_name(void **state)
{
    (void)state;
    char name[256] = "";
    memset(name, 'x', sizeof(name) - 1);
    write_file(name, "fits");
    check_content(name, "fits");
}

/* Root may write everywhere: then the test runs as nobody, in a folder that is nobody's, until
 * tear_down. */
static void test_read_only(void **state)
{
    enum { NOBODY = 65534 };
    (void)state;
    if (geteuid() == 0)
        assert_true(chown(".", NOBODY, NOBODY) == 0 && seteuid(NOBODY) == 0);
    write_file("a.csv", "kept");
    assert_int_equal(chmod("a.csv", 0444), 0);
    check_refused("a.csv", -EACCES, "denied");
    assert_int_equal(mkdir("folder", 0555), 0);
    check_refused("folder/a.csv", -EACCES, "denied");
}

static void test_full_device(void **state)
{
    (void)state;
    struct outfile out;
    struct err err;
    if (access("/dev/full", W_OK) != 0)
        SKIP_BECAUSE("no /dev/full");
    assert_int_equal(outfile_open("--csv", "/dev/full", &out, &err), 0);
    assert_null(out.beside);
    fputs("x", out.stream);
    assert_int_equal(outfile_commit(&out, &err), -ENOSPC);
    assert_string_equal(err.text, "--csv: cannot write '/dev/full': No space left on device");
    assert_int_equal(access("/dev/full", F_OK), 0);
    assert_int_equal(outfile_open("--csv", "/dev/full", &out, &err), 0);
    for (int i = 0; i < 100000; i++)
        fputs("x", out.stream);
    assert_true(outfile_commit(&out, &err) < 0);
    /* A writer that stops at the first failure leaves nothing to flush. */
    assert_int_equal(outfile_open("--csv", "/dev/full", &out, &err), 0);
    while (fputs("x", out.stream) != EOF)
        ;
    assert_int_equal(outfile_commit(&out, &err), -ENOSPC);
    assert_int_equal(outfile_open("--csv", "/dev/full", &out, &err), 0);
    outfile_discard(&out);
    assert_int_equal(access("/dev/full", F_OK), 0);
}

/* On a file system of 64 KiB, where mounting is allowed. */
static void test_full_disk_keeps_the_old(void **state)
{
    (void)state;
    assert_int_equal(mkdir("small", 0777), 0);
    if (mount("tmpfs", "small", "tmpfs", 0, "size=64k") != 0)
        SKIP_BECAUSE("a tmpfs cannot be mounted here");
    write_file("small/a.csv", "old");
    struct outfile out;
    struct err err;
    assert_int_equal(outfile_open("--csv", "small/a.csv", &out, &err), 0);
    for (int i = 0; i < 200000; i++)
        putc('x', out.stream);
    assert_true(outfile_commit(&out, &err) < 0);
    assert_non_null(strstr(err.text, "--csv: cannot write 'small/a.csv': "));
    check_content("small/a.csv", "old");
    assert_int_equal(chdir("small"), 0);
    assert_int_equal(files_here(), 1);
    assert_int_equal(chdir(".."), 0);
    assert_int_equal(umount("small"), 0);
}

static void test_folder_gone_before_commit(void **state)
{
    (void)state;
    assert_int_equal(mkdir("folder", 0777), 0);
    struct outfile out;
    struct err err;
    assert_int_equal(outfile_open("--csv", "folder/a.csv", &out, &err), 0);
    assert_int_equal(rename("folder", "moved"), 0);
    assert_int_equal(outfile_commit(&out, &err), -ENOENT);
    assert_non_null(strstr(err.text, "folder/a.csv"));
    assert_null(out.stream);
}

static void test_pipe_is_written_directly(void **state)
{
    (void)state;
    assert_int_equal(mkfifo("pipe", 0666), 0);
    const int reader = open("pipe", O_RDONLY | O_NONBLOCK);
    write_file("pipe", "through");
    char text[20] = "";
    assert_int_equal(read(reader, text, sizeof(text)), 7);
    assert_string_equal(text, "through");
    close(reader);
    struct stat st;
    assert_int_equal(stat("pipe", &st), 0);
    assert_true(S_ISFIFO(st.st_mode));
}

static void test_broken_pipe(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(mkfifo("pipe", 0666), 0);
    const int reader = open("pipe", O_RDONLY | O_NONBLOCK);
    struct outfile out;
    struct err err;
    assert_int_equal(outfile_open("--csv", "pipe", &out, &err), 0);
    close(reader);
    fputs("x", out.stream);
    assert_int_equal(outfile_commit(&out, &err), -EPIPE);
}

/* `> file` makes /dev/stdout a regular file: it must neither be replaced nor overwritten. */
static void test_redirected_stdout(void **state)
{
    (void)state;
    fflush(stdout);
    const int kept = dup(STDOUT_FILENO);
    const int file = open("printed", O_WRONLY | O_CREAT, 0666);
    dup2(file, STDOUT_FILENO);
    const ssize_t before = write(STDOUT_FILENO, "before ", 7);
    struct outfile out;
    const int opened = outfile_open("--csv", "/dev/stdout", &out, NULL);
    if (opened == 0)
        fputs("csv", out.stream);
    const int committed = opened == 0 ? outfile_commit(&out, NULL) : -1;
    const ssize_t after = write(STDOUT_FILENO, " after", 6);
    dup2(kept, STDOUT_FILENO);
    close(kept);
    close(file);
    assert_int_equal(opened, 0);
    assert_int_equal(committed, 0);
    assert_int_equal(before + after, 13);
    check_content("printed", "before csv after");
}
