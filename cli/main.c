/* SPDX-License-Identifier: MIT
 * The entry point, and nothing else, so that tests and the fuzzer can call the program as a
 * function. */
#include "cli/cmd.h"

int main(int argc, char **argv)
{
    return numaprobe(argc, argv);
}
