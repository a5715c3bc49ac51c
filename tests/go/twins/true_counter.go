// SPDX-License-Identifier: MIT

// One counter for all.
// True: the same bytes.
// expect: true-sharing kind=heap heap=newHits type=hits field=n
package main

import (
	"fmt"
	"sync/atomic"
)

type hits struct {
	n atomic.Uint64
	_ [120]byte
}

func newHits() *hits {
	return new(hits)
}

func main() {
	all, n := newHits(), ops(12000000)
	run(workers, func(me int) {
		for i := 0; i < n; i++ {
			all.n.Add(1) // <- touched
		}
	})
	fmt.Println(all.n.Load())
}
