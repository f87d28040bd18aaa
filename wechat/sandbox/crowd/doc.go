// Package crowd is many virtual citizens at once: they follow an account, ask, tap its menu, open its pages, fill its
// forms and rate its answers, as the phones of people would. Every callback goes through package push to the account's
// real address, every page through package page; the account cannot tell them from people.
//
// Promises: who does what, in which order and with which words is a function of the order's seed, not of how fast the
// account answers; what they met is counted as it was, act by act; a crowd ends with the process, and says afterwards
// that it was cut short.
package crowd
