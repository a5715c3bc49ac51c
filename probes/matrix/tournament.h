/* SPDX-License-Identifier: MIT
 * Round robin: every two of n players meet once, as many at the same time as possible. Arithmetic
 * only.
 *
 * The circle method (Kirkman 1847; Lucas, Récréations mathématiques II, 1883): one player stays,
 * the others move round. n even: n - 1 rounds of n / 2 games; n odd: n rounds, in each of which
 * another player rests. */
#ifndef PROBES_MATRIX_TOURNAMENT_H
#define PROBES_MATRIX_TOURNAMENT_H

#include <stdbool.h>

unsigned tournament_rounds(unsigned players); /* 0 for fewer than two */
unsigned tournament_games(unsigned players);  /* in a round; a player who rests has none */

/* The two players of a game, *a < *b; game < tournament_games(players). */
void tournament_game(unsigned players, unsigned round, unsigned game, unsigned *a, unsigned *b);

#endif
