/* SPDX-License-Identifier: MIT
 * The entry point, and nothing else, so that tests and the fuzzer can call the program as a
 * function. */
#include "cli/cmd.h"
#include "cli/plain_text.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    plain_text_begin();
    const int status = numaprobe(argc, argv);
    fflush(stdout);
    return status;
}
