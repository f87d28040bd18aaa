// Package contract holds the house's own WeChat client and its own WeChat, the sandbox, against each other and against
// WeChat's documents. Each endpoint is a row written from its page: who may call it, how often, what it takes, which code
// refuses what, and what the citizen or the account's server sees of it. A row is played through wechat/client in a
// process with the sandbox, without a network: rightly, beyond every limit, by every kind of account, and until the
// allowance of a day and a minute is used up. Where one of the two deviates from its page, this fails.
package contract
