/* SPDX-License-Identifier: MIT
 * By libelf. The version lies in .go.buildinfo (Go's source, debug/buildinfo): behind a head of 32
 * bytes its length and text, since 1.18. */
#include "analysis/go/go_binary.h"

#include <errno.h>

#ifdef HAVE_DW
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OLDEST_MINOR = 18, BUILD_HEAD = 32, BUILD_FLAGS = 15, BUILD_INLINE = 2 };

struct go_binary {
    int fd;
    Elf *elf;
    struct go_pclntab functions;
    char version[32];
    unsigned minor;
    Elf_Data *symbols;
    size_t names; /* section of the symbols' names */
};

static Elf_Scn *section_named(Elf *elf, const char *const *names, GElf_Shdr *head)
{
    size_t texts;
    if (elf_getshdrstrndx(elf, &texts) != 0)
        return NULL;
    for (Elf_Scn *s = elf_nextscn(elf, NULL); s; s = elf_nextscn(elf, s)) {
        const char *const name =
            gelf_getshdr(s, head) ? elf_strptr(elf, texts, head->sh_name) : NULL;
        for (size_t i = 0; name && names[i]; i++)
            if (strcmp(name, names[i]) == 0)
                return s;
    }
    return NULL;
}

static const Elf_Data *data_named(Elf *elf, const char *const *names)
{
    GElf_Shdr head;
    Elf_Scn *const s = section_named(elf, names, &head);
    const Elf_Data *const data = s ? elf_rawdata(s, NULL) : NULL;
    return data && data->d_buf ? data : NULL;
}

static void read_version(struct go_binary *b)
{
    static const char *const names[] = {".go.buildinfo", NULL};
    const Elf_Data *const data = data_named(b->elf, names);
    const uint8_t *const at = data ? data->d_buf : NULL;
    if (!at || data->d_size <= BUILD_HEAD || memcmp(at, "\xff Go buildinf:", 14) != 0 ||
        !(at[BUILD_FLAGS] & BUILD_INLINE))
        return;
    const size_t length = at[BUILD_HEAD], room = data->d_size - BUILD_HEAD - 1;
    if (length < room && length < sizeof b->version) {
        memcpy(b->version, at + BUILD_HEAD + 1, length);
        (void)sscanf(b->version, "go1.%u", &b->minor);
    }
}

static bool read_functions(struct go_binary *b)
{
    static const char *const tables[] = {".gopclntab", ".data.rel.ro.gopclntab", NULL};
    static const char *const texts[] = {".text", NULL};
    GElf_Shdr text = {0};
    const Elf_Data *const data = data_named(b->elf, tables);
    (void)section_named(b->elf, texts, &text);
    return data && go_pclntab_open(data->d_buf, data->d_size, text.sh_addr, &b->functions);
}

static void read_symbols(struct go_binary *b)
{
    static const char *const tables[] = {".symtab", NULL};
    GElf_Shdr head;
    Elf_Scn *const s = section_named(b->elf, tables, &head);
    b->symbols = s ? elf_getdata(s, NULL) : NULL;
    b->names = b->symbols ? head.sh_link : 0;
}

static int read_all(struct go_binary *b, const char *path, struct err *err)
{
    b->fd = open(path, O_RDONLY | O_CLOEXEC);
    elf_version(EV_CURRENT);
    b->elf = b->fd < 0 ? NULL : elf_begin(b->fd, ELF_C_READ_MMAP, NULL);
    if (!b->elf || elf_kind(b->elf) != ELF_K_ELF)
        return err_set(err, -ENOENT, "%s cannot be read as a program", path);
    read_version(b);
    if (!*b->version)
        return err_set(err, -ENOENT, "%s was not built by Go 1.%u or newer", path, OLDEST_MINOR);
    if (!read_functions(b))
        return err_set(
            err, -ENOTSUP, "%s has no table of functions that is known (%s)", path, b->version);
    read_symbols(b);
    return 0;
}

