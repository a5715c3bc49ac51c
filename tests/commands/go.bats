#!/usr/bin/env bats
# numaprobe go: what it builds behaves as go's own build and is watched, all that users give go is kept, and what
# cannot be is one line. The twins in Go are scripts/check-go.

load ../common

setup() {
    common_setup
    newer=$PWD/build/go-1.24/usr/lib/go-1.24/bin/go
    command -v go >/dev/null || skip "no Go; scripts/setup go"
    GOCACHE=$(go env GOCACHE)
    export GOCACHE GOTOOLCHAIN=local GOPROXY=off GOFLAGS='' XDG_CACHE_HOME=$box/cache
    cd "$box" || return
    printf 'module program\n\ngo 1.19\n' >go.mod
    cat >main.go <<'END'
package main

import (
	"fmt"
	"sync"
)

var name = "plain"

type pair struct{ left, right uint64 }

func main() {
	both := new(pair)
	var done sync.WaitGroup
	for _, at := range []*uint64{&both.left, &both.right} {
		done.Add(1)
		go func(at *uint64) {
			defer done.Done()
			for i := 0; i < 3000000; i++ {
				*at++
			}
		}(at)
	}
	done.Wait()
	fmt.Println(name, both.left+both.right)
}
END
}

go_builds() { "$NUMAPROBE" go build -o app "$@"; } # ARGUMENT...

