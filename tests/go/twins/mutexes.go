// SPDX-License-Identifier: MIT

// Two mutexes side by side.
// False: each worker locks its own. Fix: a pad between them.
// expect: false-sharing kind=heap heap=newLocks type=locks field=left field=right
package main

import (
	"fmt"
	"sync"
)

type locks struct {
	left  sync.Mutex
	_     [pad]byte
	right sync.Mutex
}

func newLocks() *locks {
	return new(locks)
}

func main() {
	both, n := newLocks(), ops(2000000)
	var sums [workers]struct {
		_   [128]byte
		sum uint64
	}
	run(workers, func(me int) {
		sum := uint64(0)
		for i := 0; i < n; i++ {
			if me == 0 {
				both.left.Lock() // <- hot
				sum += mix(uint64(i), 4)
				both.left.Unlock() // <- hot
			} else {
				both.right.Lock() // <- hot
				sum += mix(uint64(i), 4)
				both.right.Unlock() // <- hot
			}
		}
		sums[me].sum = sum
	})
	fmt.Printf("%x %x\n", sums[0].sum, sums[1].sum)
}
