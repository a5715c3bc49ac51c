/* SPDX-License-Identifier: MIT
 * The findings as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), numbers in
 * comments are its sections. True sharing is not listed, since no layout changes it. */
#include "cli/detect/detect.h"

#include "analysis/finding/finding_text.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/detect/sarif_place.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static const char schema_uri[] =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/* The project has no public address; this page describes what is reported. */
static const char information_uri[] = "https://en.wikipedia.org/wiki/False_sharing";

static const struct {
    const char *id, *name, *summary, *details;
} rules[] = {
    {"false-sharing", "FalseSharing", "Threads falsely shared a cache line",
        "Threads took a cache line from each other although none of them needed the other's bytes. "
        "On separate lines they do not."},
    {"latent-false-sharing", "LatentFalseSharing", "Threads may falsely share a cache line",
        "It did not happen in this run, but may where the threads run at the same time, where the "
        "object is at another address, or on a processor with longer lines."},
    {"mixed-sharing", "MixedSharing", "Threads falsely and truly shared a cache line",
        "A part of what threads do on a cache line is on bytes that several of them use; the other "
        "part would not contend on separate lines."},
};
enum { RULE_FALSE, RULE_LATENT, RULE_MIXED, RULES };

static int rule_of(const struct finding_view *f)
{
    return f->latent ? RULE_LATENT : f->kind == SHARING_MIXED ? RULE_MIXED : RULE_FALSE;
}

static json_t *rules_json(void)
{
    json_t *const list = json_array();
    for (int i = 0; i < RULES; i++)
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:{s:s}, s:{s:s}, s:s, s:{s:s}}", "id", rules[i].id, "name",
                      rules[i].name, "shortDescription", "text", rules[i].summary,
                      "fullDescription", "text", rules[i].details, "helpUri", information_uri,
                      "defaultConfiguration", "level", "warning"));
    return list;
}

static bool is_known(const struct dwarf_frame *frame)
{
    return frame->file && *frame->file && frame->line;
}

/* What several sites of one place do, with the threads that do it. */
static json_t *site_message(const struct finding_view *f, size_t index)
{
    const struct sharing_site *const site = &f->sites.at[index];
    char text[FINDING_TEXT], letters[SHARING_SET_BITS + 1];
    sarif_letters(f, index, letters, sizeof letters);
    snprintf(
        text, sizeof text, "%s by thread%s %s", access_text(site), letters[1] ? "s" : "", letters);
    if (site->frame.function)
        text_append(text, sizeof text, " in %s", site->frame.function);
    return sarif_message(text);
}

static void add_related(
    json_t *list, const char *root, const struct sharing_place *place, json_t *message)
{
    json_t *const location = sarif_location(root, place);
    json_object_set_new(location, "id", json_integer((json_int_t)json_array_size(list) + 1));
    json_object_set_new(location, "message", message);
    json_array_append_new(list, location);
}

static json_t *related_json(const struct finding_view *f, const char *root)
{
    json_t *const list = json_array();
    const struct sharing_object *object;
    char text[FINDING_TEXT];
    for (size_t i = 0; i < f->sites.count; i++) {
        const struct dwarf_frame *const at = &f->sites.at[i].frame;
        if (is_known(at) && sarif_is_first(f, i))
            add_related(list, root, &(struct sharing_place){at->file, at->line, at->folder},
                site_message(f, i));
    }
    for (uint64_t i = 0; (object = finding_view_object(f, i)); i++) {
        const struct dwarf_frame *const made = object->allocated.at;
        if (object->allocated.count && is_known(made))
            add_related(list, root, &(struct sharing_place){made->file, made->line, made->folder},
                sarif_message("allocated here"));
        snprintf(text, sizeof text, "next to it: %s", object_name(object));
        if (i && object->declared && object->declared->line)
            add_related(list, root, object->declared, sarif_message(text));
    }
    return list;
}

