// Package setting keeps everything about weizheng that people may decide while it runs: declared settings
// `<part>.<name>` with type, unit of measure, default and the source of the default, and the values given to them.
//
// A value may be given for the installation, for a unit with everything below it, or for one account, as far down as
// the declaration's scope allows; the narrowest wins: account, then the nearest unit upwards, then installation, then
// the default. Reading costs no query: every replica holds all values and reads them again when told of a change, within
// a second. While the database is away the last known values hold.
//
// Nothing is stored that its declaration refuses; should a later release declare otherwise, the stored value is ignored
// and said so in the log. Every change is audited with its old and new value, so no setting holds a secret.
package setting
