/* SPDX-License-Identifier: MIT
 * The circle method: everybody meets everybody once, nobody twice in a round. */
#include "tests/test.h"

#include "probes/matrix/tournament.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 1024 };

/* 0, or what is wrong. */
static const char *fault(unsigned n, char *met, unsigned *last)
{
    unsigned games = 0;
    memset(met, 0, (size_t)n * n);
    memset(last, 0, n * sizeof *last);
    for (unsigned r = 0; r < tournament_rounds(n); r++)
        for (unsigned g = 0; g < tournament_games(n); g++, games++) {
            unsigned a = n, b = n;
            tournament_game(n, r, g, &a, &b);
            if (!(a < b && b < n))
                return "no two players";
            if (met[a * n + b]++)
                return "two meet again";
            if (last[a] == r + 1 || last[b] == r + 1)
                return "one plays twice in a round";
            last[a] = last[b] = r + 1;
        }
    return games == n * (n - 1) / 2 ? NULL : "not everybody met everybody";
}

static void everybody_meets_everybody_once(void **state)
{
    (void)state;
    char *met = malloc((size_t)MOST * MOST);
    unsigned last[MOST];
    assert_non_null(met);
    /* All small ones, then as many as run in a second, with the ends. */
    for (unsigned n = 2; n <= MOST; n += n < 130 ? 1 : n < 1000 ? 61 : 1) {
        const char *why = fault(n, met, last);
        if (why)
            fail_msg("%u players: %s", n, why);
    }
    free(met);
}

static void rounds_are_as_few_as_can_be(void **state)
{
    (void)state;
    assert_int_equal(tournament_rounds(0), 0);
    assert_int_equal(tournament_rounds(1), 0);
    assert_int_equal(tournament_rounds(2), 1);
    assert_int_equal(tournament_rounds(3), 3);
    assert_int_equal(tournament_rounds(64), 63);
    assert_int_equal(tournament_rounds(1024), 1023);
    assert_int_equal(tournament_games(1024), 512);
    assert_int_equal(tournament_games(7), 3);
}
