/* SPDX-License-Identifier: MIT
 * Each thread collects in a Vec and a Box of its own, and hands the sum over at its end. */
/* expect: none */
#[path = "twin.rs"]
mod twin;

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

fn main() {
    let ops = twin::amount(8_000_000);
    let total = AtomicU64::new(0);
    twin::run(|me| {
        let mut all: Vec<u64> = Vec::with_capacity(1024);
        let mut sum = Box::new(0);
        for i in 0..ops {
            if all.len() == 1024 {
                *sum += all.iter().sum::<u64>();
                all.clear();
            }
            all.push(black_box(i * me as u64));
        }
        total.fetch_add(*sum, Relaxed);
    });
    println!("{}", total.load(Relaxed));
}
