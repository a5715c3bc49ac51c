// SPDX-License-Identifier: MIT

// Counters side by side in a program that runs one goroutine at a time.
// False on more processors: with GOMAXPROCS=1 the goroutines take turns, and it is latent. Fix: a
// pad before each.
// expect: false-sharing kind=heap heap=newParts type=part field=sum procs=1
package main

import (
	"fmt"
	"runtime"
)

type part struct {
	_   [pad]byte
	sum uint64
}

func newParts() []part {
	return make([]part, workers)
}

func main() {
	runtime.GOMAXPROCS(1)
	all, n := newParts(), ops(60000000)
	run(workers, func(me int) {
		for i := 0; i < n; i++ {
			all[me].sum += uint64(i) // <- hot
			if i%4096 == 0 {
				runtime.Gosched()
			}
		}
	})
	fmt.Println(all[0].sum + all[1].sum)
}