/* The declaration, else the first access; without either the file that ran. */
static json_t *locations_json(const struct finding_view *f, const char *root)
{
    const struct sharing_place *const declared = f->object ? f->object->declared : NULL;
    struct sharing_place place = {0};
    if (declared && declared->file && declared->line)
        place = *declared;
    for (size_t i = 0; i < f->sites.count && !place.file; i++) {
        const struct dwarf_frame *const at = &f->sites.at[i].frame;
        if (is_known(at))
            place = (struct sharing_place){at->file, at->line, at->folder};
    }
    if (!place.file && f->sites.count)
        place.file = f->sites.at[0].frame.module;
    return place.file ? json_pack("[o]", sarif_location(root, &place)) : json_array();
}

static json_t *result_json(
    const struct detect_view *view, const struct finding_view *f, const char *root)
{
    const int rule = rule_of(f);
    char text[4 * FINDING_TEXT], part[FINDING_TEXT], print[SARIF_PRINT];
    snprintf(text, sizeof text, "%s. ", title_text(f, part));
    text_append(text, sizeof text, "%s. ", amount_text(f, part));
    text_append(text, sizeof text, "Suggestion: %s.", f->suggestion.text);
    if (view->priced) {
        price_text(&f->price, part, sizeof part);
        text_append(text, sizeof text, " Gain: %s.", part);
    }
    return json_pack("{s:s, s:i, s:s, s:i, s:o, s:o, s:o, s:{s:o}}", "ruleId", rules[rule].id,
        "ruleIndex", rule, "level", "warning", "occurrenceCount", 1, "message", sarif_message(text),
        "locations", locations_json(f, root), "relatedLocations", related_json(f, root),
        "partialFingerprints", "numaprobe/v1", json_text(sarif_fingerprint(f, print)));
}

static bool are_same(const json_t *a, const json_t *b)
{
    static const char *const keys[] = {"ruleId", "locations", "partialFingerprints"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!json_equal(json_object_get(a, keys[i]), json_object_get(b, keys[i])))
            return false;
    return true;
}

/* What several processes have in common is one result. Takes `result` in any case. */
static int append_result(json_t *list, json_t *result)
{
    for (size_t i = 0; result && i < json_array_size(list); i++) {
        json_t *const earlier = json_array_get(list, i);
        if (!are_same(earlier, result))
            continue;
        const json_t *const count = json_object_get(earlier, "occurrenceCount");
        json_decref(result);
        return json_object_set_new(
            earlier, "occurrenceCount", json_integer(json_integer_value(count) + 1));
    }
    return json_array_append_new(list, result);
}

static json_t *results_json(const struct detect_view *view, const char *root)
{
    json_t *const list = json_array();
    for (size_t i = 0; i < view->findings.count; i++) {
        const struct finding_view *const f = &view->findings.at[i];
        if (finding_view_is_false(f) && append_result(list, result_json(view, f, root)) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* An empty list of results must not pass for an answer (3.20.21). */
static json_t *invocations_json(const struct detect_view *view)
{
    const bool is_little = detect_view_count(view) == 0 && detect_view_is_little(view);
    char text[FINDING_TEXT];
    json_t *const notes = json_array();
    if (view->unseen || is_little)
        json_array_append_new(
            notes, json_pack("{s:s, s:o}", "level", view->unseen ? "error" : "warning", "message",
                       sarif_message(view->unseen ? view->unseen : nothing_text(view, text))));
    return json_pack(
        "[{s:b, s:o}]", "executionSuccessful", !view->unseen, "toolExecutionNotifications", notes);
}

int detect_print_sarif(const struct detect_view *view, FILE *out)
{
    char *const root = sarif_root(), *const base = root ? sarif_base(root) : NULL;
    json_t *const document =
        base ? json_pack("{s:s, s:s, s:[{s:{s:{s:s, s:o, s:s, s:o}}, s:o, "
                         "s:{s:{s:o}}, s:o}]}",
                   "$schema", schema_uri, "version", "2.1.0", "runs", "tool", "driver", "name",
                   "numaprobe", "version", json_text(view->version), "informationUri",
                   information_uri, "rules", rules_json(), "invocations", invocations_json(view),
                   "originalUriBaseIds", "SRCROOT", "uri", json_text(base), "results",
                   results_json(view, root))
             : NULL;
    free(root);
    free(base);
    return document ? json_print(document, out) : -ENOMEM;
}
