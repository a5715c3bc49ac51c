// SPDX-License-Identifier: MIT

// Main sets parts up, goroutines work on parts of their own, main sums after Wait; in the next
// phase a part belongs to another goroutine.
// None: a part changes hands only where goroutines end and begin.
// expect: none
package main

import "fmt"

const (
	phases = 4
	parts  = 16
)

type part struct {
	x [16]uint64 // two lines
}

func main() {
	all, n, sum := make([]part, parts+1), ops(1000000), uint64(0)
	// A block of this size class need not begin with a line's start: the first part is not used.
	for phase := 0; phase < phases; phase++ {
		for p := range all {
			all[p].x[phase]++
		}
		run(workers, func(me int) {
			first := (me + phase) % workers * parts / workers
			for i := 0; i < n; i++ {
				for p := first + 1; p < first+parts/workers; p++ {
					all[p].x[i%16] += uint64(p)
				}
			}
		})
		for p := range all {
			for i := range all[p].x {
				sum = sum*31 + all[p].x[i]
			}
		}
	}
	fmt.Printf("%x\n", sum)
}
