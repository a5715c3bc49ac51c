// SPDX-License-Identifier: MIT
// counted WHAT: uses of maps that numaprobe watch --exact counts. Prints what it is about to do, waits
// for a line on standard input, does it, prints "done", and waits for another line.
//
//	calls: 200000 writes, 300000 reads by three goroutines and 50000 deletions of one map, and
//	       as many reads of another; prints the first map's address
//	zipf: a million reads with keys of 10^5, numbers and texts; prints the five that come most
//	overlap: a reader and a writer of one map come at the same time a thousand times a second, until
//	       Go notices or ten seconds have passed
package main

import (
	"bufio"
	"fmt"
	"math/rand"
	"os"
	"runtime"
	"sort"
	"sync"
	"sync/atomic"
	"time"
)

var input = bufio.NewReader(os.Stdin)

func wait() { input.ReadString('\n') }

//go:noinline
func put(m map[uint64]int, key uint64) { m[key] = 1 }

//go:noinline
func get(m map[uint64]int, key uint64) int { return m[key] }

//go:noinline
func drop(m map[uint64]int, key uint64) { delete(m, key) }

//go:noinline
func getName(m map[string]int, key string) int { return m[key] }

// Deep enough for the stack to grow in the middle of a call that has a probe.
//
//go:noinline
func deep(m map[uint64]int, depth uint64) int {
	var room [64]byte
	room[depth%64] = 1
	if depth == 0 {
		return int(room[0])
	}
	return deep(m, depth-1) + get(m, depth) + int(room[1])
}

func calls() {
	const writes, reads, deletions, readers = 200000, 100000, 50000, 3
	one, other := map[uint64]int{}, map[uint64]int{}
	fmt.Printf("%p\n", one)
	wait()
	for i := uint64(0); i < writes; i++ {
		put(one, i)
	}
	var all sync.WaitGroup
	for r := 0; r < readers; r++ {
		all.Add(1)
		go func() {
			defer all.Done()
			deep(one, 1000)
			for i := uint64(1000); i < reads; i++ {
				get(one, i)
				get(other, i)
			}
		}()
	}
	all.Wait()
	for i := uint64(0); i < deletions; i++ {
		drop(one, i)
	}
}

func zipf() {
	const keys, reads, shown = 100000, 1000000, 5
	numbers, names := map[uint64]int{}, map[string]int{}
	name := make([]string, keys)
	count := make([]int, keys)
	drawn := make([]uint64, reads)
	z := rand.NewZipf(rand.New(rand.NewSource(1)), 1.2, 1, keys-1)
	for i := range name {
		name[i] = fmt.Sprint("key ", i)
		numbers[uint64(i)], names[name[i]] = i, i
	}
	for i := range drawn {
		drawn[i] = z.Uint64()
		count[drawn[i]]++
	}
	best := make([]int, keys)
	for i := range best {
		best[i] = i
	}
	sort.Slice(best, func(a, b int) bool { return count[best[a]] > count[best[b]] })
	for _, key := range best[:shown] {
		fmt.Printf("%d:%d ", key, count[key])
	}
	fmt.Println()
	wait()
	for _, key := range drawn {
		get(numbers, key)
		getName(names, name[key])
	}
}

// Both wait for each other on threads that run, so that both come at the same time also where other
// programs take the cpus. The map does not grow, so that all operations take about as long.
func overlap() {
	const rounds, period = 10000, time.Millisecond
	shared := map[uint64]int{1: 1}
	var came atomic.Int64
	fmt.Printf("%p\n", shared)
	wait()
	began := time.Now()
	each := func(use func()) {
		runtime.LockOSThread()
		for round := int64(1); round <= rounds; round++ {
			for time.Since(began) < time.Duration(round)*period {
			}
			came.Add(1)
			for came.Load() < 2*round {
			}
			use()
		}
	}
	go each(func() { put(shared, 1) })
	each(func() { get(shared, 1) })
}

func main() {
	map[string]func(){"calls": calls, "zipf": zipf, "overlap": overlap}[os.Args[1]]()
	fmt.Println("done")
	wait()
}
