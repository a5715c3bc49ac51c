/* SPDX-License-Identifier: MIT
 * How often analysis/peers names a host that is off, and one that is healthy, in fleets made up:
 * the table of docs/fleet.md. Usage: bench_peers [FLEETS]. */
#include "tests/peers_made.h"

#include <stdio.h>

static void count_fleets(const struct made_fleet *f, int fleets)
{
    struct rng rng;
    int off = 0, healthy = 0;
    rng_seed(&rng, 1);
    for (int i = 0; i < fleets; i++) {
        const struct made_result r = made_fleet_judge(&rng, f);
        off += r.off;
        healthy += r.healthy;
    }
    printf("%5zu %7zu %6.1f%% %11.1f %-6s %-6s %+5.0f%% %8zu %5zu  %5.1f%% %6.1f%%\n", f->hosts,
        f->quantities, 100 * f->spread, f->correlation, f->heavy_tails ? "t(4)" : "normal",
        f->uneven      ? "uneven"
        : f->at_median ? "median"
                       : "",
        100 * f->off, f->off_quantities, made_off_hosts(f), 100.0 * off / fleets,
        100.0 * healthy / fleets);
}

static void vary(size_t hosts, size_t quantities, int fleets)
{
    const struct made_fleet base = {.hosts = hosts, .quantities = quantities, .spread = 0.02};
    struct made_fleet list[11];
    size_t n = 0;
    for (struct made_fleet f = base; n < 2; f.correlation = 0.5)
        list[n++] = f;
    list[n] = base, list[n++].uneven = true;
    list[n] = base, list[n++].heavy_tails = true;
    const size_t healthy = n;
    for (size_t i = 0; i < 2; i++)
        list[n] = list[i], list[n].off = 0.1, list[n++].off_quantities = 1;
    list[n] = list[healthy], list[n++].off = -0.1;
    list[n] = list[healthy], list[n++].at_median = true;
    list[n] = list[healthy], list[n++].spread = 0.015;
    list[n] = list[n - 1], list[n++].off_hosts = 2;
    list[n] = base, list[n].off = 0.04, list[n++].off_quantities = quantities;
    for (size_t i = 0; i < n; i++)
        count_fleets(&list[i], fleets);
}

int main(int argc, char **argv)
{
    static const size_t hosts[] = {5, 20, 200}, quantities[] = {5, 20, 60};
    const int fleets = argc > 1 ? atoi(argv[1]) : 1000;
    puts("hosts quantities spread correlation tails  spread    off  quantities hosts  named "
         "healthy");
    for (size_t h = 0; h < 3; h++)
        for (size_t f = 0; f < 3; f++)
            vary(hosts[h], quantities[f], hosts[h] > 100 ? (fleets + 9) / 10 : fleets);
    return 0;
}
