/* SPDX-License-Identifier: MIT
 * What the debug information of a process's modules describes at its addresses: functions and
 * lines, variables, and the fields of their types. Judges nothing, and reads no memory of the
 * process. Built without libdw, or where a module is stripped, functions return "not known", and
 * dwarf_reason() returns why. */
#ifndef ANALYSIS_DWARF_DWARF_H
#define ANALYSIS_DWARF_DWARF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dwarf;      /* opaque; owns every string and type it hands out */
struct dwarf_type; /* opaque */

struct dwarf_module {
    const char *path;
    uint64_t bias;              /* what the loader added to the file's addresses */
    uint64_t begin, end;        /* of what is loaded */
    const unsigned char *build; /* build-id */
    size_t build_bytes;         /* 0: not known */
};

/* NULL only when out of memory. Files are opened here, their DWARF read when first asked for. The
 * modules' paths and build-ids must live as long. */
struct dwarf *dwarf_new(const struct dwarf_module *module, size_t count);
void dwarf_free(struct dwarf *dwarf);
/* Names of code that no module covers; they must live as long. NULL: none. */
struct code_names;
void dwarf_name_code(struct dwarf *dwarf, const struct code_names *names);
/* Why the module that covers `address` can name nothing; NULL: it can, or nothing covers it. */
const char *dwarf_reason(struct dwarf *dwarf, uint64_t address);
/* Whether no code of the module with this index reports its accesses, so that none was seen; false
 * also where that is not known, as of a stripped program. */
bool dwarf_is_uninstrumented(struct dwarf *dwarf, size_t module);

struct dwarf_frame {
    const char *function; /* qualified, as "shard::Map::add"; NULL: not known */
    const char *file;     /* as given to the compiler; NULL: not known */
    const char *folder;   /* that `file` is relative to; NULL: it is absolute, or not known */
    unsigned line;        /* 0: not known */
    const char *module;   /* path; NULL: no module covers it */
    uint64_t offset;      /* into the module, as addr2line wants it */
};

/* The function that `pc` lies in and those it is inlined in, innermost first. `pc` lies within the
 * instruction: of a return address, one less. At least one frame when max > 0. */
size_t dwarf_frames(struct dwarf *dwarf, uint64_t pc, struct dwarf_frame *frame, size_t max);

/* A thread of the process that has stopped somewhere. */
struct dwarf_stopped {
    uint64_t pc, stack; /* other registers are not known */
    /* 8 bytes of the process's memory. */
    bool (*read)(void *of, uint64_t address, uint64_t *out);
    void *of;
};
/* The calls that it is in, by the modules' unwind information: where it is, and behind that what
 * each call returns to. Returns how many were written to `pc`; only the first, where that is not
 * known. */
size_t dwarf_unwind(
    struct dwarf *dwarf, const struct dwarf_stopped *stopped, uint64_t *pc, size_t max);

/* A number that is the same for addresses of the same place in the source, with all that was
 * inlined there: a compiler makes several of a call in a loop that it unrolls. The address where
 * that is not known. Each address is looked up once. */
uint64_t dwarf_place(struct dwarf *dwarf, uint64_t pc);

/* What a unit was written in. C and C++ are one: a finding's words suit both. */
enum dwarf_language { DWARF_C, DWARF_GO, DWARF_RUST };

/* The language of the code at `pc`, or of the unit that describes a type; DWARF_C where that is not
 * known. */
enum dwarf_language dwarf_language(struct dwarf *dwarf, uint64_t pc);
enum dwarf_language dwarf_type_language(const struct dwarf_type *type);

struct dwarf_variable {
    const char *name;              /* qualified; of a static local "function::name" */
    const struct dwarf_type *type; /* NULL: not known */
    const char *file, *folder;     /* of the declaration; NULL: not known */
    unsigned line;
    uint64_t address, size; /* size 0: not known */
    uint64_t alignment;     /* that it, its type or a member asks for; 0: none */
};

/* The global or static variable at `address`. */
bool dwarf_global(struct dwarf *dwarf, uint64_t address, struct dwarf_variable *out);
/* The thread-local variable at the byte `offset` of a module's TLS block. */
bool dwarf_thread_local(
    struct dwarf *dwarf, uint64_t module_begin, uint64_t offset, struct dwarf_variable *out);
/* The linker's name of what lies at `address`, and where it starts; NULL: it has none. */
const char *dwarf_symbol(struct dwarf *dwarf, uint64_t address, uint64_t *start);
/* Where the only symbol of that name lies; 0: there is none, or several. */
uint64_t dwarf_symbol_address(struct dwarf *dwarf, const char *name);
/* The local variable at `address`, of a call of the function at `pc`. */
struct dwarf_call {
    uint64_t pc, stack, frame; /* with these in its stack and frame pointer */
};
bool dwarf_local(struct dwarf *dwarf, const struct dwarf_call *call, uint64_t address,
    struct dwarf_variable *out);

/* The type that the variables of the function at `pc` point to, or what it returns. What a site
 * declares shows what it may allocate or reach. */
