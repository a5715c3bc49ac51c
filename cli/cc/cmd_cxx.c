/* SPDX-License-Identifier: MIT
 * numaprobe c++: as cmd_cc.c, for C++. */
#include "cli/cmd.h"

#include "cli/cc/cc.h"

static int run_cxx(int argc, char **argv)
{
    return cc_main(&cc_cxx, argc, argv);
}

static void print_help(FILE *out)
{
    cc_print_help(&cc_cxx, out);
}

const struct cmd cmd_cxx = {
    "c++", "compile C++ so that detect can watch it", run_cxx, NULL, print_help};
