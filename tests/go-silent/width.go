// SPDX-License-Identifier: MIT

// A word of 8 bytes that one goroutine writes, and of which another reads 4: the upper half, or as a
// control the lower one, which begins where the word does.
package main

import "unsafe"

var shared struct {
	_    pad
	word uint64
	_    pad
}

func main() {
	offset := map[string]uintptr{"upper": 4, "lower": 0}[given("upper")]
	half := (*uint32)(unsafe.Add(unsafe.Pointer(&shared.word), offset))
	last := uint32(0)
	together(func(i uint64) {
		shared.word = i<<32 | i&0xffffffff // <- shared
	}, func() bool {
		now := *half // <- shared
		changed := now != last
		last = now
		return changed
	})
}
