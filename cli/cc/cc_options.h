/* SPDX-License-Identifier: MIT
 * What a compiler's command line asks for, as far as the front end must know: which steps it takes
 * and what it links. Not a full parser: what is not in its tables is passed on. */
#ifndef CLI_CC_CC_OPTIONS_H
#define CLI_CC_CC_OPTIONS_H

#include <stdbool.h>

struct cc_options {
    bool inputs;  /* any file or library to work on; without one it is a query, as --version */
    bool sources; /* some of them are compiled, i.e. not only linked or assembled */
    bool preprocess_only, compile_only;
    bool assembly_out; /* -S */
    bool shared, is_static, relocatable;
    bool own_assembler; /* an assembler's syntax or program that inline.s does not suit */
    bool nothing_standard, openmp;
    const char *excludes; /* a sanitizer that cannot be there as well; NULL: none */
};

/* argv[0 .. argc - 1] are arguments only, without the compiler. Looks into @files, too. */
void cc_options_read(int argc, char *const argv[], struct cc_options *words);

#endif
