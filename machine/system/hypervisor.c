/* SPDX-License-Identifier: MIT
 * Which hypervisor this machine runs under. From files: not every architecture has an instruction
 * for it, and CPUID names KVM for most clouds. */
#include "machine/system/hypervisor.h"

#include "machine/system/sysfile.h"

#include <stdio.h>
#include <string.h>

#define DMI "/sys/class/dmi/id/"
#define ACPI_OWNER "/sys/firmware/acpi/tables/APIC"
#define CLOCKS "/sys/devices/system/clocksource/clocksource0/available_clocksource"

/* The more specific first: a vendor's mark, then what the guest's kernel found out. */
static const struct mark {
    const char *path, *text, *name;
} marks[] = {
    {"/sys/hypervisor/type", "xen", "Xen"},
    {ACPI_OWNER, "FIRECK", "Firecracker"},
    {ACPI_OWNER, "CLOUDH", "Cloud Hypervisor"},
    {DMI "sys_vendor", "Amazon EC2", "Amazon EC2"},
    {DMI "sys_vendor", "Google", "Google Compute Engine"},
    {DMI "sys_vendor", "VMware", "VMware"},
    {DMI "product_name", "VMware", "VMware"},
    {DMI "sys_vendor", "innotek", "VirtualBox"},
    {DMI "product_name", "VirtualBox", "VirtualBox"},
    {DMI "sys_vendor", "Xen", "Xen"},
    {DMI "sys_vendor", "Parallels", "Parallels"},
    {DMI "sys_vendor", "Apple", "Apple Virtualization"},
    {DMI "sys_vendor", "Alibaba Cloud", "Alibaba Cloud"},
    {DMI "sys_vendor", "OpenStack", "KVM"},
    {DMI "product_name", "OpenStack", "KVM"},
    {DMI "product_name", "KVM", "KVM"},
    {CLOCKS, "hyperv_clocksource", "Hyper-V"},
    {CLOCKS, "kvm-clock", "KVM"},
    {CLOCKS, "xen", "Xen"},
    {DMI "sys_vendor", "QEMU", "QEMU"},
    {DMI "product_name", "Bochs", "Bochs"},
    {"/proc/device-tree/hypervisor/compatible", "xen", "Xen"},
    {"/proc/device-tree/hypervisor/compatible", "kvm", "KVM"},
    {"/proc/device-tree/hypervisor/compatible", "vmware", "VMware"},
    {"/proc/device-tree/compatible", "dummy-virt", "QEMU"},
};

static bool file_has(const char *root, const char *path, const char *text)
{
    char found[512];
    if (!sysfile_read(root, path, found, sizeof found))
        return false;
    /* An ACPI table is binary, its owner (bytes 10 to 15 of the header) within what was read. */
    return memmem(found, sizeof found, text, strlen(text)) != NULL;
}

/* x86 has a flag in every cpu; other architectures have no such line. */
enum kind { KIND_UNKNOWN, KIND_VIRTUAL, KIND_REAL };

static enum kind cpu_kind(const char *root)
{
    char flags[8192];
    if (!sysfile_value(root, "/proc/cpuinfo", "flags", flags, sizeof flags))
        return KIND_UNKNOWN;
    return strstr(flags, " hypervisor") != NULL ? KIND_VIRTUAL : KIND_REAL;
}

void hypervisor_read(const char *root, char *out, size_t size)
{
    const enum kind kind = cpu_kind(root);
    snprintf(out, size, kind == KIND_VIRTUAL ? "unknown" : "");
    /* Clouds rent out bare metal under the same vendor's name. */
    if (kind == KIND_REAL || file_has(root, DMI "product_name", ".metal"))
        return;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (file_has(root, marks[i].path, marks[i].text)) {
            snprintf(out, size, "%s", marks[i].name);
            return;
        }
}
