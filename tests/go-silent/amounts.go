// SPDX-License-Identifier: MIT

// Two amounts that have the same sum at all times: each is an atomic, but not the two together. As a
// control, both under a lock.
package main

import (
	"sync"
	"sync/atomic"
	"time"
)

const sum = 1000

var shared struct {
	_       pad
	amounts [2]int64
	_       pad
}

type nothing struct{}

func (nothing) Lock()   {}
func (nothing) Unlock() {}

func main() {
	shared.amounts[0] = sum
	var lock sync.Locker = nothing{}
	if given("alone") == "locked" {
		lock = new(sync.Mutex)
		patience = 200 * time.Millisecond
	}
	together(func(i uint64) {
		move := int64(i%2)*2 - 1
		lock.Lock()
		atomic.AddInt64(&shared.amounts[0], move)  // <- atomic
		atomic.AddInt64(&shared.amounts[1], -move) // <- atomic
		lock.Unlock()
	}, func() bool {
		lock.Lock()
		found := atomic.LoadInt64(&shared.amounts[0]) + atomic.LoadInt64(&shared.amounts[1]) // <- atomic
		lock.Unlock()
		return found != sum
	})
}
