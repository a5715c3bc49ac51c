/* SPDX-License-Identifier: MIT
 * What all twins in Rust need: an amount of work, and threads that start together on different
 * cpus. What is in here shares no line with theirs. */

#![allow(dead_code)]

use std::ops::{Deref, DerefMut};
use std::sync::Barrier;

pub const THREADS: usize = 2;

/* The fix keeps two lines' distance, as twin.h does. */
#[cfg_attr(fixed, repr(align(128)))]
#[derive(Default)]
pub struct Apart<T> {
    pub value: T,
}

impl<T> Deref for Apart<T> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Apart<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

/* OPS, or what the first argument names: a number, or a share of OPS such as 10%. */
pub fn amount(ops: u64) -> u64 {
    match std::env::args().nth(1) {
        Some(word) => match word.strip_suffix('%') {
            Some(share) => ops / 100 * share.parse::<u64>().unwrap(),
            None => word.parse().unwrap(),
        },
        None => ops,
    }
}

extern "C" {
    fn sched_getaffinity(pid: i32, size: usize, mask: *mut u64) -> i32;
    fn sched_setaffinity(pid: i32, size: usize, mask: *const u64) -> i32;
}

fn pin(me: usize) {
    let mut mask = [0u64; 16];
    if unsafe { sched_getaffinity(0, 128, mask.as_mut_ptr()) } < 0 {
        return;
    }
    let cpus: Vec<usize> = (0..1024).filter(|c| mask[c / 64] >> (c % 64) & 1 == 1).collect();
    let cpu = cpus[me % cpus.len()];
    mask = [0; 16];
    mask[cpu / 64] = 1 << (cpu % 64);
    unsafe { sched_setaffinity(0, 128, mask.as_ptr()) };
}

/* Runs BODY(0), BODY(1), each in a thread, all at once. */
pub fn run<F: Fn(usize) + Sync>(body: F) {
    let start = Barrier::new(THREADS);
    std::thread::scope(|scope| {
        for me in 0..THREADS {
            let (start, body) = (&start, &body);
            std::thread::Builder::new()
                .name(format!("worker-{me}"))
                .spawn_scoped(scope, move || {
                    pin(me);
                    start.wait();
                    body(me)
                })
                .unwrap();
        }
    });
}
