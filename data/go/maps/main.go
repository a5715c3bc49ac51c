// SPDX-License-Identifier: MIT
// The other side of probes/maps/map_go.c: `numaprobe maps --go` builds this program and asks it for
// one trial after the other. Questions and answers are lines on its standard output, which is a
// socket; steps and results are in a file that both map.
//
//	maps FILE THREADS ROOM locked|free CPU...
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"unsafe"
)

const cellsEach = 16 // of the trial, then of each thread

type request struct {
	what, strategy        string
	words, threads, steps int
	keys, turn            uint64
	window, batch         int64
	moving, empties       bool
}

var (
	file []uint64
	room int
	job  []chan func(thread int) // by thread
	cpu  []int
	free bool // goroutines may change threads
	done sync.WaitGroup
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	check(err)
	return n
}

func mapFile(path string) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	check(err)
	info, err := f.Stat()
	check(err)
	bytes, err := syscall.Mmap(int(f.Fd()), 0, int(info.Size()),
		syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	check(err)
	file = unsafe.Slice((*uint64)(unsafe.Pointer(&bytes[0])), len(bytes)/8)
}

func cells(index int) []float64 {
	return unsafe.Slice((*float64)(unsafe.Pointer(&file[index*cellsEach])), cellsEach)
}

// The calling thread, which a goroutine is locked to.
func bind(cpus ...int) {
	const most = 65536
	var mask [most / 64]uint64
	for _, cpu := range cpus {
		mask[cpu/64] |= 1 << (cpu % 64)
	}
	_, _, errno := syscall.RawSyscall(syscall.SYS_SCHED_SETAFFINITY, 0, uintptr(8*len(mask)),
		uintptr(unsafe.Pointer(&mask[0])))
	if errno != 0 {
		check(errno)
	}
}

// Moves the calling goroutine's thread to its cpu and leaves it free to go on: in a window of some
// milliseconds the kernel would not yet have parted two threads that it woke on one cpu.
func begin(thread int) {
	if free {
		runtime.LockOSThread()
		bind(cpu[thread])
		bind(cpu...)
		runtime.UnlockOSThread()
	}
}

func startThread(thread int, ready *sync.WaitGroup) {
	if !free {
		runtime.LockOSThread()
		bind(cpu[thread])
	}
	ready.Done()
	for f := range job[thread] {
		f(thread)
		done.Done()
	}
}

// Runs f on the first `threads` threads and returns when all have ended.
func runAll(threads int, f func(thread int)) {
	done.Add(threads)
	for i := 0; i < threads; i++ {
		job[i] <- f
	}
	done.Wait()
}

// What a thread times is kept from trial to trial.
var lasted [][]uint32

func newWorker(r *request, thread int) *worker {
	first := (1+len(job))*cellsEach + thread*room
	if lasted[thread] == nil {
		lasted[thread] = make([]uint32, 0, timedMost)
	}
	return &worker{thread: uint64(thread), threads: uint64(r.threads), step: file[first : first+r.steps],
		at: int(r.turn % uint64(r.steps)), moving: r.moving, next: r.keys / uint64(r.threads),
		lasted: lasted[thread]}
}

func serve[V value](r *request) string {
	switch {
	case strategies[V]()[r.strategy] == nil:
		return "there is no such strategy"
	case r.what == "check":
		return checkMap[V](r)
	default:
		return runTrial[V](r)
	}
}

var byWords = map[int]func(r *request) string{
	1: serve[[1]uint64], 2: serve[[2]uint64], 4: serve[[4]uint64],
	8: serve[[8]uint64], 16: serve[[16]uint64], 32: serve[[32]uint64],
}

func main() {
	mapFile(os.Args[1])
	room = number(os.Args[3])
	job = make([]chan func(int), number(os.Args[2]))
	lasted = make([][]uint32, len(job))
	var ready sync.WaitGroup
	ready.Add(len(job))
	free = os.Args[4] == "free"
	for _, text := range os.Args[5:] {
		cpu = append(cpu, number(text))
	}
	for i := range job {
		job[i] = make(chan func(int), 1)
		go startThread(i, &ready)
	}
	ready.Wait()
	fmt.Println()
	in := bufio.NewReader(os.Stdout)
	for {
		var r request
		_, err := fmt.Fscanln(in, &r.what, &r.strategy, &r.words, &r.keys, &r.threads, &r.steps, &r.moving,
			&r.window, &r.batch, &r.turn, &r.empties)
		if err != nil {
			return
		}
		fmt.Println(byWords[r.words](&r))
	}
}
