/* SPDX-License-Identifier: MIT
 * A limit that is only read lies next to the count of requests.
 * False: who reads the limit does not look at the count. Fix: the count on lines of its own. */
/* expect: false-sharing kind=heap heap=new_server type=Server field=limit field=served */
#[path = "twin.rs"]
mod twin;

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::Arc;
use twin::Apart;

#[derive(Default)]
struct Server {
    limit: AtomicU64,
    served: Apart<AtomicU64>,
}

#[inline(never)]
fn new_server(limit: u64) -> Arc<Server> {
    Arc::new(Server { limit: AtomicU64::new(limit), ..Default::default() })
}

fn main() {
    let ops = twin::amount(20_000_000);
    let server = new_server(ops / 2);
    twin::run(|me| {
        let mut below = 0;
        for i in 0..ops {
            if me == 0 {
                server.served.fetch_add(1, Relaxed); /* <- hot */
            } else if i < server.limit.load(Relaxed) /* <- hot */ {
                below += 1;
            }
        }
        std::hint::black_box(below);
    });
    println!("{}", server.served.load(Relaxed)); /* <- touched */
    std::mem::forget(server); /* or its end would touch the counts of the Arc */
}
