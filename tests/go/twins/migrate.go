// SPDX-License-Identifier: MIT

// Four goroutines that yield often, and so run on several threads: each has its own counter.
// False: whichever thread they run on, two of them use one line at once. Fix: a pad before each.
// expect: false-sharing kind=heap heap=newTallies type=tally field=n
package main

import (
	"fmt"
	"runtime"
)

type tally struct {
	_ [pad]byte
	n uint64
}

func newTallies(count int) []tally {
	return make([]tally, count)
}

func main() {
	const many = 4
	all, n := newTallies(many), ops(30000000)
	run(many, func(me int) {
		for i := 0; i < n; i++ {
			all[me].n++ // <- hot
			if i%2000 == 0 {
				runtime.Gosched()
			}
		}
	})
	sum := uint64(0)
	for i := range all {
		sum += all[i].n
	}
	fmt.Println(sum)
}
