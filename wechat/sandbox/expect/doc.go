// Package expect lets a script say beforehand what should go over the wire, and ask afterwards whether it did: a callback
// with such an answer, a call of the API with such a body, within a time.
//
// Promises: an expectation is met by what begins after it was made and ends in its time, by nothing else; a missed one
// tells what came instead. They are kept in memory, are bounded in number, and end with the process.
package expect
