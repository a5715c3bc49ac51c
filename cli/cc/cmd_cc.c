/* SPDX-License-Identifier: MIT
 * numaprobe cc: builds a program so that `numaprobe detect` can watch it. */
#include "cli/cmd.h"

#include "cli/cc/cc.h"

static int run(int argc, char **argv)
{
    return cc_run(&cc_c, argc, argv);
}

const struct cmd cmd_cc = {
    "cc", "compile C so that detect can watch it (CC='numaprobe cc')", run, NULL};
