// SPDX-License-Identifier: MIT

// One struct of counts for each worker, side by side in a slice.
// False: each worker uses its own. Fix: a pad before each.
// expect: false-sharing kind=heap heap=newCounts type=counts field=hits field=misses
package main

import "fmt"

type counts struct {
	_            [pad]byte
	hits, misses uint64
}

func newCounts() []counts {
	return make([]counts, workers)
}

func main() {
	all, n := newCounts(), ops(60000000)
	run(workers, func(me int) {
		for i := 0; i < n; i++ {
			if i%4 == 0 {
				all[me].misses++ // <- hot
			} else {
				all[me].hits++ // <- hot
			}
		}
	})
	fmt.Println(all[0].hits+all[1].hits, all[0].misses+all[1].misses)
}
