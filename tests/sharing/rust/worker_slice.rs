/* SPDX-License-Identifier: MIT
 * Each thread has its part of a slice of structs, mutable and without atomics.
 * False: the borrow checker proves that they are apart. Fix: each struct on lines of its own. */
/* expect: false-sharing kind=heap heap=new_workers type=Worker also=done also=sum also=last also=most also=least */
#[path = "twin.rs"]
mod twin;

use std::hint::black_box;
use std::sync::Mutex;

#[cfg_attr(fixed, repr(align(128)))]
#[derive(Default)]
struct Worker {
    done: u64,
    sum: u64,
    last: u64,
    most: u64,
    least: u64,
}

#[inline(never)]
fn new_workers() -> Box<[Worker]> {
    (0..twin::THREADS).map(|_| Worker::default()).collect()
}

fn work(worker: &mut Worker, ops: u64) {
    for i in 0..ops {
        worker.done += 1; /* <- hot */
        worker.sum += i; /* <- hot */
        worker.last = i; /* <- hot */
        worker.most = worker.most.max(i); /* <- hot */
        worker.least = worker.least.min(i); /* <- hot */
        black_box(&mut *worker);
    }
}

fn main() {
    let ops = twin::amount(20_000_000);
    let mut workers = new_workers();
    let parts: Vec<Mutex<&mut Worker>> = workers.iter_mut().map(Mutex::new).collect();
    twin::run(|me| work(&mut parts[me].lock().unwrap(), ops)); /* <- touched */
    drop(parts);
    println!("{}", workers.iter().map(|w| w.sum).sum::<u64>()); /* <- touched */
}
