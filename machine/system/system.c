/* SPDX-License-Identifier: MIT
 * Facts about the machine, from /proc, /sys and /dev. */
#include "machine/system/system.h"

#include "machine/system/hypervisor.h"
#include "machine/system/sysfile.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

struct naming {
    const char *key, *name;
};

/* arm64's /proc/cpuinfo has only numbers: implementer and part of MIDR_EL1, as the kernel's
 * arch/arm64/include/asm/cputype.h lists them. */
static const struct naming arm_parts[] = {
    {"0x41 0xd03", "Arm Cortex-A53"},
    {"0x41 0xd07", "Arm Cortex-A57"},
    {"0x41 0xd08", "Arm Cortex-A72"},
    {"0x41 0xd0b", "Arm Cortex-A76"},
    {"0x41 0xd0c", "Arm Neoverse-N1"},
    {"0x41 0xd40", "Arm Neoverse-V1"},
    {"0x41 0xd49", "Arm Neoverse-N2"},
    {"0x41 0xd4f", "Arm Neoverse-V2"},
    {"0x41 0xd84", "Arm Neoverse-V3"},
    {"0x41 0xd8e", "Arm Neoverse-N3"},
    {"0x43 0x0af", "Marvell ThunderX2"},
    {"0x46 0x001", "Fujitsu A64FX"},
    {"0x48 0xd01", "HiSilicon TSV110"},
    {"0xc0 0xac3", "Ampere-1"},
    {"0xc0 0xac4", "Ampere-1a"},
};

static void arm_model(const char *root, char *out, size_t size)
{
    char implementer[16], part[16], key[40];
    if (!sysfile_value(root, "/proc/cpuinfo", "CPU implementer", implementer, sizeof implementer) ||
        !sysfile_value(root, "/proc/cpuinfo", "CPU part", part, sizeof part))
        return;
    snprintf(key, sizeof key, "%s %s", implementer, part);
    snprintf(out, size, "Arm implementer %s part %s", implementer, part);
    for (size_t i = 0; i < sizeof arm_parts / sizeof *arm_parts; i++)
        if (strcmp(key, arm_parts[i].key) == 0)
            snprintf(out, size, "%s", arm_parts[i].name);
}

static void model_read(const char *root, char *out, size_t size)
{
    char text[256] = "";
    /* x86 and LoongArch; PowerPC and s390; RISC-V. */
    static const char *const keys[] = {"model name", "Model Name", "cpu", "processor 0", "uarch"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys && text[0] == '\0'; i++)
        sysfile_value(root, "/proc/cpuinfo", keys[i], text, sizeof text);
    if (text[0] == '\0')
        arm_model(root, text, sizeof text);
    sysfile_tidy(text);
    snprintf(out, size, "%.*s", (int)size - 1, text);
}

/* MSR 0x1a4 (Intel SDM volume 4, MISC_FEATURE_CONTROL): a set bit switches a prefetcher off. */
static const char *const prefetcher_names[] = {
    "L2 streamer", "L2 adjacent line", "L1 streamer", "L1 stride"};
enum { PREFETCHERS = sizeof prefetcher_names / sizeof *prefetcher_names, PREFETCHER_MSR = 0x1a4 };

static int msr_read(const char *root, off_t msr, uint64_t *value)
{
    char path[SYSFILE_PATH];
    snprintf(path, sizeof path, "%s/dev/cpu/0/msr", root);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    const ssize_t got = pread(fd, value, sizeof *value, msr);
    close(fd);
    return got == sizeof *value ? 0 : -1;
}

static void prefetchers_name(unsigned off, char *out, size_t size)
{
    size_t used = (size_t)snprintf(out, size, "on except");
    for (unsigned i = 0; i < PREFETCHERS; i++)
        if ((off >> i & 1u) != 0 && used < size)
            used += (size_t)snprintf(out + used, size - used, "%s %s",
                used > strlen("on except") ? "," : "", prefetcher_names[i]);
}

/* AMD's and Arm's prefetchers have no documented switch that all their cores share. */
static void prefetchers_read(const char *root, char *out, size_t size)
{
    char vendor[32];
    uint64_t value = 0;
    const unsigned all = (1u << PREFETCHERS) - 1u;
    snprintf(out, size, "unknown");
    if (!sysfile_value(root, "/proc/cpuinfo", "vendor_id", vendor, sizeof vendor) ||
        strcmp(vendor, "GenuineIntel") != 0 || msr_read(root, PREFETCHER_MSR, &value) != 0)
        return;
    const unsigned off = (unsigned)value & all;
    if (off == 0 || off == all)
        snprintf(out, size, off == 0 ? "all on" : "all off");
    else
        prefetchers_name(off, out, size);
}

static bool kernel_is_recorded(const char *root, struct system_kernel *kernel)
{
    static const char path[] = "/proc/hwloc-nofile-info";
    return *root && sysfile_value(root, path, "Architecture", kernel->arch, sizeof kernel->arch) &&
           sysfile_value(root, path, "OSRelease", kernel->release, sizeof kernel->release);
}

void system_kernel_read(const char *root, struct system_kernel *kernel)
{
    struct utsname name;
    *kernel = (struct system_kernel){0};
    if (kernel_is_recorded(root, kernel) || uname(&name) != 0)
        return;
    snprintf(kernel->arch, sizeof kernel->arch, "%.31s", name.machine);
    snprintf(kernel->release, sizeof kernel->release, "%.63s", name.release);
}

void system_read_at(const char *root, struct system_info *info)
{
    struct utsname name;
    struct system_kernel kernel;
    *info = (struct system_info){0};
    if (uname(&name) == 0)
        snprintf(info->host, sizeof info->host, "%.63s", name.nodename);
    system_kernel_read(root, &kernel);
    snprintf(info->arch, sizeof info->arch, "%s", kernel.arch);
    snprintf(info->kernel, sizeof info->kernel, "%s", kernel.release);
    model_read(root, info->cpu_model, sizeof info->cpu_model);
    hypervisor_read(root, info->hypervisor, sizeof info->hypervisor);
    prefetchers_read(root, info->prefetchers, sizeof info->prefetchers);
    settings_read(root, info->settings, sizeof info->settings);
    char *const text[] = {info->host, info->arch, info->kernel, info->cpu_model, info->hypervisor};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        sysfile_tidy(text[i]);
}

void system_read(struct system_info *info)
{
    system_read_at("", info);
}
