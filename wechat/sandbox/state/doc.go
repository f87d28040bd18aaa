// Package state is everything the local WeChat knows: accounts, citizens, who follows whom, chats, tags, menus, QR codes,
// media, templates and what people consented to, customer service, tokens, allowances, used quotas, what falls due, and
// callbacks still to be delivered.
//
// Promises: what a method has answered survives a restart (used quotas within a second); a million followers are read
// through indexes only; ids that WeChat gives to people and accounts are functions of the seed, secrets are not. It
// holds no rule of a single WeChat API: limits and error codes belong to package api, deliveries to package push.
package state
