// SPDX-License-Identifier: MIT

// A slice of pointers: each worker's state is a block of its own, and Go lays blocks of one size
// side by side.
// False: each worker uses its own block. Fix: a pad in each.
// expect: false-sharing kind=heap heap=newWorker type=worker field=done field=last
package main

import "fmt"

type worker struct {
	_          [pad]byte
	done, last uint64
}

func newWorker() *worker {
	return &worker{}
}

func main() {
	n := ops(40000000)
	all := make([]*worker, 4)
	for i := range all {
		all[i] = newWorker()
	}
	run(workers, func(me int) {
		// Of four blocks of 16 bytes in a row, at most one pair has a line's end between its two.
		one, other := all[me], all[me+2]
		for i := 0; i < n; i++ {
			one.done++             // <- hot
			other.last = uint64(i) // <- hot
		}
	})
	fmt.Println(all[0].done+all[1].done, all[2].last+all[3].last)
}
