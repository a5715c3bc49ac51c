/* SPDX-License-Identifier: MIT
 * A slot for each thread in a Vec that grew by push.
 * False: a thread uses its slots alone. Fix: each slot on lines of its own. */
/* expect: false-sharing kind=heap heap=new_slots type=Slot field=value */
#[path = "twin.rs"]
mod twin;

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

#[cfg_attr(fixed, repr(align(128)))]
struct Slot {
    value: AtomicU64,
}

#[inline(never)]
fn new_slots() -> Vec<Slot> {
    let mut slots = Vec::new();
    for i in 0..8 {
        slots.push(Slot { value: AtomicU64::new(i) });
    }
    slots
}

fn main() {
    let ops = twin::amount(20_000_000) as usize;
    let slots = new_slots();
    twin::run(|me| {
        for i in 0..ops {
            let value = &slots[(2 * i + me) % 8].value;
            value.store(value.load(Relaxed) + 1, Relaxed); /* <- hot */
        }
    });
    let sum: u64 = slots.iter().map(|s| s.value.load(Relaxed)).sum(); /* <- touched */
    println!("{sum}");
}
