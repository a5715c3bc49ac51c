/* SPDX-License-Identifier: MIT
 * What the dwarf*.c files share: open modules and helpers on DIEs. Only for them. */
#ifndef ANALYSIS_DWARF_DWARF_INTERNAL_H
#define ANALYSIS_DWARF_DWARF_INTERNAL_H

#include "analysis/dwarf/dwarf.h"
#include "analysis/dwarf/go_pclntab.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

/* clang writes no .debug_aranges, and libdw 0.188 finds units by nothing else. */
struct dwarf_range {
    uint64_t low, high; /* as in the file */
    Dwarf_Die unit;
};

struct dwarf_static {
    uint64_t first, size; /* as in the file; of a thread-local, in its TLS block */
    bool thread_local_;
    Dwarf_Die die;
};

/* A thread-local by the symbol table: where it lies in its TLS block. */
struct dwarf_tls {
    const char *name;
    uint64_t first, size;
};

/* The types of a Go program by the offsets of their runtime descriptions. */
struct dwarf_go {
    bool listed;
    uint64_t base; /* of the offsets: runtime.types, as in the file */
    struct dwarf_go_type {
        uint64_t offset;
        Dwarf_Die die;
    } * type; /* ascending */
    size_t types;
};

struct dwarf_open {
    struct dwarf_module module;
    Dwfl_Module *dwfl;    /* NULL: could not be opened */
    Dwarf *debug;         /* NULL: none */
    Dwarf_Addr bias;      /* of the debug file's addresses */
    const char *reason;   /* why it names nothing */
    bool indexed, listed; /* ranges; statics */
    struct dwarf_range *range;
    size_t ranges;
    struct dwarf_static *var;
    size_t vars;
    struct dwarf_tls *tls;
    size_t tlses;
    struct dwarf_go go;
    struct go_pclntab pclntab; /* without functions: there is none */
    bool has_looked;           /* for it */
};

struct dwarf_type {
    Dwarf_Die die;
};

/* Where an address is in the source, as one number. */
struct dwarf_place {
    uint64_t pc, place;
};

struct dwarf {
    Dwfl *dwfl;
    struct dwarf_open *open;
    size_t count;
    struct dwarf_chunk *chunk;
    struct dwarf_place *place; /* those asked for so far, ascending by pc */
    size_t places;
    const struct code_names *names; /* of what no module covers */
    bool attached;                  /* libdw knows where the thread's state is: */
    const struct dwarf_stopped *stopped;
};

/* Memory that lives as long as `dwarf`; NULL when there is none. */
void *dwarf_store(struct dwarf *dwarf, const void *data, size_t size);
const char *dwarf_print(struct dwarf *dwarf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
const struct dwarf_type *dwarf_type_store(struct dwarf *dwarf, Dwarf_Die *die);

/* By the table that Go's programs have of their functions. False: there is none, or `pc` is not in
 * it. */
bool dwarf_go_line(struct dwarf_open *open, uint64_t pc, struct dwarf_frame *out);
struct dwarf_open *dwarf_module_at(struct dwarf *dwarf, uint64_t address);
/* The unit that contains `pc`; false: none. `*file_pc` is pc as in the debug file. */
bool dwarf_unit_at(struct dwarf *dwarf, uint64_t pc, Dwarf_Die *unit, uint64_t *file_pc);
/* The scopes around pc, innermost first. */
struct dwarf_scopes {
    Dwarf_Die at[128]; /* inlining goes some tens deep */
    size_t count;
};
void dwarf_scopes_at(struct dwarf *dwarf, uint64_t pc, struct dwarf_scopes *out);

/* The type of a DIE without typedef and qualifiers; false: it has none. */
bool dwarf_type_of(Dwarf_Die *die, Dwarf_Die *type);
bool dwarf_peel(Dwarf_Die *type);
/* The name with its namespaces and classes; NULL: it has none. */
const char *dwarf_qualified(struct dwarf *dwarf, Dwarf_Die *die);
/* Name, type, alignment and declaration of a variable. */
void dwarf_describe(struct dwarf *dwarf, Dwarf_Die *die, struct dwarf_variable *out);
uint64_t dwarf_number(Dwarf_Die *die, unsigned attribute, uint64_t otherwise);
uint64_t dwarf_size(Dwarf_Die *type); /* in bytes; 0: not known */
/* Of an array type: elements in one of its outermost dimension. */
uint64_t dwarf_inner_count(Dwarf_Die *array);
/* Where a function or variable was first named: in its class, or where it was written. */
Dwarf_Die dwarf_origin(Dwarf_Die *die);
bool dwarf_is_function(Dwarf_Die *die);     /* also an inlined one */
bool dwarf_is_reserved(const char *name);   /* C11 7.1.3: not a program's */
void dwarf_unwrap(Dwarf_Die *type);         /* std::array to its array; others stay */
bool dwarf_is_part(Dwarf_Die *die);         /* a base class, or a member that is not static */
bool dwarf_is_open(Dwarf_Die *type);        /* it ends in an array of any length */
bool dwarf_unwrap_storage(Dwarf_Die *type); /* bytes for a T to the T; false: it is not that */
bool dwarf_is_record(Dwarf_Die *type);      /* struct, class or union */
/* How many symbols of that name the module has, and the last one's address. */
size_t dwarf_find_symbols(Dwfl_Module *module, const char *name, uint64_t *address);
bool dwarf_go_is_one(Dwarf_Die *record); /* Go's own struct, of which a program knows no members */
bool dwarf_is_complete(Dwarf_Die *type); /* a record with members, not declared alone */

/* Types of Rust (dwarf_rust.c). */
enum dwarf_rust_kind {
    RUST_PLAIN,
    RUST_WHOLE,   /* one field, as a Mutex<T> or an atomic */
    RUST_WRAPPER, /* its members are not named, as that of a Cell<T> */
};
bool dwarf_is_rust(Dwarf_Die *die);
/* `outermost`: the type is not a member of another. */
enum dwarf_rust_kind dwarf_rust_kind(Dwarf_Die *type, bool outermost);
/* A member's name as the source has it. */
const char *dwarf_rust_member(const char *name);
/* A type's name without the modules of the library: "Arc<app::Stats>". */
const char *dwarf_rust_type_text(struct dwarf *dwarf, const char *name);

#endif
