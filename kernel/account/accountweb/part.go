// Package accountweb is the face of the Official Accounts: the console's API to connect, check, change, suspend and
// resume an account, its counters, and the proof files that WeChat asks a domain for.
//
// It promises that no answer of it holds a secret, a token or a key: those only go in.
package accountweb
