// Package city is 青云市, the invented city of the demo: its units and staff, accounts, answer rules, menus, followers and
// what they talked about in the last weeks.
//
// Everything is made through the system's own verbs, and the talk is played through the sandbox: citizens write on their
// phones, callbacks reach the gateway, rules answer, staff answer in the inbox, customer messages come back. So a
// newcomer meets what really happened, on both sides, under a civil clock that moves from then to now.
//
// The city is the same for a given seed but for secrets and random codes. Nobody in it is real.
package city
