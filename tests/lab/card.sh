# shellcheck shell=dash disable=SC2086,SC2046 # of busybox; numbers, and lists of words
# A machine card, for lab --export. Emulated cpus have no caches and take turns on the host's: its times mean nothing,
# and its label ends in the name of the emulation.
. /lab/tests/lib.sh
measure() {
    timeout 200 numaprobe costs --card /out/card.json --label "$guest TCG" --op load,add --state modified,invalid --gap 0 \
        --max-time 20s --quiet >/tmp/card.out 2>&1
    status=$?
    tail -n 3 /tmp/card.out
    return $status
}
ok "a card is written" measure
ok "it names its label" grep -q "\"label\":\"$guest TCG\"" /out/card.json
finish
