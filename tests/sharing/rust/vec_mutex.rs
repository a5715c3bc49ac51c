/* SPDX-License-Identifier: MIT
 * A Vec of locks with their counts, every other one of each thread.
 * False: no lock is taken by both threads. Fix: each on lines of its own. */
/* expect: false-sharing kind=heap heap=new_accounts type=Mutex */
#[path = "twin.rs"]
mod twin;

use std::sync::Mutex;
use twin::Apart;

#[inline(never)]
fn new_accounts() -> Vec<Apart<Mutex<u64>>> {
    let accounts = (0..8).map(|_| Apart { value: Mutex::new(0) }).collect();
    std::hint::black_box(accounts)
}

fn main() {
    let ops = twin::amount(8_000_000) as usize;
    let accounts = new_accounts();
    twin::run(|me| {
        for i in 0..ops {
            let mut balance = accounts[(2 * i + me) % 8].lock().unwrap(); /* <- hot */
            *balance += 1; /* <- hot */
        } /* <- hot */
    });
    let sum: u64 = accounts.iter().map(|a| *a.lock().unwrap()).sum(); /* <- touched */
    println!("{sum}");
}
