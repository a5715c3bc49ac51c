/* SPDX-License-Identifier: MIT
 * numaprobe cc: builds a program that `numaprobe detect` can watch. */
#include "cli/cmd.h"

#include "cli/cc/cc.h"

static int run_cc(int argc, char **argv)
{
    return cc_run(&cc_c, argc, argv);
}

const struct cmd cmd_cc = {
    "cc", "compile C so that detect can watch it (CC='numaprobe cc')", run_cc};
