/* SPDX-License-Identifier: MIT
 * A map in shards, each with a lock on lines of its own, and the number of keys of each in an array.
 * False: a thread works on every other shard. Fix: each number on lines of its own. */
/* expect: false-sharing kind=heap heap=new_sizes type=AtomicU64 */
#[path = "twin.rs"]
mod twin;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::Mutex;
use twin::Apart;

const SHARDS: usize = 8;

#[repr(align(128))]
#[derive(Default)]
struct Shard {
    keys: Mutex<HashMap<u64, u64>>,
}

struct Map {
    shards: Vec<Shard>,
    sizes: Box<[Apart<AtomicU64>]>,
}

#[inline(never)]
fn new_sizes() -> Box<[Apart<AtomicU64>]> {
    (0..SHARDS).map(|_| Default::default()).collect()
}

impl Map {
    fn put(&self, shard: usize, key: u64) {
        let mut keys = self.shards[shard].keys.lock().unwrap(); /* <- touched */
        if keys.insert(key, key).is_none() /* <- touched */ {
            self.sizes[shard].fetch_add(1, Relaxed); /* <- hot */
        }
        if keys.remove(&key).is_some() /* <- touched */ {
            self.sizes[shard].fetch_sub(1, Relaxed); /* <- hot */
        }
    } /* <- touched */
}

fn main() {
    let ops = twin::amount(2_000_000);
    let shards = (0..SHARDS).map(|_| Shard::default()).collect();
    let map = Map { shards, sizes: new_sizes() };
    twin::run(|me| {
        for i in 0..ops {
            map.put((2 * i as usize + me) % SHARDS, i % 64);
        }
    });
    println!("{}", map.sizes.iter().map(|s| s.load(Relaxed)).sum::<u64>()); /* <- touched */
}
