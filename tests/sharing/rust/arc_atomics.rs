/* SPDX-License-Identifier: MIT
 * Two counters in an Arc, each of one thread.
 * False: a thread never looks at the other's. Fix: each on lines of its own. */
/* expect: false-sharing kind=heap heap=new_stats type=Stats field=hits field=misses */
#[path = "twin.rs"]
mod twin;

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::Arc;
use twin::Apart;

#[derive(Default)]
struct Stats {
    hits: Apart<AtomicU64>,
    misses: Apart<AtomicU64>,
}

#[inline(never)]
fn new_stats() -> Arc<Stats> {
    Arc::new(Stats::default())
}

fn main() {
    let ops = twin::amount(20_000_000);
    let stats = new_stats();
    twin::run(|me| {
        for _ in 0..ops {
            if me == 0 {
                stats.hits.fetch_add(1, Relaxed); /* <- hot */
            } else {
                stats.misses.fetch_add(1, Relaxed); /* <- hot */
            }
        }
    });
    println!("{} {}", stats.hits.load(Relaxed), stats.misses.load(Relaxed)); /* <- touched */
    std::mem::forget(stats); /* or its end would touch the counts of the Arc */
}
