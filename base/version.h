/* SPDX-License-Identifier: MIT
 * The version of the program, which the build takes from the file VERSION. */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

extern const char numaprobe_version[];

#endif
