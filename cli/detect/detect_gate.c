/* SPDX-License-Identifier: MIT
 * Findings against the gate. It acts on what is sure: on the lower end of a gain's interval. */
#include "cli/detect/detect_gate.h"

#include "base/args.h"
#include "cli/cmd.h"
#include "cli/detect/detect.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

static const char false_sharing[] = "false-sharing", gain[] = "gain:";

/* What is behind `text`, and the colon there; NULL where something else follows. */
static const char *object_behind(const char *end)
{
    return *end == ':' && end[1] ? end + 1 : NULL;
}

static int parse_gain(
    const struct option_row *row, const char *text, struct detect_gate *gate, struct err *err)
{
    char share[32];
    const char *const number = text + strlen(gain);
    const size_t length = strcspn(number, ":");
    snprintf(share, sizeof share, "%.*s", (int)(length < sizeof share ? length : 0), number);
    gate->on = GATE_GAIN;
    gate->object = object_behind(number + length);
    return args_share(row->name, share, &gate->gain, err);
}

int detect_gate_parse(const struct option_row *row, const char *text, void *value, struct err *err)
{
    struct detect_gate *const gate = value;
    const size_t length = strlen(false_sharing);
    const bool named = strncmp(text, false_sharing, length) == 0 && object_behind(text + length);
    if (strncmp(text, gain, strlen(gain)) == 0)
        return parse_gain(row, text, gate, err);
    if (!named && strcmp(text, false_sharing) != 0)
        return err_set(err, -EINVAL,
            "%s: expected false-sharing, gain:5%% or either with :OBJECT, found '%s'", row->name,
            text);
    *gate = (struct detect_gate){.on = GATE_FALSE_SHARING, .object = object_behind(text + length)};
    return 0;
}

static bool is_named(const struct detect_gate *gate, const struct sharing *sharing)
{
    for (size_t i = 0; i < sharing->objects && gate->object; i++)
        if (fnmatch(gate->object, sharing->object[i].name, 0) == 0 ||
            fnmatch(gate->object, sharing->object[i].type_name, 0) == 0)
            return true;
    return !gate->object;
}

static bool fails(const struct detect_gate *gate, const struct price *price)
{
    return gate->on == GATE_FALSE_SHARING ||
           (price->known && price->happens && price->speedup.low > 1 + gate->gain);
}

static bool is_open(const struct detect_gate *gate, const struct price *price)
{
    return gate->on == GATE_GAIN && (!price->known || (price->verdict == PRICE_UNDECIDED &&
                                                          price->speedup.high > 1 + gate->gain));
}

static void report_gate(const struct detect_gate *gate, size_t failing, size_t open, size_t named)
{
    if (failing)
        cmd_warn(stderr, "--fail-on: failed, for %zu finding%s.", failing, failing == 1 ? "" : "s");
    else if (open)
        cmd_warn(stderr, "--fail-on: of %zu finding%s the gain is not decided.", open,
            open == 1 ? "" : "s");
    else if (gate->object && !named)
        cmd_warn(stderr, "--fail-on: nothing that was found is of '%s'.", gate->object);
}

int detect_gate_status(const struct detect_session *s)
{
    const struct detect_gate *const gate = &s->args.fail_on;
    size_t failing = 0, open = 0, named = 0;
    for (size_t i = 0; i < s->list.count && gate->on; i++) {
        const struct sharing *const sharing = s->list.finding[i];
        if (sharing->kind == SHARING_TRUE || !is_named(gate, sharing))
            continue;
        named++;
        failing += fails(gate, &s->prices.price[i]);
        open += is_open(gate, &s->prices.price[i]);
    }
    if (!s->args.quiet)
        report_gate(gate, failing, open, named);
    return failing || (gate->on && s->view.unseen) ? EXIT_FOUND : EXIT_DONE;
}
