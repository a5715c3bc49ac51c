/* SPDX-License-Identifier: MIT
 * The file is made and mapped when the program starts. Its space is reserved before the first
 * thread begins, since a full disk must not become a SIGBUS in the program. Each forked child has a
 * separate file. */
#include "runtime/base/recording.h"

#include "base/arch/arch.h"
#include "runtime/base/confine.h"
#include "runtime/base/plain_libc.h"
#include "runtime/base/real_libc.h"
#include "runtime/base/tag.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

struct record_header *record;
struct record_thread *record_threads;
struct record_module *record_modules;
struct line_stat *record_lines;
struct footprint *record_touches;
struct record_object *record_objects;

enum { MODULES = 256, THREADS = SLOTS, OBJECTS = 8192, LINES = 8192, TOUCHES = 24576 };
struct table_place {
    size_t table; /* offset of the struct record_table in the header */
    void *where;  /* the pointer to its entries */
    uint32_t bytes, capacity;
};
#define PLACE(table, entries, capacity)                                                            \
    {                                                                                              \
        offsetof(struct record_header, table), &entries, sizeof *entries, capacity                 \
    }
/* What every process needs comes first. */
static const struct table_place places[] = {PLACE(modules, record_modules, MODULES),
    PLACE(threads, record_threads, THREADS), PLACE(objects, record_objects, OBJECTS),
    PLACE(lines, record_lines, LINES), PLACE(touches, record_touches, TOUCHES)};
#undef PLACE
enum { PLACES = sizeof places / sizeof places[0] };

static int file = -1;
static char path[4096];
static struct stat made; /* identifies the file, since its number may be another file's by now */
static size_t file_bytes, early_bytes;
static bool reserved; /* all of the space that the file will need */

/* Space is reserved by whole pages, since a page of which the file system has only a part may be
 * refused at the access. */
static size_t page_bytes(size_t bytes)
{
    const size_t page = (size_t)getpagesize();
    return (bytes + page - 1) / page * page;
}

/* The mode of a file that is all there is of a process, for want of room; one that is empty and has
 * another is of a process that was killed before it began. */
enum { NO_ROOM = 0444 };

/* PID.rec, or PID-1.rec if the process had one before it called exec. Where the process may not
 * open another file, an empty one is left that is marked as above: by the system call, since mknod
 * of glibc before 2.33 calls what newer static ones do not have. */
static int create_file(void)
{
    const char *folder = secure_getenv("NUMAPROBE_RECORD");
    for (unsigned i = 0; folder && i < 10000; i++) {
        const int length = i ? snprintf(path, sizeof path, "%s/%d-%u.rec", folder, getpid(), i)
                             : snprintf(path, sizeof path, "%s/%d.rec", folder, getpid());
        if (length >= (int)sizeof path)
            return -1;
        const int f = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (f < 0 && (errno == EMFILE || errno == ENFILE))
            NEXT(syscall)(SYS_mknodat, AT_FDCWD, path, S_IFREG | NO_ROOM, 0);
        if (f >= 0 || errno != EEXIST)
            return f;
    }
    return -1;
}

/* Beyond a limit of file sizes, the kernel would send SIGXFSZ. */
static bool is_allowed(size_t bytes)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur >= bytes;
}

/* Programs close files that they do not know, and then use their numbers. */
static bool is_open(void)
{
    struct stat now;
    return file >= 0 && fstat(file, &now) == 0 && now.st_dev == made.st_dev &&
           now.st_ino == made.st_ino;
}

static void drop_file(void)
{
    if (is_open())
        close(file);
    file = -1;
}

static int reserve_bytes(size_t bytes)
{
    return is_allowed(bytes) ? posix_fallocate(file, 0, (off_t)bytes) : EFBIG;
}

/* A high number is out of the way of programs that count on the numbers of their files, or may open
 * only a few. Where there is none the file is closed: recording_reserve opens it again. */
static int move_up(int f)
{
    const int high = fcntl(f, F_DUPFD_CLOEXEC, 1000);
    const int better = high >= 0 ? high : fcntl(f, F_DUPFD_CLOEXEC, 100);
    close(f);
    return better;
}

static void measure_file(void)
{
    size_t at = page_bytes(sizeof(struct record_header));
    for (size_t i = 0; i < PLACES; i++) {
        at += page_bytes((size_t)places[i].bytes * places[i].capacity);
        if (i == 0)
            early_bytes = at;
    }
    file_bytes = at;
}

static void place_tables(char *base)
{
    size_t at = page_bytes(sizeof(struct record_header));
    record = (struct record_header *)base;
    for (size_t i = 0; i < PLACES; i++) {
        struct record_table *table = (struct record_table *)(base + places[i].table);
        *table = (struct record_table){
            .offset = at, .bytes = places[i].bytes, .capacity = places[i].capacity};
        *(char **)places[i].where = base + at;
        at += page_bytes((size_t)places[i].bytes * places[i].capacity);
    }
}

