/* SPDX-License-Identifier: MIT
 * The words of a rustc command line, as far as what is added to it must fit in. Not a full parser:
 * what is not looked for is passed on. */
#ifndef CLI_RUST_RUST_WORDS_H
#define CLI_RUST_RUST_WORDS_H

#include <stdbool.h>

struct rust_words {
    bool input;         /* a source file or standard input; without one it is a question */
    bool asks;          /* --print, -h, ...: something is asked, also where there is an input */
    bool asks_version;  /* -vV alone: which compiler this is, as cargo asks */
    bool has_target;    /* --target */
    bool is_macro;      /* a proc-macro: a library that the compiler loads */
    bool shared;        /* a library that is linked, and not also a program */
    bool is_static;     /* crt-static: without a dynamic linker */
    bool tests;         /* --test */
    char target[64];    /* the value of --target */
    char sanitizer[32]; /* one that cannot be there as well; "": none */
};

/* argv[0 .. argc - 1] are arguments only, without the compiler. Looks into @files, too. */
void rust_words_read(int argc, char *const argv[], struct rust_words *words);

/* How many words of argv name the compiler and what starts it, as `sccache rustc`, with argv[0]; 1:
 * none. */
int rust_words_compiler(int argc, char *const argv[]);

#endif
