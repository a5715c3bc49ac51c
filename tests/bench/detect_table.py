"""The table of scripts/bench-detect, and what it comes to. A program has a kind, a name, a state (none: a larger one)
and rounds, each with the figures of every form: seconds, cpu_seconds, peak_kib, outside_seconds."""
import statistics

WATCHED = ["sampled", "full"]
COMPARED = [*WATCHED, "tsan"]
LIMITS, WORST = {"sampled": 4, "full": 8}, 15
GO_LIMITS, GO_WORST = {"sampled": 3.5, "full": 5.5}, {"sampled": 8, "full": 15}
MORE_MB = 64


def ratios(program, form, what="seconds"):
    return [r[form][what] / r["plain"][what] for r in program.rounds]


def middle(program, form, what="seconds"):
    return statistics.median(ratios(program, form, what))


def peak_mb(program, form):
    return max(r[form]["peak_kib"] for r in program.rounds) / 1024


def over_half_mb(program, form):
    """By how much it is above half as much again as the plain one."""
    return peak_mb(program, form) - 1.5 * peak_mb(program, "plain")


def named(program, form):
    return " ".join(filter(None, [program.name, program.state, form]))


def report_seconds(program):
    """What it takes longer around the program than around the plain one."""
    return statistics.median(max(0, r["sampled"]["outside_seconds"] - r["plain"]["outside_seconds"])
                             for r in program.rounds)


def with_quartiles(values):
    text = f"{statistics.median(values):.2f}"
    if len(values) > 1:
        low, _, high = statistics.quantiles(values, n=4, method="inclusive")
        text += f" {low:.1f}-{high:.1f}"
    return f"{text:>15}"


HEADING = (f"{'program':<16}{'state':<7}{'plain s':>7}{'sampled x':>16}{'full x':>16}{'tsan x':>16}"
           f"{'MB':>5}{'sampl':>6}{'full':>5}{'report':>7}")


def row(program):
    seconds = statistics.median(r["plain"]["seconds"] for r in program.rounds)
    return (f"{program.name:<16}{program.state:<7}{seconds:7.3f} " +
            " ".join(with_quartiles(ratios(program, form)) if form in program.rounds[0] else f"{'-':>15}"
                     for form in COMPARED) +
            f"{peak_mb(program, 'plain'):5.0f}{peak_mb(program, 'sampled'):6.0f}{peak_mb(program, 'full'):5.0f}"
            f"{report_seconds(program):7.2f}")


def put_means(name, programs, what="seconds"):
    if programs:
        means = [statistics.geometric_mean(middle(p, form, what) for p in programs)
                 for form in COMPARED if form in programs[0].rounds[0]]
        print(f"{name:<30} " + " ".join(f"{mean:<15.2f}" for mean in means).rstrip())


def put_limit(limit, met, found):
    print(f"{limit}: {'met' if met else 'missed'}, {found}")


def slowest(runs):
    return max(runs, key=lambda run: middle(*run))


def put_means_limits(programs, limits, what):
    for form, most in limits.items():
        mean = statistics.geometric_mean(middle(p, form) for p in programs)
        put_limit(f"at most {most}x {form}{what}", mean <= most, f"{mean:.2f}x")


def put_limits(programs, where):
    """Of docs/detect.md."""
    put_means_limits(programs, LIMITS, where)
    runs = [(p, form) for p in programs for form in WATCHED]
    worst = slowest(runs)
    put_limit(f"at most {WORST}x at worst{where}", middle(*worst) <= WORST, f"{middle(*worst):.2f}x, {named(*worst)}")
    largest = max(runs, key=lambda run: over_half_mb(*run))
    put_limit(f"at most 50% and {MORE_MB} MB more memory{where}", over_half_mb(*largest) <= MORE_MB,
              f"50% and {over_half_mb(*largest):.0f} MB, {named(*largest)}")


def put_go_limits(programs):
    """Of docs/detect-go.md, for each version of Go."""
    for version in sorted({p.state for p in programs}):
        jobs = [p for p in programs if p.state == version]
        put_means_limits(jobs, GO_LIMITS, f", Go {version}")
        for form, most in GO_WORST.items():
            worst = slowest([(p, form) for p in jobs])
            put_limit(f"at most {most}x {form} at worst, Go {version}", middle(*worst) <= most,
                      f"{middle(*worst):.2f}x, {named(*worst)}")


def put_summary(programs):
    """Geometric means, and the limits."""
    in_c = [p for p in programs if p.kind in ("twin", "larger")]
    in_rust, in_go = [[p for p in programs if p.kind == kind] for kind in ("rust", "go")]
    print("\ngeometric means")
    put_means("twins", [p for p in in_c if p.kind == "twin"])
    put_means("larger programs", [p for p in in_c if p.kind == "larger"])
    put_means("all", in_c)
    put_means("all, processor time", in_c, "cpu_seconds")
    put_means("twins in Rust", in_rust)
    for version in sorted({p.state for p in in_go}):
        put_means(f"jobs in Go {version}", [p for p in in_go if p.state == version])
    print()
    if in_c:
        put_limits(in_c, "")
    if in_rust:
        put_limits(in_rust, ", Rust")
    if in_go:
        put_go_limits(in_go)
