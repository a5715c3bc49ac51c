/* SPDX-License-Identifier: MIT
 * Names of files as URIs (RFC 3986, RFC 8089). */
#ifndef ANALYSIS_FORMAT_URI_H
#define ANALYSIS_FORMAT_URI_H

#include <stdbool.h>

/* The absolute path of `file`, which is relative to `folder`, and that to `root`; `folder` may be
 * NULL. Without ".", ".." and double slashes, by the text alone. The caller frees it; NULL: out of
 * memory. */
char *uri_path(const char *root, const char *folder, const char *file);

/* Where a path lies below `root`, the URI relative to it, and *is_below; else an absolute one that
 * begins with "file://". What is not unreserved is percent-encoded. The caller frees it; NULL: out
 * of memory. */
char *uri_of_path(const char *root, const char *path, bool *is_below);

#endif
