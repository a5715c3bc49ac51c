/* SPDX-License-Identifier: MIT
 * The help of `numaprobe cc` and `numaprobe c++`: what they add to the compiler's. */
#include "cli/cc/cc.h"

#include "cli/cmd.h"

#include <stdbool.h>
#include <string.h>

void cc_print_help(const struct cc_language *language, FILE *out)
{
    fprintf(out,
        "Usage: numaprobe %s [COMPILER] ARGUMENT...\n"
        "Runs a compiler (%s, %s or the first argument) with flags that let\n"
        "'numaprobe detect' watch the program. All arguments are the compiler's.\n\n"
        "Examples:\n",
        language->name, language->compiler, language->variable);
    if (strcmp(language->name, "cc") == 0)
        fprintf(out, "  numaprobe cc -O2 -pthread -o app app.c && numaprobe detect ./app\n"
                     "  make CC='numaprobe cc' CXX='numaprobe c++'\n"
                     "  cmake -B build -DCMAKE_C_COMPILER=numaprobe-cc \\\n"
                     "    -DCMAKE_CXX_COMPILER=numaprobe-c++\n"
                     "  numaprobe cc clang -O2 -c app.c\n");
    else
        fprintf(out, "  numaprobe c++ -O2 -pthread -o app app.cc && numaprobe detect ./app\n"
                     "  cmake -B build -DCMAKE_CXX_COMPILER=numaprobe-c++\n"
                     "  numaprobe c++ clang++ -O2 -c app.cc\n");
}

int cc_main(const struct cc_language *language, int argc, char **argv)
{
    const bool letter = argc == 2 && strcmp(argv[1], "-h") == 0; /* no compiler has -h alone */
    const bool whole = argc == 2 && strcmp(argv[1], "--help") == 0;
    if (letter || whole)
        cc_print_help(language, stdout);
    if (letter)
        return cmd_done(EXIT_DONE);
    if (whole)
        printf("\nThe compiler's own help:\n");
    fflush(stdout);
    return cc_run(language, argc, argv);
}
