/* SPDX-License-Identifier: MIT
 * numaprobe rustc: rustc's command line, with what lets `numaprobe detect` watch the program. */
#include "cli/cmd.h"

#include "cli/rust/rust_compiler.h"

#include <stdbool.h>
#include <string.h>

static void print_help(FILE *out)
{
    fputs("Usage: numaprobe rustc [COMPILER] ARGUMENT...\n"
          "Runs rustc (or NUMAPROBE_RUSTC, or the first argument) with flags that let\n"
          "'numaprobe detect' watch the program. All arguments are rustc's.\n\n"
          "Examples:\n"
          "  numaprobe rustc -O app.rs && numaprobe detect ./app\n"
          "  numaprobe rustc --test -o tests lib.rs && numaprobe detect ./tests\n"
          "For a whole package, use 'numaprobe cargo'.\n",
        out);
}

static int run_rustc(int argc, char **argv)
{
    if (argc == 2 && (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0)) {
        print_help(stdout);
        return cmd_done(EXIT_DONE);
    }
    return rust_compiler_run(&rust_rustc, argc, argv);
}

const struct cmd cmd_rustc = {
    "rustc", "compile Rust so that detect can watch it", run_rustc, NULL, print_help};
