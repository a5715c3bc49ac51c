/* SPDX-License-Identifier: MIT
 * Two atomics next to each other in a static.
 * False: one thread counts what is sent, the other what is received. Fix: lines of their own. */
/* expect: false-sharing object=COUNTS type=Counts field=sent field=received */
#[path = "twin.rs"]
mod twin;

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use twin::Apart;

#[repr(align(64))]
struct Counts {
    sent: Apart<AtomicU64>,
    received: Apart<AtomicU64>,
}

static COUNTS: Counts = Counts {
    sent: Apart { value: AtomicU64::new(0) },
    received: Apart { value: AtomicU64::new(0) },
};

fn main() {
    let ops = twin::amount(20_000_000);
    twin::run(|me| {
        for _ in 0..ops {
            if me == 0 {
                COUNTS.sent.fetch_add(1, Relaxed); /* <- hot */
            } else {
                COUNTS.received.fetch_add(1, Relaxed); /* <- hot */
            }
        }
    });
    println!("{} {}", COUNTS.sent.load(Relaxed), COUNTS.received.load(Relaxed)); /* <- touched */
}
