/* SPDX-License-Identifier: MIT
 * The variables of `go env` (go help environment). */
#include "cli/go/go_toolchain.h"

#include "base/arch/arch.h"
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *go_toolchain_program(void)
{
    const char *const named = getenv("NUMAPROBE_GO");
    return named && *named ? named : "go";
}

int go_toolchain_ask(struct go_toolchain *go, const char *folder, struct err *err)
{
    char *command = NULL;
    size_t size;
    *go = (struct go_toolchain){.program = go_toolchain_program()};
    FILE *const text = open_memstream(&command, &size);
    if (!text)
        return err_set(err, -ENOMEM, "go: out of memory");
    if (*folder) {
        fputs("cd ", text);
        text_put_word(folder, text);
        fputs(" && ", text);
    }
    text_put_word(go->program, text);
    fputs(" env -json 2>/dev/null", text);
    fclose(text);
    FILE *const pipe = popen(command, "re");
    free(command);
    go->env = pipe ? json_loadf(pipe, 0, NULL) : NULL;
    if (pipe)
        pclose(pipe);
    return go->env ? 0
                   : err_set(err, -ENOENT,
                         "go: there is no Go: cannot run '%s env'; install it (Debian: golang-go) "
                         "or name it by NUMAPROBE_GO",
                         go->program);
}

void go_toolchain_free(struct go_toolchain *go)
{
    json_decref(go->env);
    go->env = NULL;
}

const char *go_toolchain_get(const struct go_toolchain *go, const char *name)
{
    const char *const text = json_string_value(json_object_get(go->env, name));
    return text ? text : "";
}

int go_toolchain_check(const struct go_toolchain *go, struct err *err)
{
    const char *const os = go_toolchain_get(go, "GOOS"), *const arch =
                                                             go_toolchain_get(go, "GOARCH");
    const char *const compiler = go_toolchain_get(go, "CC");
    if (strcmp(os, go_toolchain_get(go, "GOHOSTOS")) != 0 ||
        strcmp(arch, go_toolchain_get(go, "GOHOSTARCH")) != 0)
        return err_set(err, -EINVAL,
            "go: this builds for %s/%s, and only a program for this machine can be recorded; unset "
            "GOOS and GOARCH",
            os, arch);
    if (strcmp(os, "linux") != 0 || strcmp(arch, "amd64") != 0 || strcmp(ARCH_NAME, "x86_64") != 0)
        return err_set(err, -ENOTSUP,
            "go: programs for %s/%s cannot be instrumented yet, only those for linux/amd64", os,
            arch);
    if (strcmp(go_toolchain_get(go, "CGO_ENABLED"), "1") != 0)
        return err_set(err, -EINVAL,
            "go: an instrumented program needs cgo, which is off: set CGO_ENABLED=1, and "
            "install the C compiler '%s' where it is missing",
            *compiler ? compiler : "gcc");
    return 0;
}