# found [COMMAND...]: its output is in $output; what two goroutines share is found, or is latent if others use the cpus.
found() {
    [ $# -gt 0 ] || set -- ./app
    run --separate-stderr "$NUMAPROBE" detect --full --fail-on false-sharing "$@"
    echo "status $status, stdout: $output, stderr: $stderr"
    [ "$status" -eq 1 ] && [[ $stderr == *"false sharing: "*.pair* ]]
}

@test "build, run, install: what they make is watched, and does what the plain program does" {
    go_builds && found && [ "$output" = "plain 6000000" ]
    [ "$(./app)" = "plain 6000000" ] && [ "$("$NUMAPROBE" go run .)" = "plain 6000000" ]
    GOBIN=$box/bin "$NUMAPROBE" go install . && found bin/program
    [ "$(NUMAPROBE_GO=$(command -v go) "$NUMAPROBE" go run .)" = "plain 6000000" ]
}

@test "test: all test programs in one report, run again although a result is there" {
    cat >main_test.go <<'END'
package main

import "testing"

func TestMain(t *testing.T) { main() }
END
    "$NUMAPROBE" go test .
    for _ in 1 2; do found "$NUMAPROBE" go test; done
    run -1 "$NUMAPROBE" go test -run 'TestMain' -timeout 1ns .
}

@test "other commands, and what go itself refuses, are go's" {
    [ "$("$NUMAPROBE" go version)" = "$(go version)" ] && [ "$("$NUMAPROBE" go env GOROOT)" = "$(go env GOROOT)" ]
    "$NUMAPROBE" go vet .
    for words in 'build ./none' 'build -nosuch' 'nosuch' 'run' 'test -count=x'; do
        # shellcheck disable=SC2086 # several words
        run --separate-stderr go $words
        local code=$status said=$stderr
        # shellcheck disable=SC2086
        run --separate-stderr "$NUMAPROBE" go $words
        echo "$words: $code, $said; got $status, $stderr"
        [ "$status" -eq "$code" ] && [ "$stderr" = "$said" ]
    done
}

# refused LINE ARGUMENT...
refused() { refuses 1 "$1" go "${@:2}"; }

@test "no Go: one line" {
    local install="install it (Debian: golang-go) or name it by NUMAPROBE_GO"
    NUMAPROBE_GO=$box/none/go refused "go: there is no Go: cannot run '$box/none/go env'; $install" build
    mkdir empty && ln -s /bin/sh empty/sh
    run --separate-stderr env PATH="$box/empty" "$NUMAPROBE" go test ./...
    [ "$status" -eq 1 ] && [ "$stderr" = "numaprobe: go: there is no Go: cannot run 'go env'; $install" ]
}

@test "what cannot be instrumented: one line" {
    local off="an instrumented program needs cgo, which is off: set CGO_ENABLED=1"
    CGO_ENABLED=0 refused "go: $off, and install the C compiler 'gcc' where it is missing" build
    local only="and only a program for this machine can be recorded; unset GOOS and GOARCH"
    GOOS=windows refused "go: this builds for windows/amd64, $only" build
    GOARCH=arm64 refused "go: this builds for linux/arm64, $only" run .
    local exclude="and the recording of accesses exclude each other"
    for word in -msan --asan; do
        refused "go: '$word' $exclude: both instrument the program; leave it out" build "$word" .
        GOFLAGS=$word refused "go: '$word' $exclude: both instrument the program; leave it out" test
    done
    refused "go: 'c-shared' $exclude: only programs can be instrumented" build -buildmode=c-shared
    refused "go: 'plugin' $exclude: only programs can be instrumented" build -buildmode plugin
    refused "go: '-linkshared' $exclude: Go's own code would not be in the program" install -linkshared
    local internal="go: -ldflags: -linkmode=internal cannot link the runtime that records accesses; leave it out"
    refused "$internal" build "-ldflags=-s -linkmode internal"
    GOFLAGS=-ldflags=-linkmode=internal refused "$internal" build
    refused "go: -overlay: 'go.mod' is not a file that Go reads: '[' or '{' expected near 'module'" \
        build -overlay=go.mod
    [ ! -e app ] && [ ! -e program ]
}

@test "a cache that cannot be: one line" {
    local make="make it writable, or set XDG_CACHE_HOME to a folder that is"
    XDG_CACHE_HOME=$box/go.mod refused "go: cannot write to '$box/go.mod/numaprobe': Not a directory; $make" build
    XDG_CACHE_HOME='' HOME='' refused \
        "go: there is no folder for what is kept: set HOME, or XDG_CACHE_HOME to a folder" build
    local blank="has a blank, a comma or a quote in its path, which Go cannot pass to the linker"
    XDG_CACHE_HOME="$box/a cache" refused \
        "go: the folder '$box/a cache/numaprobe' $blank; set XDG_CACHE_HOME to another one" build
}

@test "a cache that may not be written: one line" {
    [ "$(id -u)" -ne 0 ] || skip "root may write anywhere"
    mkdir closed && chmod 500 closed
    XDG_CACHE_HOME=$box/closed refused "go: cannot write to '$box/closed/numaprobe': Permission denied; \
make it writable, or set XDG_CACHE_HOME to a folder that is" build
}

# other_toolchain SCRIPT: a go whose package runtime is changed by sed.
other_toolchain() {
    local root=$box/toolchain
    mkdir -p "$root/src/runtime"
    cp "$(go env GOROOT)"/src/runtime/race{.go,_amd64.s} "$root/src/runtime"
    sed -i "$1" "$root"/src/runtime/race*
    printf '#!/bin/sh\ngo "$@" | sed "s|\\(\\"GOROOT\\": \\).*|\\1\\"%s\\",|"\n' "$root" >other-go
    chmod +x other-go
}

@test "a Go that is too old or too new: one line" {
    export NUMAPROBE_GO=$box/other-go
    local runtime=$box/toolchain/src/runtime
    other_toolchain 's/^TEXT.runtime·racecall/TEXT\truntime·called/; s/^TEXT.racecall<>/TEXT\tcalled<>/'
    run --separate-stderr "$NUMAPROBE" go build
    [ "$status" -eq 1 ] && [ -z "$output" ] && [ "$(wc -l <<<"$stderr")" -eq 1 ]
    [[ $stderr == "numaprobe: go: this version of Go is not known: $runtime/race_amd64.s lacks "* ]]
    other_toolchain '/^.*cgo_import_static __tsan_fini/a //go:cgo_import_static __tsan_newer'
    refused "go: this version of Go calls numaprobe_go_newer of its race detector, which numaprobe's runtime lacks; \
Go 1.19 to 1.24 were tried" build
    rm "$runtime/race.go"
    refused "go: cannot read '$runtime/race.go': No such file or directory" build
}

@test "the user's -ldflags are kept, with the linker's options in them" {
    go_builds -ldflags "-s -w -X 'main.name=two words' -extldflags '-Wl,-rpath,/first -Wl,-rpath,/second'" && found
    [ "$output" = "two words 6000000" ]
    readelf -d app | grep -q '/first:/second'
    go_builds -ldflags=-X=main.name=one && [ "$(./app)" = "one 6000000" ]
    go_builds "--ldflags=all=-X main.name=pattern" && [ "$(./app)" = "pattern 6000000" ]
    GOFLAGS="'-ldflags=-X main.name=flags' -v" go_builds && found && [ "$output" = "flags 6000000" ]
    GOFLAGS=-ldflags=-X=main.name=flags go_builds -ldflags -X=main.name=words && [ "$(./app)" = "words 6000000" ]
    go_builds -race && found && [ "$output" = "plain 6000000" ]
}

@test "the user's -overlay is kept" {
    sed 's/"plain"/"other"/' main.go >other
    printf '{"Replace": {"%s/main.go": "%s/other"}}\n' "$box" "$box" >changes.json
    go_builds -overlay changes.json && found && [ "$output" = "other 6000000" ]
    GOFLAGS=-overlay=$box/changes.json go_builds && [ "$(./app)" = "other 6000000" ]
    go_builds && [ "$(./app)" = "plain 6000000" ]
}

@test "-tags, a workspace and -C" {
    printf '//go:build tagged\n\npackage main\n\nfunc init() { name = "tagged" }\n' >tagged.go
    go_builds -tags=tagged && [ "$(./app)" = "tagged 6000000" ]
    go_builds -tags tagged,other && [ "$(./app)" = "tagged 6000000" ]
    GOFLAGS=-tags=tagged go_builds && [ "$(./app)" = "tagged 6000000" ]
    mkdir -p space/part space/main && mv main.go space/main
    printf 'module part\n\ngo 1.19\n' >space/part/go.mod
    printf 'package part\n\nconst Name = "part"\n' >space/part/part.go
    printf 'module main\n\ngo 1.19\n' >space/main/go.mod
    printf 'package main\n\nimport "part"\n\nfunc init() { name = part.Name }\n' >space/main/use.go
    printf 'go 1.19\n\nuse (\n\t./part\n\t./main\n)\n' >space/go.work
    (cd space/main && go_builds . && found && [ "$output" = "part 6000000" ])
    [ -x "$newer" ] || skip "no Go 1.24; scripts/setup go"
    NUMAPROBE_GO=$newer "$NUMAPROBE" go build -C space/main -o "$box/in" . && found ./in
    [ "$output" = "part 6000000" ]
}

@test "a changed runtime is linked again" {
    mkdir -p own/runtime && cp "$NUMAPROBE" own && cp "$(dirname "$NUMAPROBE")"/runtime/*.* own/runtime
    own/numaprobe go build -o app && [ "$(nm app | grep -c numaprobe_go_read)" -ge 1 ]
    echo 'int numaprobe_marker_of_test = 1;' | gcc -x c - -c -o own/marker.o
    ar r own/runtime/libnumaprobe-go.a own/marker.o
    own/numaprobe go build -o app && nm app | grep -q numaprobe_marker_of_test
}

c_part() { # writes a program whose worker in C and goroutine use a line
    cat >main.go <<'END'
package main

/*
#cgo CFLAGS: -DSTEP=2
struct pair { volatile long in_c, in_go; };
static struct pair *pair_new(void);
#include "part.h"
*/
import "C"

import (
	"fmt"
	"sync"
)

func main() {
	both, done := C.pair_new(), sync.WaitGroup{}
	done.Add(2)
	go func() {
		defer done.Done()
		C.pair_count(both, 20000000)
	}()
	go func() {
		defer done.Done()
		for i := 0; i < 20000000; i++ {
			both.in_go++
		}
	}()
	done.Wait()
	fmt.Println(both.in_c, both.in_go)
}
END
    cat >part.h <<'END'
#include <stdlib.h>
static struct pair *pair_new(void) { return aligned_alloc(64, 64); }
void pair_count(struct pair *both, long n);
END
    cat >part.c <<'END'
struct pair { volatile long in_c, in_go; };
void pair_count(struct pair *both, long n)
{
    both->in_c = 0;
    for (long i = 0; i < n; i++)
        both->in_c += STEP * EXTRA;
}
END
    sed -i 's/aligned_alloc(64, 64)/(struct pair *)aligned_alloc(64, 64)/' part.h
}

@test "cgo: the user's flags are kept; parts in C that numaprobe cc built are seen, by one runtime" {
    c_part
    export CGO_CFLAGS="-O2 -g -DEXTRA=3"
    go_builds && [ "$(./app)" = "120000000 20000000" ]
    ln -s "$NUMAPROBE" numaprobe-cc
    for compiler in "$box/numaprobe-cc" "$NUMAPROBE cc"; do
        CC=$compiler go_builds
        [ "$(nm app | grep -c ' T __tsan_init$')" -eq 1 ]
        run --separate-stderr "$NUMAPROBE" detect --full --fail-on false-sharing ./app
        echo "status $status, stdout: $output, stderr: $stderr"
        [ "$status" -eq 1 ] && [ "$output" = "120000000 20000000" ]
        [[ $stderr == *part.c:6* && $stderr == *main.go:* ]]
    done
}
