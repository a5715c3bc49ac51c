/* SPDX-License-Identifier: MIT
 * machine/recording_make: what is recorded, what stays behind, and where a recording is written. */
#include "tests/recording_made.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *found_text(const struct pieces *pieces, const char *path)
{
    for (size_t i = 0; i < pieces->count; i++)
        if (strcmp(pieces->piece[i].path, path) == 0)
            return pieces->piece[i].text;
    return NULL;
}

static void what_is_private_stays_behind(void **state)
{
    (void)state;
    struct fakeroot root;
    struct pieces p;
    fakeroot_init(&root);
    fakeroot_file(&root, "/proc/cmdline", "secret=1\n");
    fakeroot_file(&root, "/proc/cpuinfo",
        "processor: 0\nflags: fpu\nSerial: secret\n\nprocessor: 1\nflags: fpu\nSerial: secret\n");
    fakeroot_file(&root, "/proc/mounts",
        "secret:/home /home nfs rw 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n");
    fakeroot_file(&root, "/proc/self/cgroup", "3:memory:/secret\n0::/a/b\n");
    fakeroot_file(&root, "/proc/self/status", "Name:\tsecret\nCpus_allowed_list:\t0-1\n");
    fakeroot_file(&root, "/proc/stat", "cpu 1 2\ncpu0 1 2\nintr secret\n");
    fakeroot_file(&root, "/sys/class/dmi/id/product_serial", "secret\n");
    fakeroot_file(&root, "/sys/class/dmi/id/product_uuid", "secret\n");
    fakeroot_file(&root, "/sys/class/dmi/id/chassis_asset_tag", "secret\n");
    fakeroot_file(&root, "/sys/class/dmi/id/product_name", "KVM\n");
    fakeroot_file(&root, "/sys/fs/cgroup/cpu.max", "max 100000\n");
    fakeroot_file(&root, "/sys/fs/cgroup/a/b/cpu.max", "1 2\n");
    fakeroot_file(&root, "/sys/fs/cgroup/a/cpuset.cpus.effective", "0-1\n");
    fakeroot_file(&root, "/sys/fs/cgroup/a/cgroup.procs", "secret\n");
    assert_int_equal(pieces_gather(root.path, &p), 0);
    char *const text = written(&p);
    assert_null(strstr(text, "secret"));
    assert_string_equal(
        found_text(&p, "/proc/cpuinfo"), "processor: 0\nflags: fpu\n\nprocessor: 1\n");
    assert_string_equal(found_text(&p, "/proc/self/cgroup"), "0::/a/b\n");
    assert_string_equal(found_text(&p, "/proc/stat"), "cpu0 1 2\n");
    assert_string_equal(found_text(&p, "/sys/class/dmi/id/product_name"), "KVM\n");
    assert_string_equal(found_text(&p, "/sys/fs/cgroup/cpu.max"), "max 100000\n");
    assert_string_equal(found_text(&p, "/sys/fs/cgroup/a/b/cpu.max"), "1 2\n");
    assert_string_equal(found_text(&p, "/sys/fs/cgroup/a/cpuset.cpus.effective"), "0-1\n");
    free(text);
    pieces_fini(&p);
    fakeroot_fini(&root);
}

static void a_folder_that_has_something_is_not_written_to(void **state)
{
    (void)state;
    struct fakeroot root;
    struct recording_made made;
    struct err err = {0};
    char folder[300];
    fakeroot_init(&root);
    add_small(&root);
    snprintf(folder, sizeof folder, "%s/full", root.path);
    fakeroot_file(&root, "/full/x", "mine\n");
    assert_int_equal(make(&root, folder, &made, &err), -EEXIST);
    assert_non_null(strstr(err.text, "not an empty or a new folder"));
    snprintf(folder, sizeof folder, "%s/full/x", root.path);
    assert_int_equal(make(&root, folder, &made, &err), -EEXIST);
    snprintf(folder, sizeof folder, "%s/empty/", root.path);
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_int_equal(make(&root, folder, &made, &err), 0);
    assert_true(file_bytes(folder, "files.txt") > 0);
    snprintf(folder, sizeof folder, "%s/missing/new", root.path);
    assert_int_equal(make(&root, folder, &made, &err), -ENOENT);
    fakeroot_fini(&root);
}
