/* SPDX-License-Identifier: MIT
 * The report of `numaprobe watch --maps`. */
#ifndef CLI_WATCH_WATCH_MAPS_H
#define CLI_WATCH_WATCH_MAPS_H

#include "analysis/go/map_view.h"
#include "cli/watch/watch.h"

void watch_print_maps(const struct watch_session *session, const struct map_view *view, FILE *out);

#endif
