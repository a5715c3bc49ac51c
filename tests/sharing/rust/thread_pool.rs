/* SPDX-License-Identifier: MIT
 * A pool whose threads take jobs from a shared queue, a batch at a time, and count what they do in
 * a Vec of workers.
 * False: each worker counts its jobs alone. Fix: each worker on lines of its own. */
/* expect: false-sharing kind=heap heap=new_pool type=Worker also=jobs also=steps also=sum also=idle also=last */
#[path = "twin.rs"]
mod twin;

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

#[cfg_attr(fixed, repr(align(128)))]
#[derive(Default)]
struct Worker {
    jobs: AtomicU64,
    steps: AtomicU64,
    sum: AtomicU64,
    idle: AtomicU64,
    last: AtomicU64,
}

struct Pool {
    next: twin::Apart<AtomicU64>,
    jobs: u64,
    workers: Vec<Worker>,
}

#[inline(never)]
fn new_pool(jobs: u64) -> Pool {
    let workers = (0..twin::THREADS).map(|_| Worker::default()).collect();
    Pool { next: Default::default(), jobs, workers }
}

fn add(counter: &AtomicU64, more: u64) {
    counter.store(counter.load(Relaxed) + more, Relaxed); /* <- hot */
}

fn work(pool: &Pool, worker: &Worker) {
    const BATCH: u64 = 4096;
    loop {
        let first = pool.next.fetch_add(BATCH, Relaxed); /* <- touched */
        if first >= pool.jobs {
            return;
        }
        for job in first..(first + BATCH).min(pool.jobs) {
            add(&worker.jobs, 1);
            add(&worker.steps, job % 7);
            add(&worker.sum, job);
            add(&worker.idle, 1);
            add(&worker.last, 1);
        }
    }
}

fn main() {
    let pool = new_pool(twin::amount(12_000_000));
    twin::run(|me| work(&pool, &pool.workers[me]));
    let sum: u64 = pool.workers.iter().map(|w| w.sum.load(Relaxed)).sum(); /* <- touched */
    println!("{sum}");
}
