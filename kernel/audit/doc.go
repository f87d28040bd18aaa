// Package audit keeps who did what to which thing, in a form that shows when somebody tampered with it.
//
// A verb records an Entry in its own transaction: the deed and its trace stand or fall together. Entries name people and
// things by surrogate ids only, so that the log need not be erased with a person; details hold no names, openids, phone
// numbers or texts.
//
// Each row carries a MAC made when it was inserted, so a row that was changed, or slipped in past the program, is known
// by itself. Every two seconds one replica, under a lease, seals what is new into a batch: the list of ids and the
// digest of their MACs, chained to the batch before and authenticated. Ids on PostgreSQL become visible out of order, so
// a row is unsealed as long as it has no batch, whatever its id. Verify walks the chain and names each row that was
// changed, is missing or was inserted, and what is not sealed yet. Whoever holds database and keys could cut off the end
// of the chain; therefore every seal's digest also goes to the process log, which is kept elsewhere.
//
// Rows older than the retention (at least a year, 互联网政务应用安全管理规定 art. 20) are purged in whole batches; the
// batch's line stays, so the chain stays whole.
package audit
