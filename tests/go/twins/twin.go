// SPDX-License-Identifier: MIT

// What all twins need: an amount of work, goroutines that start together, and a pad, which
// broken.go and fixed.go state. It keeps off their lines. Go aligns a block of heap at its size
// class and a global of 32 bytes or more at 32, so that 16 bytes that lie together share a line.
package main

import (
	"os"
	"strconv"
	"strings"
	"sync"
)

const workers = 2

// ops returns the work of each worker: n, or what the first argument makes of it, a number or a
// share of n such as 10%.
func ops(n int) int {
	if len(os.Args) < 2 {
		return n
	}
	given, err := strconv.Atoi(strings.TrimSuffix(os.Args[1], "%"))
	if err != nil {
		panic(err)
	}
	if strings.HasSuffix(os.Args[1], "%") {
		return n / 100 * given
	}
	return given
}

// Off the lines of the twins' own blocks, of which some have its size.
var finish struct {
	_    [128]byte
	done sync.WaitGroup
	_    [128]byte
}

// run calls body(0..n-1), each in a goroutine of its own, all at once.
func run(n int, body func(me int)) {
	start := make(chan struct{})
	for i := 0; i < n; i++ {
		finish.done.Add(1)
		go func(me int) {
			defer finish.done.Done()
			<-start
			body(me)
		}(i)
	}
	close(start)
	finish.done.Wait()
}

// mix is private work without a memory access (Knuth's MMIX constants).
func mix(x uint64, rounds int) uint64 {
	for i := 0; i < rounds; i++ {
		x = x*6364136223846793005 + 1442695040888963407
	}
	return x
}
