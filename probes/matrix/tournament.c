/* SPDX-License-Identifier: MIT
 * The circle method. */
#include "probes/matrix/tournament.h"

#include <assert.h>

unsigned tournament_rounds(unsigned players)
{
    return players < 2 ? 0 : players % 2 ? players : players - 1;
}

unsigned tournament_games(unsigned players)
{
    return players / 2;
}

/* On a circle of m (odd) places, those meet whose places sum to twice the round's; the one that
 * would meet itself meets the player in the middle, or rests. */
void tournament_game(unsigned players, unsigned round, unsigned game, unsigned *a, unsigned *b)
{
    assert(players >= 2);
    const unsigned m = tournament_rounds(players);
    const bool middle = players % 2 == 0 && game == players / 2 - 1;
    const unsigned x = middle ? round : (round + game + 1) % m;
    const unsigned y = middle ? players - 1 : (round + m - game - 1) % m;
    *a = x < y ? x : y;
    *b = x < y ? y : x;
}
