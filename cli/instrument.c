/* SPDX-License-Identifier: MIT
 * From the command line to the exit code: plan, measure, report. */
#include "cli/instrument.h"

#include "cli/cmd.h"
#include "cli/output_files.h"
#include "cli/signals.h"

#include <errno.h>

static int write_outputs(
    const struct instrument_hooks *hooks, struct instrument *in, struct err *err)
{
    int code = 0;
    if (in->csv.stream)
        code = hooks->write_csv(in, in->csv.stream, err);
    if (!code && in->csv.stream)
        code = outfile_commit(&in->csv, err);
    if (!code && in->json.stream) {
        hooks->print_report(in, in->json.stream, true);
        code = outfile_commit(&in->json, err);
    }
    if (!code && in->prometheus.stream) {
        hooks->print_metrics(in, in->prometheus.stream);
        code = outfile_commit(&in->prometheus, err);
    }
    /* A card is compared with others long after: half of one is none. */
    if (!code && in->card.stream && !*in->stop) {
        hooks->print_card(in, in->card.stream);
        code = outfile_commit(&in->card, err);
    }
    return code;
}

/* An interrupted or failed run still reports everything measured so far. */
static int report(const struct instrument_hooks *hooks, struct instrument *in)
{
    struct err err;
    if (hooks->summarise(in, &err))
        return cmd_fail(&err, EXIT_CANNOT);
    FILE *const text =
        in->prometheus.is_stdout || in->card.is_stdout ? stderr : output_text(&in->csv, &in->json);
    hooks->print_report(in, text, false);
    const int status = cmd_done(EXIT_DONE);
    return write_outputs(hooks, in, &err) ? cmd_fail(&err, EXIT_FILE) : status;
}

static int measure(const struct instrument_hooks *hooks, struct instrument *in)
{
    struct err err;
    const struct output_file outputs[] = {{"--csv", in->args->csv, &in->csv},
        {"--json", in->args->json, &in->json},
        {"--prometheus", in->args->prometheus, &in->prometheus},
        {"--card", in->args->card, &in->card}};
    const int opened = output_files_open_all(outputs, sizeof outputs / sizeof *outputs, &err);
    if (opened)
        return cmd_fail(&err, opened == -EINVAL ? EXIT_USAGE : EXIT_FILE);
    const int prepared = hooks->prepare(in, &err);
    if (prepared)
        return cmd_fail(&err, cmd_status(prepared));
    const int measured = hooks->measure(in, &err);
    const int status = report(hooks, in);
    if (*in->stop)
        return 128 + *in->stop;
    if (measured)
        return cmd_fail(&err, EXIT_CANNOT);
    return status == EXIT_DONE && hooks->judge ? hooks->judge(in) : status;
}

static int make_plan(const struct instrument_hooks *hooks, struct instrument *in, struct err *err)
{
    if (in->args->topology && !in->args->dry_run)
        return err_set(err, -EINVAL,
            "--topology: nothing can be measured on a machine that is not here; add --dry-run");
    const int code = machine_open(in->args->topology, &in->machine, &in->topology, err);
    return code ? code : hooks->make_plan(in, err);
}

int instrument_main(
    const struct instrument_hooks *hooks, struct instrument *in, void *args, int argc, char **argv)
{
    struct err err;
    int status = options_parse(hooks->options, &argc, &argv, args);
    if (status < 0 && hooks->choose)
        hooks = hooks->choose(in);
    if (status < 0 && hooks->list)
        status = hooks->list(in);
    if (status >= 0)
        return status;
    /* First, so that a signal leaves nothing behind that was only begun: a user's layout half
     * compiled, a file half written. */
    in->stop = signals_listen();
    const int planned = make_plan(hooks, in, &err);
    if (*in->stop)
        return 128 + *in->stop;
    if (planned)
        return cmd_fail(&err, cmd_status(planned));
    return in->args->dry_run ? hooks->print_plan(in) : measure(hooks, in);
}

void instrument_begin(struct instrument *in, size_t threads,
    int (*block)(void *session, struct samples *samples, struct err *err),
    bool (*enough)(void *session, const struct summary *summary))
{
    in->sampling = (struct sampling){.precision = in->args->precision,
        .max_time_ns = in->args->max_time_ns,
        .quiet = in->args->quiet,
        .threads = threads,
        .context = in,
        .block = block,
        .enough = enough};
    sampling_begin(&in->sampling);
}

int instrument_sample(void *session, struct err *err)
{
    struct instrument *const in = session;
    return sampling_run(&in->sampling, err);
}

int instrument_write_samples(void *session, FILE *out, struct err *err)
{
    (void)err;
    const struct instrument *const in = session;
    samples_write(&in->sampling.samples, out);
    return 0;
}

void instrument_fini(struct instrument *in)
{
    sampling_fini(&in->sampling);
    outfile_discard(&in->csv);
    outfile_discard(&in->json);
    outfile_discard(&in->prometheus);
    outfile_discard(&in->card);
    topology_fini(&in->topology);
    machine_close(in->machine);
}
