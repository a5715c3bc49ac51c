/* SPDX-License-Identifier: MIT
 * Two threads with a database in memory each, as a server has one for each client: sqlite's counts
 * of memory and its page cache are shared by all. What is printed is the same in every run. */
#include "sqlite3.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS = 2, ROUNDS = 10 };

struct client {
    pthread_t thread;
    char sum[32];
};

static const char *const make =
    "CREATE TABLE item(id INTEGER PRIMARY KEY, word TEXT, size INTEGER);"
    "CREATE INDEX by_word ON item(word);";
static const char *const change =
    "BEGIN;"
    "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM n WHERE i<2000)"
    " INSERT INTO item(word, size) SELECT hex(i*7919%1009)||'-word', i*i%97 FROM n;"
    "UPDATE item SET size=size+1 WHERE id%3=0;"
    "DELETE FROM item WHERE id%7=0;"
    "COMMIT;";
static const char *const count =
    "SELECT sum(a.size*b.size) FROM item a JOIN item b ON a.word=b.word WHERE a.id%5=0;";

static int keep(void *sum, int columns, char **value, char **name)
{
    (void)columns;
    (void)name;
    snprintf(sum, sizeof((struct client *)0)->sum, "%s", value[0]);
    return 0;
}

static void run(sqlite3 *db, const char *sql, struct client *me)
{
    char *why = NULL;
    if (sqlite3_exec(db, sql, keep, me->sum, &why) == SQLITE_OK)
        return;
    fprintf(stderr, "sqlite_threads: %s\n", why);
    exit(1);
}

static void *work(void *client)
{
    sqlite3 *db;
    if (sqlite3_open(":memory:", &db) != SQLITE_OK)
        exit(1);
    run(db, make, client);
    for (int i = 0; i < ROUNDS; i++) {
        run(db, change, client);
        run(db, count, client);
    }
    sqlite3_close(db);
    return NULL;
}

int main(void)
{
    struct client client[THREADS];
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&client[i].thread, NULL, work, &client[i]) != 0)
            abort();
    for (int i = 0; i < THREADS; i++) {
        pthread_join(client[i].thread, NULL);
        printf("%s\n", client[i].sum);
    }
    return 0;
}
