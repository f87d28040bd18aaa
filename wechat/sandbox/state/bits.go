package state

import (
	"bytes"
	"math/bits"
)

// bitset is a set of the numbers of contacts, a bit each: a million of them are some hundred kilobytes.
type bitset []byte

func (b *bitset) add(n int64) {
	i := int(n >> 3)
	if i >= len(*b) {
		*b = append(*b, make([]byte, max(i+1-len(*b), len(*b)/2))...)
	}
	(*b)[i] |= 1 << (n & 7)
}

func (b bitset) count() int64 {
	n := 0
	for _, v := range b {
		n += bits.OnesCount8(v)
	}
	return int64(n)
}

// without takes out what other has.
func (b bitset) without(other bitset) {
	for i := range min(len(b), len(other)) {
		b[i] &^= other[i]
	}
}

// trim cuts what is empty at both ends and returns how many bytes that were at the beginning.
func (b bitset) trim() (first int, body []byte) {
	body = bytes.TrimRight(b, "\x00")
	short := bytes.TrimLeft(body, "\x00")
	return len(body) - len(short), append([]byte{}, short...) // never nil, which would be no value
}

// tally counts for each number in how many sets it is, up to many, in as many bits as that takes.
type tally []bitset

// add counts the numbers of a set that begins at the byte first.
func (t *tally) add(first int, body []byte) {
	carry := append(make([]byte, first, first+len(body)), body...)
	for digit := range *t {
		d := &(*t)[digit]
		if len(*d) < len(carry) {
			*d = append(*d, make([]byte, len(carry)-len(*d))...)
		}
		for i := range carry {
			(*d)[i], carry[i] = (*d)[i]^carry[i], (*d)[i]&carry[i]
		}
	}
	// What is carried out of the last digit stays in it: more than enough is enough.
	last := (*t)[len(*t)-1]
	for i := range carry {
		last[i] |= carry[i]
	}
}
