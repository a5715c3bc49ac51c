/* SPDX-License-Identifier: MIT */
/* verdict: none
 * Two threads write their parts of a line one after the other: conditions say whose turn it is, a
 * few times. */
#include <threads.h>

enum { WRITES = 300000, TURNS = 4 };
static _Alignas(64) struct {
    volatile long first, second;
} parts;
static _Alignas(256) struct {
    mtx_t lock;
    cnd_t changed;
    int turn;
} order;

static void await_turn(int turn)
{
    mtx_lock(&order.lock);
    while (order.turn != turn)
        cnd_wait(&order.changed, &order.lock);
    mtx_unlock(&order.lock);
}

static void end_turn(void)
{
    mtx_lock(&order.lock);
    order.turn++;
    cnd_signal(&order.changed);
    mtx_unlock(&order.lock);
}

static void write_part(volatile long *part, int first_turn)
{
    for (int turn = first_turn; turn < TURNS; turn += 2) {
        await_turn(turn);
        for (long i = 0; i < WRITES; i++)
            ++*part;
        end_turn();
    }
}

static int write_second(void *unused)
{
    (void)unused;
    write_part(&parts.second, 1);
    return 0;
}

int main(void)
{
    thrd_t writer;
    mtx_init(&order.lock, mtx_plain);
    cnd_init(&order.changed);
    thrd_create(&writer, write_second, NULL);
    write_part(&parts.first, 0);
    thrd_join(writer, NULL);
    return 0;
}
