/* SPDX-License-Identifier: MIT
 * numaprobe cc and c++: the compiler's command line, with the flags that instrument the program. */
#ifndef CLI_CC_CC_H
#define CLI_CC_CC_H

#include <stdio.h>

struct cc_language {
    const char *name;     /* "cc" */
    const char *variable; /* of the environment that names the compiler */
    const char *compiler; /* unless the variable names one */
};
extern const struct cc_language cc_c, cc_cxx;

/* Runs the compiler in place of this process with argv[1 ..]; returns an exit code only when it
 * cannot. */
int cc_run(const struct cc_language *language, int argc, char **argv);
/* What `numaprobe cc --help` prints before the compiler's own help. */
void cc_print_help(const struct cc_language *language, FILE *out);
/* The same for a command: prints it where argv only asks for help, then runs the compiler. */
int cc_main(const struct cc_language *language, int argc, char **argv);
/* Called as numaprobe-cc or numaprobe-c++: the language; else NULL. */
const struct cc_language *cc_by_name(const char *program);

#endif
