// SPDX-License-Identifier: MIT

// Variables that closures capture: Go moves them to the heap, those of 8 bytes side by side.
// False: each worker counts in two of them. Fix: a pad before each.
// expect: false-sharing kind=heap heap=count type=counter field=n
package main

import "fmt"

type counter struct {
	_ [pad]byte
	n uint64
}

func count(n int) (uint64, uint64) {
	// Of four in a row, at most one pair has a line's end between its two.
	var even, odd, low, high counter
	run(workers, func(me int) {
		for i := 0; i < n; i++ {
			if me == 0 {
				even.n, low.n = even.n+2, low.n+1 // <- hot
			} else {
				odd.n, high.n = odd.n+3, high.n+4 // <- hot
			}
		}
	})
	return even.n + low.n, odd.n + high.n
}

func main() {
	fmt.Println(count(ops(40000000)))
}
