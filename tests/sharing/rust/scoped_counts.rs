/* SPDX-License-Identifier: MIT
 * Scoped threads count in an array on the stack of the function that starts them.
 * False: every other count is of the same thread. Fix: each count on lines of its own. */
/* expect: false-sharing kind=stack object=counts */
#[path = "twin.rs"]
mod twin;

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use twin::Apart;

fn main() {
    let ops = twin::amount(20_000_000) as usize;
    let counts: [Apart<AtomicU64>; 8] = Default::default(); /* <- touched */
    black_box(&counts);
    twin::run(|me| {
        for i in 0..ops { /* <- touched */
            counts[(2 * i + me) % 8].fetch_add(1, Relaxed); /* <- hot */
        }
    });
    let sum: u64 = counts.iter().map(|c| c.load(Relaxed)).sum(); /* <- touched */
    println!("{sum}"); /* <- touched */
}
