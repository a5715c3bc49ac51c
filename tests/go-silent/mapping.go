// SPDX-License-Identifier: MIT

// Two counters next to each other, one of each goroutine, in memory of syscall.Mmap, or as a control
// of Go's heap. Now and then one goroutine also reads how far the other is, without a lock.
package main

import (
	"syscall"
	"unsafe"
)

const size = 4096

func counters(where string) *[2]uint64 {
	if where == "heap" {
		return (*[2]uint64)(unsafe.Pointer(new([size / 8]uint64)))
	}
	bytes, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE,
		syscall.MAP_PRIVATE|syscall.MAP_ANON)
	if err != nil {
		panic(err)
	}
	return (*[2]uint64)(unsafe.Pointer(&bytes[0]))
}

func main() {
	done := counters(given("mmap"))
	looks, last := 0, uint64(0)
	together(func(uint64) {
		done[0]++ // <- shared
	}, func() bool {
		done[1]++
		looks++
		if looks%64 != 0 {
			return false
		}
		now := done[0] // <- shared
		changed := now != last
		last = now
		return changed
	})
}
