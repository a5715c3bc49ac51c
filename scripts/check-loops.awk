# Reads objdump -d of one op's object. A loop is the code between a backward branch and its target. For each
# function *_plain, *_chained and *_walk, the loop with the op must contain exactly the memory instructions of which
# the op consists, and no call.

# What an op is made of: "kind:count" for every role, by instruction class.
BEGIN {
    # ld, st: plain; at: a locked (x86) or LSE read-modify-write, or a load-exclusive; fence: mfence, dsb, dmb.
    want["store", "writer"] = "st1"
    want["store-fence", "writer"] = "st1 fence1"
    want["add", "writer"] = "at1"
    want["cas", "writer"] = "ld1 at1"
    want["rmw", "writer"] = "ld1 st1"
    want["load", "reader"] = "ld1"
    want["lock", "writer"] = "at1 ld1 st2"
    want["size", "adder"] = "ld1 at1"     # the load finds the shard whose turn it is
    want["size", "summer"] = "ld2"        # the shard's address, and the shard
    want["queue", "producer"] = "ld2 st2" # own and peer index; slot and own index
    want["queue", "consumer"] = "ld3 st1" # own and peer index, slot; own index
    want["evict", "writer"] = "at1"
    want["evict", "reader"] = "ld1 fence1" # the fence after the flush
    # Walks: next to the op, the private read of the offset that is written.
    want["load", "load"] = "ld1"
    want["store", "store"] = "ld1 st1 fence1"
    want["add", "add"] = want["add", "contend"] = "at1"
    want["rmw", "rmw"] = want["rmw", "contend"] = "ld1 st1"
    want["store", "contend"] = "st1"
    want["cas", "cas"] = want["swap", "swap"] = "ld1 at1"
    # Protocols, one round of a side; the wait for the peer is a loop within.
    want["handover", "first"] = want["handover", "second"] = "at1"
    want["pingpong", "first"] = want["pingpong", "second"] = "ld1 st1"
    want["message", "first"] = want["message", "second"] = "ld9 st9" # eight words of payload and a number
    # Replays: each kind of access in four sizes.
    for (size = 0; size < 4; size++) {
        want["steps", "load_" size] = "ld1"
        want["steps", "store_" size] = "st1"
        want["steps", "rmw_" size] = "ld1 st1"
        want["steps", "add_" size] = "at1"
    }
    # Of what is drained for its latency, the chained loop has the fence too.
    drained["store"] = drained["rmw"] = " fence1"
    bad = 0
}

/^[0-9a-f]+ <.*>:$/ {
    finish()
    fn = $2
    gsub(/[<>:]/, "", fn)
    lines = 0
    next
}
/^ *[0-9a-f]+:\t/ {
    at[lines] = hex($1)
    text[lines++] = $0
}
END {
    finish()
    if (!checked) {
        print "no loop found at all"
        bad = 1
    }
    exit bad
}

function hex(s, i, v) {
    sub(/:$/, "", s)
    v = 0
    for (i = 1; i <= length(s); i++)
        v = v * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1
    return v
}

# The target of a branch, or -1.
function target(line, f, n) {
    if (line !~ /\t(j[a-z]+|b|b\.[a-z]+|cbn?z|tbn?z)[ \t]/)
        return -1
    if (!match(line, /[0-9a-f]+ </))
        return -1
    return hex(substr(line, RSTART, RLENGTH - 2))
}

# Memory instructions of a line, by class: counted into got[].
function classify(line) {
    if (arch == "aarch64") {
        if (line ~ /\t(ldadd|stadd|cas|swp|ldset|ldclr)[a-z]*[ \t]/) got["at"]++
        else if (line ~ /\t(ldxr|ldaxr)[bh]?[ \t]/) got["at"]++
        else if (line ~ /\t(stxr|stlxr)[bh]?[ \t]/) got["stx"]++
        else if (line ~ /\t(dsb|dmb)[ \t]/) got["fence"]++
        else if (line ~ /\tld[a-z]*[ \t]/ && line ~ /\[/) got["ld"]++
        else if (line ~ /\tst[a-z]*[ \t]/ && line ~ /\[/) got["st"]++
        return
    }
    if (line ~ /\tmfence/) got["fence"]++
    else if (line ~ /\tlock / || line ~ /\txchg .*\(/) got["at"]++
    else if (line ~ /\t(lea|nop|cs nop|data16)/) return
    else if (line ~ /\tmov[a-z]* +[^,]*(,[^,]*)*\(.*\),%/) got["ld"]++
    else if (line ~ /\tmov[a-z]* .*,[-0-9a-fx]*\([^)]*\)$/) got["st"]++
    else if (line ~ /\t(add|inc)[a-z]* .*[, ][-0-9a-fx]*\([^)]*\)$/) { got["ld"]++; got["st"]++ } # addq $1,(mem)
    else if (line ~ /\t(add|sub|cmp|or|and)[a-z]* .*\(/) got["ld"]++
}

function finish(    role, i, t, first, expected) {
    if (fn !~ /_(plain|chained|walk)$/ || fn == "list_plain") # any access, by a jump
        return
    role = fn
    sub(/_(plain|chained|walk)$/, "", role)
    expected = want[op, role]
    if (fn ~ /_chained$/ && op in drained)
        expected = expected drained[op]
    loops = 0
    for (i = 0; i < lines; i++) {
        t = target(text[i])
        if (t < 0 || t > at[i] || t < at[0])
            continue
        for (first = 0; at[first] < t; first++)
            ;
        note_loop(first, i, expected)
    }
    judge(expected)
    checked++
}

# Some loop must match. Another one may hold less (the spin on a lock, an attempt that failed); one that holds
# more must lie around a matching one (the repetition of a whole sum), else it is an unrolled copy.
function judge(expected,    i, j, fits, found, seen) {
    for (i = 0; i < loops; i++) {
        fits = matches[i] || !exceeds[i]
        for (j = 0; j < loops; j++)
            if (matches[j] && from[i] <= from[j] && to[i] >= to[j])
                fits = 1
        found += matches[i]
        seen = seen " {" kinds[i] " }"
        if (!fits) {
            print fn ": a loop of more than one op, with" kinds[i]
            bad = 1
        }
    }
    if (!found) {
        print fn ": no loop with exactly " (expected == "" ? "(op unknown to this check)" : expected) "; saw" seen
        bad = 1
    }
}

# How many of class `k` the op has.
function limit(expected, k) {
    return match(expected, k "[0-9]") ? substr(expected, RSTART + length(k), 1) + 0 : 0
}

function note_loop(first, last, expected,    i, k, s, more) {
    split("", got)
    for (i = first; i <= last; i++) {
        if (text[i] ~ /\t(call|bl|blr)[ \t]/) {
            print fn ": a call inside a loop:" text[i]
            bad = 1
        }
        classify(text[i])
    }
    s = ""
    for (i = 1; i <= 4; i++) {
        k = substr("ld at st fe", i * 3 - 2, 2)
        if (k == "fe") k = "fence"
        if (got[k]) s = s " " k got[k]
        if (got[k] > limit(expected, k)) more = 1
    }
    exceeds[loops] = more
    from[loops] = first
    to[loops] = last
    kinds[loops] = s
    matches[loops++] = sorted(s) == sorted(expected)
}

function sorted(s,    a, n, i, j, x, out) {
    n = split(s, a, " ")
    for (i = 2; i <= n; i++)
        for (j = i; j > 1 && a[j] < a[j - 1]; j--) { x = a[j]; a[j] = a[j - 1]; a[j - 1] = x }
    for (i = 1; i <= n; i++) out = out " " a[i]
    return out
}
