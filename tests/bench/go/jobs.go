// SPDX-License-Identifier: MIT

// Seven jobs of two goroutines each: jobs NAME [SHARE%] does one of them, or a share of its work.
package main

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"
)

const workers = 2

// text is some n bytes that compress like one.
func text(n int) string {
	random, b := rand.New(rand.NewSource(1)), strings.Builder{}
	for b.Len() < n {
		for i := random.Intn(8) + 2; i > 0; i-- {
			b.WriteByte("etaoinshrdlu"[random.Intn(12)])
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// both has do(worker, rounds) done by each worker, and returns the sum of what they return.
func both(rounds int, do func(me, rounds int) int) int {
	var results [workers]struct {
		_   [128]byte
		sum int
	}
	var done sync.WaitGroup
	for i := 0; i < workers; i++ {
		done.Add(1)
		go func(me int) {
			defer done.Done()
			results[me].sum = do(me, rounds)
		}(i)
	}
	done.Wait()
	return results[0].sum + results[1].sum
}

func compress(_, rounds int) int {
	given, sum := []byte(text(100000)), 0
	for i := 0; i < rounds; i++ {
		var out bytes.Buffer
		w, _ := flate.NewWriter(&out, 6)
		w.Write(given)
		w.Close()
		sum += out.Len()
	}
	return sum
}

type record struct {
	Name   string
	Values []int
	Inner  map[string]float64
}

func encode(me, rounds int) int {
	sum := 0
	for i := 0; i < rounds; i++ {
		in := record{Name: strconv.Itoa(me), Inner: map[string]float64{"x": 1.5, "y": float64(i % 100)}}
		for j := 0; j < 50; j++ {
			in.Values = append(in.Values, j*1000)
		}
		written, _ := json.Marshal(in)
		var out record
		if json.Unmarshal(written, &out) != nil {
			panic("not what was written")
		}
		sum += len(written) + len(out.Values)
	}
	return sum
}

func order(me, rounds int) int {
	random, values, sum := rand.New(rand.NewSource(int64(me))), make([]int, 20000), 0
	for i := 0; i < rounds; i++ {
		for j := range values {
			values[j] = random.Intn(1000000)
		}
		sort.Ints(values)
		sum += values[len(values)/2]
	}
	return sum
}

func match(_, rounds int) int {
	given, sum := text(20000), 0
	pattern := regexp.MustCompile(`([a-t]+)(u|ll)[^ ]* (s[a-z]*)`)
	for i := 0; i < rounds; i++ {
		sum += len(pattern.FindAllStringSubmatch(given, -1))
	}
	return sum
}

func words(_, rounds int) int {
	given, sum := text(50000), 0
	for i := 0; i < rounds; i++ {
		parts := strings.Fields(strings.ToUpper(given))
		sum += len(strings.Join(parts, "-")) + strings.Count(strings.Repeat(given, 2), "th")
		sum += len(strings.Map(func(r rune) rune { return r ^ 1 }, given))
	}
	return sum
}

type shard struct {
	_     [128]byte
	mu    sync.RWMutex
	items map[int]int
}

func shardedMap(rounds int) int {
	var shards [16]*shard
	for i := range shards {
		shards[i] = &shard{items: map[int]int{}}
	}
	return both(rounds, func(me, rounds int) int {
		random, sum := rand.New(rand.NewSource(int64(me))), 0
		for i := 0; i < rounds*4000; i++ {
			key := random.Intn(100000)
			s := shards[key%len(shards)]
			if i%10 == 0 {
				s.mu.Lock()
				s.items[key] = key
				s.mu.Unlock()
			} else {
				s.mu.RLock()
				_, has := s.items[key]
				s.mu.RUnlock()
				if !has {
					sum++
				}
			}
		}
		return sum & 0
	})
}

func channels(rounds int) int {
	forth, back := make(chan int, 16), make(chan int, 16)
	return both(rounds, func(me, rounds int) int {
		sum := 0
		for i := 0; i < rounds*4000; i++ {
			if me == 0 {
				forth <- i
				sum += <-back
			} else {
				back <- 2 * <-forth
			}
		}
		return sum
	})
}

func main() {
	share, jobs := 100, map[string]func(int) int{
		"flate":    func(n int) int { return both(n/4, compress) },
		"json":     func(n int) int { return both(60*n, encode) },
		"sort":     func(n int) int { return both(n/2, order) },
		"regexp":   func(n int) int { return both(n/2, match) },
		"strings":  func(n int) int { return both(n, words) },
		"map":      shardedMap,
		"channels": channels,
	}
	if len(os.Args) > 2 {
		share, _ = strconv.Atoi(strings.TrimSuffix(os.Args[2], "%"))
	}
	fmt.Println(jobs[os.Args[1]](share))
}
