/* SPDX-License-Identifier: MIT
 * Shades: one scale for digits and colours. */
#include "cli/matrix/matrix_heat.h"

#include "analysis/stats/clusters.h"

#include <math.h>

enum { SHADES = 10 };

struct scale {
    double least, most;
};

static struct scale scale_of(const double *square, size_t cells)
{
    struct scale s = {INFINITY, 0};
    for (size_t i = 0; i < cells; i++) {
        if (isnan(square[i]))
            continue;
        s.least = fmin(s.least, square[i]);
        s.most = fmax(s.most, square[i]);
    }
    /* Noise is not to be spread over all shades. */
    s.most = fmax(s.most, s.least * CLUSTERS_GAP * CLUSTERS_GAP);
    return s;
}

static unsigned shade_of(struct scale s, double ns)
{
    const double share = log(ns / s.least) / log(s.most / s.least);
    return (unsigned)fmax(0, fmin(share * SHADES, SHADES - 1));
}

static double shade_from(struct scale s, unsigned shade)
{
    return s.least * pow(s.most / s.least, (double)shade / SHADES);
}

/* From the 256 colours that terminals share: green over yellow to red. */
static const unsigned char colours[SHADES] = {28, 34, 70, 106, 142, 178, 172, 166, 160, 124};

static void print_cell(struct scale s, double ns, int width, bool colour, FILE *out)
{
    const bool is_number = width > 1;
    if (isnan(ns)) {
        fprintf(out, "%*s", width, "-");
        return;
    }
    if (colour)
        fprintf(out, "\033[30;48;5;%um", colours[shade_of(s, ns)]);
    if (is_number)
        fprintf(out, "%*.0f", width, ns);
    else
        fprintf(out, "%u", shade_of(s, ns));
    if (colour)
        fputs("\033[0m", out);
}

static void print_numbers(
    const struct cpuset *cpus, const double *square, struct scale s, bool colour, FILE *out)
{
    fprintf(out, "%5s", "cpu");
    for (size_t i = 0; i < cpus->count; i++)
        fprintf(out, "%6u", cpus->cpu[i]);
    fputc('\n', out);
    for (size_t i = 0; i < cpus->count; i++) {
        fprintf(out, "%5u", cpus->cpu[i]);
        for (size_t j = 0; j < cpus->count; j++)
            print_cell(s, square[i * cpus->count + j], 6, colour, out);
        fputc('\n', out);
    }
}

static void print_shades(
    const struct cpuset *cpus, const double *square, struct scale s, bool colour, FILE *out)
{
    for (size_t i = 0; i < cpus->count; i++) {
        fprintf(out, "%5u ", cpus->cpu[i]);
        for (size_t j = 0; j < cpus->count; j++)
            print_cell(s, square[i * cpus->count + j], 1, colour, out);
        fputc('\n', out);
    }
    fprintf(out, "      0: from %.0f ns", shade_from(s, 0));
    for (unsigned i = 3; i < SHADES; i += 3)
        fprintf(out, ", %u: from %.0f", i, shade_from(s, i));
    fputs("\n", out);
}

void matrix_heat(const struct cpuset *cpus, const double *square, bool colour, FILE *out)
{
    const struct scale s = scale_of(square, cpus->count * cpus->count);
    if (!isfinite(s.least) || cpus->count > HEAT_CPUS)
        return;
    if (cpus->count <= HEAT_NUMBERS)
        print_numbers(cpus, square, s, colour, out);
    else
        print_shades(cpus, square, s, colour, out);
}
