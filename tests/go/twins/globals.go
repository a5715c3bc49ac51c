// SPDX-License-Identifier: MIT

// Global counters that the linker lays side by side.
// False: each worker counts in two of them. Fix: a pad before each.
// expect: false-sharing object=opened object=closed object=parsed object=written
package main

import "fmt"

type count struct {
	_ [pad]byte
	n uint64
}

var opened, closed, parsed, written count

func main() {
	n := ops(30000000)
	run(workers, func(me int) {
		for i := 0; i < n; i++ {
			if me == 0 {
				opened.n++ // <- hot
				parsed.n++ // <- hot
			} else {
				closed.n++  // <- hot
				written.n++ // <- hot
			}
		}
	})
	fmt.Println(opened.n, closed.n, parsed.n, written.n)
}
