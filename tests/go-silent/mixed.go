// SPDX-License-Identifier: MIT

// A counter that one goroutine adds to by an atomic, and that another reads without one.
package main

import "sync/atomic"

var shared struct {
	_     pad
	count uint64
	_     pad
}

func main() {
	last := uint64(0)
	together(func(uint64) {
		atomic.AddUint64(&shared.count, 1) // <- atomic
	}, func() bool {
		now := shared.count // <- shared
		changed := now != last
		last = now
		return changed
	})
}
