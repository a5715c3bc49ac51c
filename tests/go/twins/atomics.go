// SPDX-License-Identifier: MIT

// Atomic counters side by side in a global struct.
// False: each worker adds to its own. Fix: a pad before the second.
// expect: false-sharing object=totals type=traffic field=sent field=received
package main

import (
	"fmt"
	"sync/atomic"
)

type traffic struct {
	sent, dropped atomic.Uint64
	_             [pad]byte
	received, bad atomic.Uint64
}

var totals traffic

func main() {
	n := ops(20000000)
	run(workers, func(me int) {
		for i := 0; i < n; i++ {
			if me == 0 {
				totals.sent.Add(1) // <- hot
			} else {
				totals.received.Add(2) // <- hot
			}
		}
	})
	fmt.Println(totals.sent.Load(), totals.received.Load())
}
