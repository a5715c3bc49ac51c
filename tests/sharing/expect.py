"""What must be said about a twin: the report of `numaprobe detect` (docs/detect.md, JSON) against the source's own
words, and the bytes its threads use against the lines they lie on. Returns what is wrong, in words; [] is right."""
import os
import re
from itertools import combinations

FALSE = ("false", "mixed")


def names(text):
    """jobs[1].sum, Buffer::refs: the words in it; a path's last name is among them."""
    return set(re.findall(r"\w+", text or ""))


def objects(finding):
    return [finding["object"], *finding["beside"]]


def is_expected(twin, finding):
    """The finding is about an object that the twin's source names."""
    allocators = twin.expects("heap")
    for thing in objects(finding):
        frames = thing.get("allocated") or [{}]
        if allocators & names(frames[0].get("function")):
            return True
        if twin.expects("object") & names(thing.get("name")):
            return True
    return False


def wrong_object(twin, findings):
    things = [thing for finding in findings for thing in objects(finding)]
    wrong = []
    seen = set().union(*[names(thing.get("name")) for thing in things])
    wanted = twin.expects("object")
    # Of scalars side by side, where the line's end falls decides which ones share it: two at least.
    if len(wanted & seen) < min(2, len(wanted)):
        wrong.append(f"objects {sorted(seen)}, not {sorted(wanted)}")
    kinds = {thing["kind"] for thing in things}
    kind = twin.expects("kind") or ({"heap"} if twin.expects("heap") else {"global"})
    if kinds != kind:
        wrong.append(f"object of kind {sorted(kinds)}, not {sorted(kind)}")
    types = set().union(*[names(thing.get("type")) for thing in things])
    if not twin.expects("type") <= types:
        wrong.append(f"types {sorted(types)}, not {sorted(twin.expects('type'))}")
    modules = {os.path.basename(line["module"] or "") for finding in findings for line in finding["lines"]}
    if not twin.expects("module") <= modules:
        wrong.append(f"accesses from {sorted(modules)}, not {sorted(twin.expects('module'))}")
    return wrong


def wrong_fields(twin, findings):
    fields = [field["name"] or "" for finding in findings for field in finding["fields"]]
    seen = set().union(*[names(field) for field in fields], set())
    wrong = [f"field {field} is missing of {fields}" for field in sorted(twin.expects("field") - seen)]
    known = twin.expects("field") | twin.expects("also")
    if twin.expects("field"):
        wrong += [f"field {field!r} is none of the twin's" for field in fields if not names(field) & known]
    return wrong


def wrong_lines(twin, findings):
    seen = {(os.path.basename(line["file"] or "?"), line["line"]) for finding in findings for line in finding["lines"]}
    own = {line for file, line in seen if file == os.path.basename(twin.path)}
    wrong = [f"line {line} is missing" for line in sorted(twin.hot - own)]
    wrong += [f"line {line} is not hot" for line in sorted(own - twin.hot - twin.touched)]
    wrong += [f"line {line} of {file}" for file, line in sorted(seen, key=str) if file != os.path.basename(twin.path)]
    return wrong


def describe(finding):
    where = ", ".join(str(thing.get("name") or thing["kind"]) for thing in objects(finding))
    return f"{finding['kind']}{', ' + finding['latent'] if finding['latent'] else ''}: {where}"


def wrong_broken(twin, findings, cpus):
    """CPUS: that the threads have; None: nothing is known of it, as others use them, too."""
    wrong = [f"a false alarm ({describe(f)})" for f in findings if not is_expected(twin, f)]
    found = [f for f in findings if is_expected(twin, f)]
    # On two cpus it happens; on one it would. What only other starts or lines would bring is not the twin's bug.
    latent = (None,) if cpus and cpus > 1 else (None, "turns")
    real = [f for f in found if f["latent"] in latent]
    if not real:
        return wrong + ["not found" + "".join(f"; {describe(f)}" for f in found)]
    if cpus == 1 and not any(f["latent"] for f in real):
        wrong.append("on one cpu, and not said to be latent")
    return wrong + wrong_object(twin, real) + wrong_fields(twin, real) + wrong_lines(twin, real)


def wrong_quiet(findings):
    return [f"a false alarm ({describe(f)})" for f in findings]


def wrong_128(twin, report):
    """What the fixed one does on lines of 128 bytes."""
    findings = [f for f in report["findings"] if f["kind"] in FALSE]
    if "latent-128" not in twin.said.get("fixed", ""):
        return [f"--lines 128: {text}" for text in wrong_quiet(findings)]
    found = [f for f in findings if f["latent"] == "128-byte lines" and is_expected(twin, f)]
    wrong = wrong_quiet([f for f in findings if f not in found])
    return [f"--lines 128: {text}" for text in wrong] + ([] if found else ["--lines 128: not found"])


def wrong_report(twin, state, report, cpus):
    findings = [f for f in report["findings"] if f["kind"] in FALSE]
    shares = [f["share"] for f in report["findings"] if not 0 < f["share"] <= 1]
    if shares:
        return [f"a share of {shares[0]} of all accesses"]
    if twin.kind == "false-sharing" and state == "broken":
        return wrong_broken(twin, findings, cpus)
    if twin.kind == "true-sharing" and cpus and cpus > 1:
        true = [f for f in report["findings"] if f["kind"] == "true" and is_expected(twin, f)]
        return wrong_quiet(findings) + ([] if true else ["true sharing not found"])
    return wrong_quiet(findings)


def shared_lines(hot, line_bytes, shift):
    """Lines where two threads use bytes that do not overlap, one of them writing. Where they do overlap it is true
    sharing."""
    lines = {}
    for thread, how, start, size in hot:
        for byte in range(start + shift, start + shift + size):
            used, written = lines.setdefault(byte // line_bytes, {}).setdefault(thread, (set(), set()))
            used.add(byte)
            written.update([byte] if how == "w" else [])
    return sum(any(not one[0] & other[0] and (one[1] or other[1]) for one, other in combinations(line.values(), 2))
               for line in lines.values())


def wrong_layout(twin, state, text):
    """TEXT: what the twin said with TWIN_LAYOUT set."""
    hot = {(int(t), how, int(start, 16), int(size))
           for t, how, start, size in re.findall(r"^hot (\d+) ([rw]) (\S+) (\d+)$", text, re.M)}
    if len({h[0] for h in hot}) < 2:
        return ["it tells no bytes of two threads"]
    moves = min([int(m) for m in re.findall(r"^moves (\d+)$", text, re.M)] + [128])
    wrong = []
    for shift in range(0, 128, moves):
        lines = shared_lines(hot, 64, shift)
        if twin.kind == "false-sharing" and state == "broken":
            wrong += [] if lines else [f"shares no line when it starts {shift} bytes further on"]
            continue
        pairs = 0 if "fixed" in twin.said else shared_lines(hot, 128, shift)
        wrong += [f"shares a line when it starts {shift} bytes further on"] if lines or pairs else []
    return wrong
