// Package crypt keeps secrets: a ring of keys, envelopes, blind indexes, random codes, and the finding and masking of
// the numbers that identify people.
//
// A Ring seals with its current key and opens with any key it holds, so that keys can be changed while old rows are
// still being sealed anew. Every envelope names its key and its algorithm and is bound to a purpose: text sealed for
// one column of one row does not open as another. Profile International is AES-256-GCM with HMAC-SHA256, National is
// SM4-GCM with HMAC-SM3 (GB/T 39786 asks for the national algorithms; both profiles may stand in one ring).
//
// Equal values are found without being readable by Index, a keyed digest whose key is never used for sealing. What
// belongs to one person is sealed with that person's DataKey, so that deleting one wrapped key erases everything.
//
// The package writes no logs and its errors never hold a key or a plain text.
package crypt
