// SPDX-License-Identifier: MIT
// four [SECONDS [work]]: four maps in which the program spends 60, 25, 10 and 5% of its thread's time
// on a cpu, which is what samples are of: it times batches of operations and goes on with the map
// that is furthest behind its share. Prints the shares that came out, in that order, once a second;
// with "work", each quarter of a second the monotonic time, and operations for a second of its time
// on cpus.
package main

import (
	"fmt"
	"math/rand"
	"os"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

type point struct{ x, y, z int }

const count = 50000

var (
	numbers = map[uint64]uint64{}
	names   = map[string]int{}
	points  = map[point]int{}
	shared  sync.Map

	number [count]uint64
	name   [count]string
	boxed  [count]any
	places [count]point
)

//go:noinline
func useNumbers(from, to int) {
	for _, n := range number[from:to] {
		numbers[n] = n
	}
}

//go:noinline
func useNames(from, to int) (sum int) {
	for _, n := range name[from:to] {
		sum += names[n]
	}
	return sum
}

//go:noinline
func usePoints(from, to int) {
	for i := from; i < to; i++ {
		points[places[i]] = i
	}
}

//go:noinline
func useShared(from, to int) {
	for _, n := range boxed[from:to] {
		shared.Load(n)
	}
}

func fill() {
	for i := range number {
		number[i] = rand.Uint64()
		name[i] = fmt.Sprint("name ", i)
		boxed[i] = name[i]
		places[i] = point{rand.Int(), i, 0}
		names[name[i]] = i
		shared.Store(boxed[i], i)
	}
	useNumbers(0, count) // what a map takes to grow would be made up for by its neighbours later
	usePoints(0, count)
}

func seconds(clock uintptr) float64 {
	var t syscall.Timespec
	syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clock, uintptr(unsafe.Pointer(&t)), 0)
	return float64(t.Sec) + float64(t.Nsec)/1e9
}

func main() {
	const batch = 5000
	const monotonic, process, thread = 1, 2, 3
	runtime.LockOSThread()
	share := []float64{0.60, 0.25, 0.10, 0.05}
	use := []func(int, int){useNumbers, func(a, b int) { useNames(a, b) }, usePoints, useShared}
	spent := make([]float64, len(use))
	at := make([]int, len(use))
	long, each := 1.0, 1.0
	if len(os.Args) > 1 {
		long, _ = strconv.ParseFloat(os.Args[1], 64)
	}
	work := len(os.Args) > 2
	if work {
		each = 0.25
	}
	fill()
	began, all, last, batches, ran := time.Now(), 0.0, 0.0, 0.0, seconds(process)
	for time.Since(began).Seconds() < long {
		next, most := 0, -1.0
		for i := range use {
			if behind := share[i]*all - spent[i]; behind > most {
				next, most = i, behind
			}
		}
		start := seconds(thread)
		use[next](at[next], at[next]+batch)
		took := seconds(thread) - start
		at[next] = (at[next] + batch) % count
		spent[next] += took
		all += took
		batches++
		now := time.Since(began).Seconds()
		if now-last <= each {
			continue
		}
		last = now
		if work {
			cpu := seconds(process)
			fmt.Printf("%.3f %.6g\n", seconds(monotonic), batches*batch/(cpu-ran))
			batches, ran = 0, cpu
		} else {
			fmt.Printf("%.3f %.3f %.3f %.3f\n", spent[0]/all, spent[1]/all, spent[2]/all, spent[3]/all)
		}
	}
}
