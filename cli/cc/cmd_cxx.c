/* SPDX-License-Identifier: MIT
 * numaprobe c++: as cmd_cc.c, for C++. */
#include "cli/cmd.h"

#include "cli/cc/cc.h"

static int run_cxx(int argc, char **argv)
{
    return cc_run(&cc_cxx, argc, argv);
}

const struct cmd cmd_cxx = {"c++", "compile C++ so that detect can watch it", run_cxx};
