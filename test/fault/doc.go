// Package fault shows, with tests that can fail, that nothing which was acknowledged is lost or done twice: not when the
// process is killed, the disk is full, the database away, a clock wrong, WeChat slow or wrong, a callback repeated, late
// or out of order, and not when several replicas work at once. Each test acts as WeChat, citizens and staff do, and
// afterwards compares what they were told with what is in the database and on the phones.
//
// The tests are quick and part of `go test ./...`. `make prove` (test/prove) runs the same ones for as long as it is told,
// through the variables that evidence_test.go names.
package fault
