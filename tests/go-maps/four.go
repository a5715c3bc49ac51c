// SPDX-License-Identifier: MIT
// four [SECONDS]: four maps in which the program spends 60, 25, 10 and 5% of its time: it times
// batches of operations and goes on with the map that is furthest behind its share. Prints the
// shares that came out, in that order, once a second.
package main

import (
	"fmt"
	"math/rand"
	"os"
	"strconv"
	"sync"
	"time"
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
}

func main() {
	const batch = 5000
	share := []float64{0.60, 0.25, 0.10, 0.05}
	use := []func(int, int){useNumbers, func(a, b int) { useNames(a, b) }, usePoints, useShared}
	spent := make([]float64, len(use))
	at := make([]int, len(use))
	seconds := 1.0
	if len(os.Args) > 1 {
		seconds, _ = strconv.ParseFloat(os.Args[1], 64)
	}
	fill()
	began, all, last := time.Now(), 0.0, 0.0
	for time.Since(began).Seconds() < seconds {
		next, most := 0, -1.0
		for i := range use {
			if behind := share[i]*all - spent[i]; behind > most {
				next, most = i, behind
			}
		}
		start := time.Now()
		use[next](at[next], at[next]+batch)
		took := time.Since(start).Seconds()
		at[next] = (at[next] + batch) % count
		spent[next] += took
		all += took
		if now := time.Since(began).Seconds(); now-last > 1 {
			last = now
			fmt.Printf("%.3f %.3f %.3f %.3f\n", spent[0]/all, spent[1]/all, spent[2]/all, spent[3]/all)
		}
	}
}
