// SPDX-License-Identifier: MIT

// A slice of a generic type.
// False: each worker uses its own element. Fix: a pad before each.
// expect: false-sharing kind=heap heap=newCells type=cell field=value
package main

import "fmt"

type cell[T any] struct {
	_     [pad]byte
	value T
	spare T
}

func newCells[T any](n int) []cell[T] {
	return make([]cell[T], n)
}

func main() {
	all, n := newCells[uint64](workers), ops(60000000)
	run(workers, func(me int) {
		for i := 0; i < n; i++ {
			all[me].value += uint64(i) // <- hot
		}
	})
	fmt.Println(all[0].value, all[1].value)
}
