/* SPDX-License-Identifier: MIT
 * Confines itself to the system calls that libc needs for malloc, threads and exit, and works on
 * threads before and after: confined [late], where its first thread comes after. Any other system
 * call kills it. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ROUNDS = 200000, THREADS = 4, BIG = 1 << 20 };
static struct {
    _Alignas(64) volatile long first, second;
} words;
static pthread_barrier_t confined;

static void *work(void *word)
{
    for (int i = 0; i < ROUNDS; i++) {
        *(volatile long *)word += 1;
        if (i % (ROUNDS / 8) == 0) {
            char *block = malloc(BIG);
            block[BIG / 2] = 1;
            free(block);
        }
    }
    return NULL;
}

static void *wait_and_work(void *word)
{
    pthread_barrier_wait(&confined);
    return work(word);
}

#define ALLOW(number)                                                                              \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
static void confine(void)
{
    struct sock_filter steps[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)), ALLOW(SYS_futex),
        ALLOW(SYS_write), ALLOW(SYS_mmap), ALLOW(SYS_munmap), ALLOW(SYS_mprotect), ALLOW(SYS_brk),
        ALLOW(SYS_clone), ALLOW(SYS_clone3), ALLOW(SYS_set_robust_list), ALLOW(SYS_rseq),
        ALLOW(SYS_rt_sigprocmask), ALLOW(SYS_rt_sigaction), ALLOW(SYS_exit), ALLOW(SYS_exit_group),
        ALLOW(SYS_madvise), /* glibc, of the stack of a thread that ends */
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)};
    const struct sock_fprog program = {sizeof steps / sizeof *steps, steps};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) != 0)
        _exit(77);
}

int main(int argc, char **argv)
{
    pthread_t thread[THREADS];
    const int before = argc > 1 ? 0 : THREADS / 2;
    (void)argv;
    setvbuf(stdout, NULL, _IONBF, 0);
    void *volatile block = malloc(1); /* the first one needs random numbers */
    free(block);
    pthread_barrier_init(&confined, NULL, (unsigned)before + 1);
    for (int i = 0; i < before; i++)
        pthread_create(
            &thread[i], NULL, wait_and_work, (void *)(i % 2 ? &words.second : &words.first));
    confine();
    pthread_barrier_wait(&confined);
    for (int i = before; i < THREADS; i++)
        pthread_create(&thread[i], NULL, work, (void *)(i % 2 ? &words.second : &words.first));
    for (int i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
    printf("%s\n", words.first + words.second > ROUNDS ? "done" : "lost");
    return 0;
}