int go_binary_open(const char *path, struct go_binary **out, struct err *err)
{
    struct go_binary *const b = calloc(1, sizeof *b);
    *out = NULL;
    if (!b)
        return err_set(err, -ENOMEM, "out of memory");
    const int code = read_all(b, path, err);
    if (code)
        go_binary_close(b);
    else
        *out = b;
    return code;
}

void go_binary_close(struct go_binary *binary)
{
    if (!binary)
        return;
    elf_end(binary->elf);
    if (binary->fd >= 0)
        close(binary->fd);
    free(binary);
}

unsigned go_binary_minor(const struct go_binary *binary)
{
    return binary->minor;
}

const char *go_binary_version(const struct go_binary *binary)
{
    return binary->version;
}

const struct go_pclntab *go_binary_functions(const struct go_binary *binary)
{
    return &binary->functions;
}

/* Where `size` bytes of a segment lie in the file. */
static bool find_bytes(const struct go_binary *b, uint64_t address, size_t size, uint64_t *offset)
{
    GElf_Phdr part;
    size_t count = 0;
    if (elf_getphdrnum(b->elf, &count) != 0)
        return false;
    for (size_t i = 0; i < count; i++)
        if (gelf_getphdr(b->elf, (int)i, &part) && part.p_type == PT_LOAD &&
            address >= part.p_vaddr && address - part.p_vaddr <= part.p_filesz &&
            size <= part.p_filesz - (address - part.p_vaddr)) {
            *offset = part.p_offset + (address - part.p_vaddr);
            return true;
        }
    return false;
}

const uint8_t *go_binary_code(const struct go_binary *b, uint64_t address, size_t size)
{
    size_t bytes = 0;
    uint64_t at;
    const char *const file = elf_rawfile(b->elf, &bytes);
    if (!file || !find_bytes(b, address, size, &at))
        return NULL;
    return at <= bytes && size <= bytes - at ? (const uint8_t *)file + at : NULL;
}

bool go_binary_offset(const struct go_binary *b, uint64_t address, uint64_t *offset)
{
    return find_bytes(b, address, 1, offset);
}

bool go_binary_is_variable(const struct go_binary *b, uint64_t address)
{
    GElf_Phdr part;
    size_t count = 0;
    if (elf_getphdrnum(b->elf, &count) != 0)
        return false;
    for (size_t i = 0; i < count; i++)
        if (gelf_getphdr(b->elf, (int)i, &part) && part.p_type == PT_LOAD && part.p_flags & PF_W &&
            address - part.p_vaddr < part.p_memsz)
            return true;
    return false;
}

uint64_t go_binary_symbol(const struct go_binary *b, const char *name)
{
    GElf_Sym symbol;
    for (int i = 0; b->symbols && gelf_getsym(b->symbols, i, &symbol); i++) {
        const char *const text = elf_strptr(b->elf, b->names, symbol.st_name);
        if (text && strcmp(text, name) == 0)
            return symbol.st_value;
    }
    return 0;
}

#else
int go_binary_open(const char *path, struct go_binary **out, struct err *err)
{
    *out = NULL;
    return err_set(
        err, -ENOTSUP, "%s cannot be read: this build of numaprobe is without libelf", path);
}

void go_binary_close(struct go_binary *binary)
{
    (void)binary;
}

unsigned go_binary_minor(const struct go_binary *binary)
{
    (void)binary;
    return 0;
}

const char *go_binary_version(const struct go_binary *binary)
{
    (void)binary;
    return "";
}

const struct go_pclntab *go_binary_functions(const struct go_binary *binary)
{
    (void)binary;
    return NULL;
}

const uint8_t *go_binary_code(const struct go_binary *binary, uint64_t address, size_t size)
{
    (void)binary, (void)address, (void)size;
    return NULL;
}

bool go_binary_is_variable(const struct go_binary *binary, uint64_t address)
{
    (void)binary, (void)address;
    return false;
}

bool go_binary_offset(const struct go_binary *binary, uint64_t address, uint64_t *offset)
{
    (void)binary, (void)address, (void)offset;
    return false;
}

uint64_t go_binary_symbol(const struct go_binary *binary, const char *name)
{
    (void)binary, (void)name;
    return 0;
}
#endif
