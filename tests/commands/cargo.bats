#!/usr/bin/env bats
# numaprobe cargo and numaprobe rustc: what becomes part of a program is instrumented, what runs in the build is not,
# and the user's settings are kept.

load ../common

setup() {
    common_setup
    cd "$box" || return
    export CARGO_HOME=$box/cargo CARGO_NET_OFFLINE=true
}

need_rust() {
    cargo --version >/dev/null 2>&1 && rustc --version >/dev/null 2>&1 || skip "no cargo and rustc (scripts/setup rust)"
}
is_instrumented() { nm "$1" | grep -q ' T __tsan_read8$'; }
package() { # NAME: of a program
    mkdir -p "$1/src"
    printf '[package]\nname = "%s"\nversion = "0.1.0"\nedition = "2021"\n' "$1" >"$1/Cargo.toml"
    echo 'fn main() { println!("{}", 40 + 2); }' >"$1/src/main.rs"
}
# A program that prints RELEASE when asked -vV.
printing() { # NAME RELEASE
    printf '#!/bin/sh\nprintf "release: %s\\nhost: x86_64-unknown-linux-gnu\\n"\n' "$2" >"$1" && chmod +x "$1"
}

@test "no rustc, no cargo: one line" {
    echo 'fn main() {}' >a.rs
    export NUMAPROBE_RUSTC=$box/none NUMAPROBE_CARGO=$box/none
    refuses 1 "rustc: there is no Rust: '$box/none -vV' prints no release; install it (Debian: rustc-web and cargo-web) or name it by NUMAPROBE_RUSTC" rustc a.rs
    refuses 1 "cargo: there is no Rust: '$box/none -vV' prints no release; install it (Debian: rustc-web and cargo-web) or name it by NUMAPROBE_CARGO" cargo build
    refuses 1 "cargo: cannot run '$box/none': No such file or directory; install Rust (Debian: cargo-web) or name it by NUMAPROBE_CARGO" cargo --version
}

@test "one that is too old: one line" {
    printing old 1.63.0
    echo 'fn main() {}' >a.rs
    export NUMAPROBE_RUSTC=$box/old NUMAPROBE_CARGO=$box/old
    refuses 1 "rustc: Rust 1.63.0 is too old to instrument programs; install 1.78 or newer (Debian: rustc-web and cargo-web)" rustc a.rs
    refuses 1 "cargo: Rust 1.63.0 is too old to instrument programs; install 1.78 or newer (Debian: rustc-web and cargo-web)" cargo build
}

@test "another machine's program, another sanitizer: one line" {
    printing new 1.95.0
    export NUMAPROBE_RUSTC=$box/new
    refuses 1 "rustc: this builds for aarch64-unknown-linux-gnu, and only a program for this machine (x86_64-unknown-linux-gnu) can be recorded; leave out --target and build.target" rustc --target aarch64-unknown-linux-gnu a.rs
    refuses 1 "rustc: -Zsanitizer=address and the recording of accesses exclude each other; leave it out" rustc -Zsanitizer=address a.rs
}

@test "flags by the release; none for questions, procedural macros and what cargo builds for the build" {
    printf '#!/bin/sh\n[ "$*" != -vV ] || { printf "release: $RELEASE\\nhost: x86_64-unknown-linux-gnu\\n"; exit; }\necho "$@"\n' >rustc
    chmod +x rustc
    export NUMAPROBE_RUSTC=$box/rustc RELEASE=1.95.0
    run "$NUMAPROBE" rustc a.rs
    [[ $output == "a.rs "*-Zsanitizer=thread*-Cunsafe-allow-abi-mismatch=sanitizer*libnumaprobe-access.a* ]]
    RELEASE=1.85.0 run "$NUMAPROBE" rustc a.rs
    [[ $output == "a.rs "*-Zsanitizer=thread* && $output != *unsafe-allow* ]]
    run "$NUMAPROBE" rustc --crate-type cdylib a.rs
    [[ $output == *libnumaprobe-access.so* && $output != *libnumaprobe-access.a* ]]
    [ "$("$NUMAPROBE" rustc --version)" = --version ]
    [ "$("$NUMAPROBE" rustc --print cfg a.rs)" = "--print cfg a.rs" ]
    [ "$("$NUMAPROBE" rustc --crate-type proc-macro a.rs)" = "--crate-type proc-macro a.rs" ]
    [ "$(CARGO_CRATE_NAME=a "$NUMAPROBE" rustc a.rs)" = a.rs ]
    printf -- '--crate-type\nproc-macro\na.rs\n' >words
    [ "$("$NUMAPROBE" rustc @words)" = @words ]
}

