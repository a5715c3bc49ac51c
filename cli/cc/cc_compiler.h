/* SPDX-License-Identifier: MIT
 * Which compiler a word of the command line names, and its version. */
#ifndef CLI_CC_CC_COMPILER_H
#define CLI_CC_CC_COMPILER_H

#include <stdbool.h>

enum { CC_GCC = 1, CC_CLANG = 2, CC_BOTH = CC_GCC | CC_CLANG };

struct cc_compiler {
    int kind;         /* CC_GCC or CC_CLANG */
    unsigned version; /* the major one; 0: not known */
    bool cxx;
};

/* How many words of argv name the compiler and what starts it, as `ccache gcc-12`, with argv[0];
 * 1: none. */
int cc_compiler_words(int argc, char *const argv[]);
/* Runs the program `name` to ask for its version, and for its kind if the name is only cc or c++.
 */
struct cc_compiler cc_compiler_of(const char *name);

#endif
