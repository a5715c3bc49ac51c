// SPDX-License-Identifier: MIT

// One worker uses its field, and lets the other go on by a condition, which then uses the field
// beside it.
// None: the condition orders them.
// expect: none
package main

import (
	"fmt"
	"sync"
)

type pair struct {
	first, second uint64
}

// Off the pair's lines.
type gate struct {
	_    [128]byte
	mu   sync.Mutex
	cond *sync.Cond
	open bool
	_    [128]byte
}

func main() {
	both, g, n := new(pair), new(gate), ops(20000000)
	g.cond = sync.NewCond(&g.mu)
	run(workers, func(me int) {
		if me == 0 {
			for i := 0; i < n; i++ {
				both.first++
			}
			g.mu.Lock()
			g.open = true
			g.mu.Unlock()
			g.cond.Signal()
			return
		}
		g.mu.Lock()
		for !g.open {
			g.cond.Wait()
		}
		g.mu.Unlock()
		for i := 0; i < n; i++ {
			both.second++
		}
	})
	fmt.Println(both.first, both.second)
}
