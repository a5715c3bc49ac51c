// SPDX-License-Identifier: MIT

// A flag of 32 bits that one goroutine sets and another reads, without a lock or an atomic.
package main

var shared struct {
	_    pad
	flag int32
	_    pad
}

func main() {
	last := int32(0)
	together(func(i uint64) {
		shared.flag = int32(i) // <- shared
	}, func() bool {
		now := shared.flag // <- shared
		changed := now != last
		last = now
		return changed
	})
}
