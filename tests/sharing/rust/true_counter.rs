/* SPDX-License-Identifier: MIT
 * Both threads count in one atomic, so that no layout helps. */
/* expect: true-sharing heap=new_total */
#[path = "twin.rs"]
mod twin;

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::Arc;
use twin::Apart;

#[inline(never)]
fn new_total() -> Arc<Apart<AtomicU64>> {
    Arc::default()
}

fn main() {
    let ops = twin::amount(10_000_000);
    let total = new_total();
    twin::run(|_| {
        for _ in 0..ops {
            total.fetch_add(1, Relaxed);
        }
    });
    println!("{}", total.load(Relaxed));
}
