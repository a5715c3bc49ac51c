/* SPDX-License-Identifier: MIT
 * processes MAPPING HOW: two processes count in memory that they share, of a mapping made as
 * MAPPING: anonymous, memfd, shm, sysv or file. HOW: beside (two words of a line), apart (on two
 * lines), same (one word), locked (as beside, under a lock that they share), after (as beside, the
 * second process when the first one has ended) or exec (as beside, by this program, executed; of a
 * memfd, which has the number 20). */
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TIMES = 30000000, LOCKED_TIMES = 300000, BYTES = 8192, WORDS = 32, FAR = 16, KEPT = 20 };

struct area {
    pthread_mutex_t lock;
    volatile long count[WORDS] __attribute__((aligned(256)));
};

static int file_of(const char *mapping)
{
    int fd = -1;
    char path[] = "./sharedXXXXXX", name[32];
    snprintf(name, sizeof name, "/processes-%d", getpid());
    if (strcmp(mapping, "memfd") == 0)
        fd = dup2(memfd_create("tallies", 0), KEPT);
    else if (strcmp(mapping, "shm") == 0 && (fd = shm_open(name, O_RDWR | O_CREAT, 0600)) >= 0)
        shm_unlink(name);
    else if (strcmp(mapping, "file") == 0 && (fd = mkstemp(path)) >= 0)
        unlink(path);
    if (fd >= 0 && ftruncate(fd, BYTES))
        exit(1);
    return fd;
}

static struct area *map_file(int fd)
{
    const int flags = MAP_SHARED | (fd < 0 ? MAP_ANONYMOUS : 0);
    return mmap(NULL, BYTES, PROT_READ | PROT_WRITE, flags, fd, 0);
}

static struct area *map(const char *mapping)
{
    if (strcmp(mapping, "sysv") != 0)
        return map_file(file_of(mapping));
    const int id = shmget(IPC_PRIVATE, BYTES, 0600 | IPC_CREAT);
    struct area *const at = shmat(id, NULL, 0);
    shmctl(id, IPC_RMID, NULL);
    return at;
}

static int count(struct area *area, int which, bool locked)
{
    for (int i = 0; i < (locked ? LOCKED_TIMES : TIMES); i++) {
        if (locked)
            pthread_mutex_lock(&area->lock);
        area->count[which]++;
        if (locked)
            pthread_mutex_unlock(&area->lock);
    }
    return 0;
}

int main(int argc, char **argv)
{
    const char *const how = argc > 2 ? argv[2] : "beside";
    if (argc > 3) /* what "exec" executes */
        return count(map_file(KEPT), atoi(argv[3]), false);
    struct area *const area = map(argv[1]);
    if ((void *)area == MAP_FAILED)
        return 1;
    pthread_mutexattr_t shared;
    pthread_mutexattr_init(&shared);
    pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&area->lock, &shared);
    const int second = strcmp(how, "apart") == 0 ? FAR : strcmp(how, "same") == 0 ? 0 : 1;
    for (int i = 0; i < 2; i++) {
        const pid_t child = fork();
        if (child == 0 && strcmp(how, "exec") == 0)
            execl("/proc/self/exe", argv[0], argv[1], how, i ? "1" : "0", (char *)NULL);
        if (child == 0)
            return count(area, i * second, strcmp(how, "locked") == 0);
        if (strcmp(how, "after") == 0)
            waitpid(child, NULL, 0);
    }
    while (wait(NULL) > 0)
        ;
    printf("%ld %ld\n", area->count[0], area->count[second]);
    return 0;
}
