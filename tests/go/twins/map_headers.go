// SPDX-License-Identifier: MIT

// A map for each worker, made one after the other: their headers are small blocks, which Go lays
// side by side.
// False: each worker counts in its own map. Fix: maps in between that nobody uses.
// expect: false-sharing kind=heap heap=newMaps
package main

import "fmt"

const keys = 4096

func newMaps() []map[int]int {
	between := 0
	if pad > 0 {
		between = 4
	}
	var all, unused []map[int]int
	for i := 0; i < 8; i++ {
		all = append(all, make(map[int]int, keys))
		for j := 0; j < between; j++ {
			unused = append(unused, make(map[int]int, keys))
		}
	}
	return append(all, unused...)
}

func main() {
	all, n := newMaps(), ops(5000000)
	run(workers, func(me int) {
		for i := 0; i < n; i++ {
			// Headers of 48 bytes: of eight, several pairs share a line.
			all[i&3*2+me][i%keys]++ // <- hot
		}
	})
	fmt.Println(len(all[0]), len(all[1]))
}
