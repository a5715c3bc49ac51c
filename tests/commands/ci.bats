#!/usr/bin/env bats
# What CI systems run: contrib/ci.sh, and the files that call it.

load ../common

setup() {
    common_setup
    ci=$PWD/contrib/ci.sh root=$PWD
    mkdir -p "$box/prefix/bin" "$box/job"
    ln -s "$NUMAPROBE" "$box/prefix/bin/numaprobe"
    ln -s "$NUMAPROBE" "$box/prefix/bin/numaprobe-cc"
    export NUMAPROBE_PREFIX=$box/prefix GITHUB_STEP_SUMMARY=$box/summary
    cd "$box/job" || return
}

@test "ci: detect builds, runs, writes SARIF and Markdown, and fails for what it found" {
    cp "$root/docs/hits.c" .
    export NUMAPROBE_BUILD='numaprobe-cc -O1 -g -pthread -o hits hits.c' NUMAPROBE_DETECT='./hits && ./hits'
    bash -c "PATH=$box/prefix/bin:\$PATH; $NUMAPROBE_BUILD && ./hits" || skip "numaprobe cc cannot build here"
    run -1 "$ci" detect
    echo "$output"
    python3 -c 'import json, sys
results = json.load(open("numaprobe.sarif"))["runs"][0]["results"]
assert 1 <= sum(r["occurrenceCount"] for r in results) <= 2, results
assert results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "hits.c"
'
    grep -q '^### 1\. .*global stats' numaprobe.md
    cmp numaprobe.md "$box/summary"
    run -1 env -u GITHUB_STEP_SUMMARY "$ci" detect
    [[ $output == *"1. "*"global stats"* && $output != *"### 1"* ]] # the report once, not as Markdown
    NUMAPROBE_FAIL_ON='' run -0 "$ci" detect
    NUMAPROBE_DETECT='./hits; exit 7' run -7 "$ci" detect
    NUMAPROBE_BUILD=false run -1 "$ci" detect
    [ ! -e numaprobe.sarif ]
}

@test "ci: compare writes Markdown and keeps the exit code" {
    cp "$root/VERSION" a.csv
    NUMAPROBE_COMPARE='a.csv none.csv' run -4 "$ci" compare
    need_two_cpus
    "$NUMAPROBE" "${short[@]}" --quiet --csv a.csv >/dev/null
    NUMAPROBE_COMPARE='a.csv a.csv' NUMAPROBE_GATE=80% run "$ci" compare
    [ "$status" -eq 0 ] || [ "$status" -eq 3 ]
    grep -q '^\*\*numaprobe compare\*\*' numaprobe-compare.md
    cmp numaprobe-compare.md "$box/summary"
}

@test "ci: wrong words are one line" {
    run -2 "$ci" lint
    [ "$output" = "ci.sh: expected install, detect or compare" ]
    run -2 "$ci" detect
    [ "$output" = "ci.sh: set NUMAPROBE_DETECT to a shell command that runs the program" ]
    run -2 "$ci" compare
    [ "$output" = "ci.sh: set NUMAPROBE_COMPARE to two CSV files, before and after" ]
}

@test "ci: the YAML of the action, of the jobs and of the document agrees" {
    python3 -c 'import yaml' || skip "no PyYAML"
    python3 - "$root" <<'END'
import re, sys, yaml
root = sys.argv[1]
def text(path):
    return open(f"{root}/{path}", encoding="utf-8").read()
action, jobs, script = yaml.safe_load(text("contrib/github-action/action.yml")), \
    yaml.safe_load(text("contrib/gitlab-ci.yml")), text("contrib/ci.sh")
variables = set(re.findall(r"^#   (NUMAPROBE_[A-Z_]+)", script, re.MULTILINE))
assert action["runs"]["using"] == "composite"
used = set()
for step in action["runs"]["steps"]:
    assert set(step.get("env", {})) <= variables and "${{" not in step["run"], step
    used |= set(re.findall(r"inputs\.([a-z-]+)", str(step)))
assert used == set(action["inputs"])
examples = [yaml.safe_load(code) for code in re.findall(r"```yaml\n(.*?)```", text("docs/ci.md"), re.DOTALL)]
assert len(examples) == 4
for example in examples:
    for step in example if isinstance(example, list) else []:
        assert "github-action" not in step["uses"] or set(step["with"]) <= set(action["inputs"])
    for job in example.values() if isinstance(example, dict) else []:
        assert "extends" not in job or job["extends"] in jobs
        assert set(job.get("variables", {})) <= variables
END
}