static void read_words(void)
{
    const int f = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    const ssize_t n = f < 0 ? 0 : read(f, record->argv, sizeof record->argv - 1);
    record->argv_bytes = n > 0 ? (uint32_t)n : 0;
    if (f >= 0)
        close(f);
    const ssize_t length = readlink("/proc/self/exe", record->exe, sizeof record->exe - 1);
    record->exe[length > 0 ? length : 0] = 0;
}

static void fill_header(void)
{
    record->version = RECORD_VERSION;
    record->bytes = sizeof *record;
    record->pid = (uint32_t)getpid();
    record->parent = (uint32_t)getppid();
    record->start_ns = record->last_ns = plain_now_ns();
    record->start_tick = record->last_tick = arch_ticks();
    record->start_unix_s = (uint64_t)time(NULL);
    read_words();
    __atomic_store_n(&record->magic, RECORD_MAGIC, __ATOMIC_RELEASE);
}

/* A new file's mapping at `at`, or anywhere for NULL, by the thread with this slot (0: none). */
static char *open_map(void *at, uint32_t slot)
{
    char *base = MAP_FAILED;
    file = create_file();
    if (file < 0 || fstat(file, &made) != 0)
        return NULL;
    /* Of the threads' entries, up to that of the only thread. */
    const size_t early = page_bytes(early_bytes + (slot + 1) * sizeof(struct record_thread));
    if (is_allowed(file_bytes) && reserve_bytes(early) == 0 &&
        ftruncate(file, (off_t)file_bytes) == 0)
        base = real_mmap(
            at, file_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | (at ? MAP_FIXED : 0), file, 0);
    if (base == MAP_FAILED && ftruncate(file, 0) != 0)
        unlink(path);
    file = move_up(file);
    if (base != MAP_FAILED)
        return base;
    drop_file();
    return NULL;
}

/* The header alone, with the reason why there is nothing else, if there is room for that much. */
static void write_reason(void)
{
    const int f = is_allowed(sizeof *record) ? open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
    snprintf(record->note, sizeof record->note,
        "a limit on the size of files (ulimit -f) is below the %zu MB of a recording; nothing was "
        "seen",
        file_bytes >> 20);
    record->ended = RECORD_EXITED; /* its end will not be recorded */
    if (f >= 0 && write(f, record, sizeof *record) != (ssize_t)sizeof *record)
        unlink(path);
    if (f >= 0)
        close(f);
}

/* Begins a recording at `at`, or anywhere for NULL. Whatever fails, a forked child must not write
 * into its parent's: then private memory takes its place, and false is returned. */
static bool begin_recording(void *at, uint32_t slot)
{
    char *base = confine_is_on() ? NULL : open_map(at, slot);
    const bool mapped = base != NULL;
    if (!mapped)
        base = real_mmap(at, file_bytes, PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | (at ? MAP_FIXED : 0), -1, 0);
    if (base == MAP_FAILED)
        return false;
    place_tables(base);
    reserved = !mapped;
    if (confine_is_on())
        return false;
    fill_header();
    if (!mapped && !is_allowed(file_bytes))
        write_reason();
    if (!mapped)
        chmod(path, NO_ROOM);
    return mapped;
}

bool recording_init(void)
{
    measure_file();
    return begin_recording(NULL, 0);
}

bool recording_reserve(void)
{
    if (reserved)
        return true;
    if (!is_open())
        file = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    const int failed = file < 0 ? errno : is_open() ? reserve_bytes(file_bytes) : ESTALE;
    drop_file();
    reserved = !failed;
    if (reserved)
        return true;
    snprintf(record->note, sizeof record->note,
        "no space for the recording (%zu MB): %s; nothing was seen", file_bytes >> 20,
        strerror(failed));
    return false;
}

/* The parent's mapping is replaced at the same place, so that no pointer changes. */
void recording_fork(uint32_t slot)
{
    static struct record_module modules[MODULES];
    static struct record_share shares[RECORD_SHARES];
    const uint32_t count = record->modules.count, mode = record->mode, shared = record->shares;
    plain_copy(shares, record->share, sizeof shares);
    for (uint32_t i = 0; i < count; i++)
        plain_copy(&modules[i], &record_modules[i], sizeof modules[i]);
    drop_file();
    if (confine_is_on() && !record->note[0])
        plain_text(record->note, sizeof record->note,
            "its forked children were not, since it had forbidden itself system calls (seccomp)");
    begin_recording(record, slot);
    record->mode = mode;
    record->shares = shared;
    plain_copy(record->share, shares, sizeof shares);
    record->modules.count = count;
    for (uint32_t i = 0; i < count; i++)
        plain_copy(&record_modules[i], &modules[i], sizeof modules[i]);
}