struct dwarf_pointer {
    const char *name;              /* "": what it returns */
    unsigned line;                 /* of its declaration; of what it returns 0 */
    const struct dwarf_type *type; /* what it points to: complete, with members */
};
/* The innermost scopes first. Returns how many there are, which may be more than max. */
size_t dwarf_pointers(struct dwarf *dwarf, uint64_t pc, struct dwarf_pointer *pointer, size_t max);
/* What "ctx->ring" or "ring" points to, in the words of the function at `pc`. NULL: not known. */
const struct dwarf_type *dwarf_pointee(struct dwarf *dwarf, uint64_t pc, const char *expression);
/* By its name, as "struct ring" or "Ring", in the unit of `pc`. NULL: not known. */
const struct dwarf_type *dwarf_named(struct dwarf *dwarf, uint64_t pc, const char *name);

/* What a function hands out, by its declaration. */
struct dwarf_supply {
    bool untyped; /* memory of no type: void *, bytes, or a pointer stored through a void ** */
    bool sized;   /* of a size that is a parameter */
    bool passes;  /* a pointer of any type, or a class like std::unique_ptr, to its caller */
    const struct dwarf_type *type;     /* one of its or its class's template parameters: the T of
                                          std::allocator<T>::allocate; NULL: none */
    const struct dwarf_type *returned; /* a pointer to that; NULL: it returns something else */
    const struct dwarf_type *element;  /* of Rust: its or its type's parameter T, as that of Vec<T>
                                          in Vec<T>::push; NULL: none */
};
/* `level`: which of the functions inlined at `pc`, by its index in dwarf_frames(). */
void dwarf_supply(struct dwarf *dwarf, uint64_t pc, size_t level, struct dwarf_supply *out);
/* The class of which that function calls a constructor at `line`, of `bytes` or an array of them.
 * NULL: not known. */
const struct dwarf_type *dwarf_constructed(
    struct dwarf *dwarf, uint64_t pc, size_t level, unsigned line, uint64_t bytes);
/* In Go: the type that the call which returns to this address passes, as to the function that
 * allocates. NULL: not known. */
const struct dwarf_type *dwarf_go_passed(struct dwarf *dwarf, uint64_t return_address);
/* In Go: the type whose description the runtime has at this address. NULL: not known. */
const struct dwarf_type *dwarf_go_type(struct dwarf *dwarf, uint64_t description);
/* In Go: the function that begins at `entry`, or the one that it only calls, as the go statement
 * makes one for a call with arguments. NULL: not known. */
const char *dwarf_go_function(struct dwarf *dwarf, uint64_t entry);
/* How many bytes new[] puts before an array of the type: a count, where its destructor does
 * something (Itanium C++ ABI, 2.7). */
uint64_t dwarf_cookie(const struct dwarf_type *type);

/* "struct stats[8]": a type as its language writes it, arrays as C does. */
const char *dwarf_type_name(struct dwarf *dwarf, const struct dwarf_type *type);
uint64_t dwarf_type_size(const struct dwarf_type *type); /* 0: not known */
/* What alignas asks for in the type or a member of it; 0: nothing. */
uint64_t dwarf_alignment(const struct dwarf_type *type);
/* The element of an array type; the type when it is not an array. */
const struct dwarf_type *dwarf_element(struct dwarf *dwarf, const struct dwarf_type *type);
/* Bytes from one element to the next in the outermost dimension of an array type: of "int[2][20]"
 * 80. 0: it is not an array. */
uint64_t dwarf_stride(const struct dwarf_type *type);
bool dwarf_same(const struct dwarf_type *a, const struct dwarf_type *b);
/* Does it end in an array of any length, so that it reaches beyond its size? */
bool dwarf_is_open_ended(const struct dwarf_type *type);
/* Is `base` a base class of the type, direct or not? */
bool dwarf_is_base(const struct dwarf_type *base, const struct dwarf_type *type);
/* What a class that only stores something stores: the T in the nodes of std::list<T>. The type when
 * it stores nothing. */
const struct dwarf_type *dwarf_stored(struct dwarf *dwarf, const struct dwarf_type *type);

struct dwarf_field {
    char path[96];        /* "[3].hits"; of bit-fields in one byte "{a, b}"; "" for a scalar */
    uint64_t first, size; /* bytes, from the start of the type */
    bool member;          /* it is in a struct, class or union */
    const struct dwarf_type *base; /* it is a member of that base class; NULL: of the type */
    bool partly; /* an access may touch a part of it: bits, bytes, a class's insides */
};

/* The fields that lie in the bytes [first, first + size) of the type, ascending, without padding. A
 * field is the smallest part the source names; members with names reserved for the implementation
 * (C11 7.1.3: those of pthread_mutex_t, of std::atomic) count as one with the member that contains
 * them. Returns how many were written to `field`, at most max. */
size_t dwarf_fields(struct dwarf *dwarf, const struct dwarf_type *type, uint64_t first,
    uint64_t size, struct dwarf_field *field, size_t max);

#endif
