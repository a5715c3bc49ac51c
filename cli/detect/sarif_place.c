/* SPDX-License-Identifier: MIT
 * Parts of SARIF. */
#include "cli/detect/sarif_place.h"

#include "analysis/finding/finding_text.h"
#include "analysis/finding/line_map.h"
#include "analysis/format/uri.h"
#include "base/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *sarif_root(void)
{
    char *const root = getcwd(NULL, 0);
    return root ? root : strdup("/"); /* the folder was removed */
}

char *sarif_base(const char *root)
{
    bool is_below;
    char *const uri = uri_of_path("", root, &is_below), *base = NULL;
    const bool made =
        uri && asprintf(&base, "file:///%s%s", is_below ? uri : "", is_below ? "/" : "") >= 0;
    free(uri);
    return made ? base : NULL;
}

/* A compiler may have been given a link to the folder. */
static char *relative_uri(const char *root, const char *path, bool *is_below)
{
    char *const uri = uri_of_path(root, path, is_below);
    char *const real = *is_below ? NULL : realpath(path, NULL);
    char *const real_uri = real ? uri_of_path(root, real, is_below) : NULL;
    free(real);
    if (!*is_below)
        free(real_uri);
    else if (real_uri)
        free(uri);
    return *is_below && real_uri ? real_uri : uri;
}

json_t *sarif_location(const char *root, const struct sharing_place *place)
{
    bool is_below = false;
    char *const path = uri_path(root, place->folder, place->file);
    char *const uri = path ? relative_uri(root, path, &is_below) : NULL;
    json_t *const file = uri ? json_pack("{s:s}", "uri", uri) : NULL;
    free(path);
    free(uri);
    if (file && is_below)
        json_object_set_new(file, "uriBaseId", json_string("SRCROOT"));
    json_t *const physical = json_pack("{s:o}", "artifactLocation", file);
    if (physical && place->line)
        json_object_set_new(
            physical, "region", json_pack("{s:I}", "startLine", (json_int_t)place->line));
    return json_pack("{s:o}", "physicalLocation", physical);
}

/* Braces are doubled, since single ones mark what is to be inserted (3.11.5). */
json_t *sarif_message(const char *text)
{
    char *escaped = malloc(2 * strlen(text) + 1), *to = escaped;
    for (; escaped && *text; text++) {
        if (*text == '{' || *text == '}')
            *to++ = *text;
        *to++ = *text;
    }
    if (!escaped)
        return NULL;
    *to = '\0';
    json_t *const message = json_pack("{s:o}", "text", json_text(escaped));
    free(escaped);
    return message;
}

bool sarif_is_first(const struct finding_view *finding, size_t site)
{
    for (size_t i = 0; i < site; i++)
        if (site_is_like(&finding->sites.at[i], &finding->sites.at[site]))
            return false;
    return true;
}

void sarif_letters(const struct finding_view *finding, size_t site, char *out, size_t size)
{
    uint64_t set = 0;
    for (size_t i = site; i < finding->sites.count; i++) {
        const size_t thread = finding->sites.at[i].thread;
        if (site_is_like(&finding->sites.at[site], &finding->sites.at[i]))
            set |= 1ull << (thread < SHARING_SET_BITS ? thread : SHARING_SET_BITS - 1);
    }
    line_map_letters(set, out, size);
}

/* FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint64_t hash_text(uint64_t hash, const char *text)
{
    for (const char *at = text ? text : ""; *at; at++)
        hash = (hash ^ (unsigned char)*at) * 0x100000001b3ull;
    return (hash ^ 0xff) * 0x100000001b3ull; /* no byte of UTF-8: it ends the text */
}

static uint64_t hash_object(const struct sharing_object *object)
{
    uint64_t hash = hash_text(0xcbf29ce484222325ull, object_name(object));
    hash = hash_text(hash, object->type_name);
    for (size_t i = 0; i < object_calls(object); i++)
        hash = hash_text(hash, object->allocated.at[i].function);
    return hash;
}

/* Of objects without names: the first by the alphabet, since the order of sites varies. */
static const char *first_function(const struct finding_view *finding)
{
    const char *first = NULL;
    for (size_t i = 0; i < finding->sites.count; i++) {
        const char *const name = finding->sites.at[i].frame.function;
        if (name && (!first || strcmp(name, first) < 0))
            first = name;
    }
    return first;
}

static bool has_name(const struct sharing_object *object)
{
    return object && (*object->name || *object->type_name || object->allocated.count);
}

/* A sum, since which of the objects comes first may differ from run to run. */
const char *sarif_fingerprint(const struct finding_view *finding, char *out)
{
    const struct sharing_object *object;
    uint64_t sum = has_name(finding->object) ? 0 : hash_text(0, first_function(finding));
    for (uint64_t i = 0; (object = finding_view_object(finding, i)); i++)
        sum += hash_object(object);
    snprintf(out, SARIF_PRINT, "%016" PRIx64, sum);
    return out;
}