@test "rustc: a program that does as before and is instrumented" {
    need_rust
    echo 'fn main() { println!("{}", std::env::args().count()); }' >a.rs
    "$NUMAPROBE" rustc -O a.rs && [ "$(./a x)" = 2 ] && is_instrumented a
    rm a && "$(dirname "$NUMAPROBE")/numaprobe-rustc" rustc a.rs && is_instrumented a
}

@test "cargo: build, run and test; instrumented and other builds stay apart" {
    need_rust
    package app
    cd app
    echo '#[test] fn it() {}' >>src/main.rs
    echo '/// ```' >src/lib.rs
    printf '/// assert_eq!(app::two(), 2);\n/// ```\npub fn two() -> u32 { 2 }\n' >>src/lib.rs
    "$NUMAPROBE" cargo build && is_instrumented target/*/debug/app
    [ "$("$NUMAPROBE" cargo run -q)" = 42 ]
    "$NUMAPROBE" cargo test >log 2>&1 || { cat log; false; }
    [ "$(grep -c '^test result: ok. 1 passed' log)" -eq 2 ]
    cargo build --target "$(rustc -vV | sed -n 's/^host: //p')" && ! is_instrumented target/*/debug/app
    "$NUMAPROBE" cargo build -v 2>&1 | grep -q 'Fresh app' && is_instrumented target/*/debug/app
}

@test "cargo: a build script and a procedural macro stay as they are, flags and settings are kept" {
    need_rust
    package app && package words
    rm words/src/main.rs && printf '[lib]\nproc-macro = true\n' >>words/Cargo.toml
    printf 'use proc_macro::TokenStream;\n#[proc_macro]\npub fn answer(_: TokenStream) -> TokenStream { "42".parse().unwrap() }\n' >words/src/lib.rs
    cd app
    printf '[dependencies]\nwords = { path = "../words" }\n' >>Cargo.toml
    printf 'fn main() {\n    assert!(std::env::var("RUSTC_BOOTSTRAP").is_err());\n    println!("cargo:rustc-env=BUILT=yes");\n}\n' >build.rs
    printf 'fn main() {\n    let asked = if cfg!(flag) { "flag" } else { "none" };\n    println!("{} {} {} {}", words::answer!(), env!("BUILT"), asked, option_env!("SET").unwrap_or("no"));\n}\n' >src/main.rs
    mkdir .cargo && printf '[env]\nSET = "setting"\n' >.cargo/config.toml
    RUSTFLAGS='--cfg flag' "$NUMAPROBE" cargo build >log 2>&1 || { cat log; false; }
    local built=(target/*/debug/app)
    [ "$("${built[0]}")" = "42 yes flag setting" ] && is_instrumented "${built[0]}"
    for made in target/debug/build/app-*/build-script-build target/debug/deps/libwords-*.so; do
        [ -e "$made" ] && ! nm "$made" | grep -q __tsan_read
    done
}

@test "cargo: the user's own wrapper is started, too" {
    need_rust
    package app
    printf '#!/bin/sh\necho wrapped >>"%s/wrapped"\nexec "$@"\n' "$box" >wrapper && chmod +x wrapper
    cd app
    RUSTC_WRAPPER=$box/wrapper "$NUMAPROBE" cargo build && is_instrumented target/*/debug/app && [ -s "$box/wrapped" ]
    rm "$box/wrapped" && rm -r target
    mkdir .cargo && printf '[build]\nrustc-wrapper = "%s"\n' "$box/wrapper" >.cargo/config.toml
    "$NUMAPROBE" cargo build && is_instrumented target/*/debug/app && [ -s "$box/wrapped" ]
}
