// SPDX-License-Identifier: MIT

// A field that one goroutine writes through an unsafe.Pointer, and that another reads by its name.
package main

import "unsafe"

type padded struct {
	_    pad
	word uint64
	_    pad
}

var shared = new(padded)

func main() {
	base := unsafe.Pointer(shared)
	last := uint64(0)
	together(func(i uint64) {
		*(*uint64)(unsafe.Add(base, unsafe.Offsetof(shared.word))) = i // <- shared
	}, func() bool {
		now := shared.word // <- shared
		changed := now != last
		last = now
		return changed
	})
}
