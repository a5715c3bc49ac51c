/* SPDX-License-Identifier: MIT
 * numaprobe cc: builds a program that `numaprobe detect` can watch. */
#include "cli/cmd.h"

#include "cli/cc/cc.h"

static int run_cc(int argc, char **argv)
{
    return cc_main(&cc_c, argc, argv);
}

static void print_help(FILE *out)
{
    cc_print_help(&cc_c, out);
}

const struct cmd cmd_cc = {
    "cc", "compile C so that detect can watch it (CC='numaprobe cc')", run_cc, NULL, print_help};
