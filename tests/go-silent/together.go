// SPDX-License-Identifier: MIT

// What all programs here need: two goroutines that run at once with nothing that orders them, until
// one has seen often enough what the other does to it.
package main

import (
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

const enough = 5000

// On a busy machine the goroutines run in turns, and little is seen in each.
var patience = time.Second

// What the programs share lies between two of these, off the lines of everything else.
type pad [128]byte

var finish struct {
	_    pad
	stop uint32
	_    pad
	done sync.WaitGroup
	_    pad
}

// given returns the first argument, or usual.
func given(usual string) string {
	if len(os.Args) > 1 {
		return os.Args[1]
	}
	return usual
}

// idle takes about a microsecond without a memory access (Knuth's MMIX constants). Of goroutines that
// do nothing but access, Go 1.19's race detector misses the race in many runs.
func idle(x uint64) {
	for i := 0; i < 1000; i++ {
		x = x*6364136223846793005 + 1442695040888963407
	}
	if x == 0 {
		panic("not the constants of a full period")
	}
}

// together calls write(0), write(1), ... in one goroutine and look() in another, and prints how
// often look returned true. Only the end is ordered: look's goroutine stores stop, and that of
// write loads it, so nothing that write does is ordered before what look does.
func together(write func(i uint64), look func() bool) {
	finish.done.Add(2)
	go func() {
		defer finish.done.Done()
		for i := uint64(0); atomic.LoadUint32(&finish.stop) == 0; i++ {
			write(i)
			idle(i)
		}
	}()
	seen := 0
	go func() {
		defer finish.done.Done()
		began := time.Now()
		for n := 1; seen < enough && (n%1024 != 0 || time.Since(began) < patience); n++ {
			idle(uint64(n))
			if look() {
				seen++
			}
		}
		atomic.StoreUint32(&finish.stop, 1)
	}()
	finish.done.Wait()
	fmt.Println("seen", seen)
}
