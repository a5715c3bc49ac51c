// SPDX-License-Identifier: MIT

// Blocks of one size and two types that one line makes, side by side.
// False: each worker uses a field of one block. Fix: a pad between the fields.
// expect: false-sharing kind=heap heap=main type=state field=left field=right also=WaitGroup
package main

import (
	"fmt"
	"sync"
)

type state struct {
	left  uint64
	_     [pad]byte
	right uint64
}

func main() {
	s, done := new(state), sync.WaitGroup{}
	n := ops(40000000)
	done.Add(workers)
	run(workers, func(me int) {
		for i := 0; i < n; i++ {
			if me == 0 {
				s.left++ // <- hot
			} else {
				s.right++ // <- hot
			}
		}
		done.Done() // <- touched
	})
	done.Wait() // <- touched
	fmt.Println(s.left, s.right)
}
