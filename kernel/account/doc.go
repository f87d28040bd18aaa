// Package account is the house's Official Accounts: who they are, how WeChat reaches us for them and how we reach WeChat.
//
// An account is known everywhere by its slug, which never changes. It belongs to a unit; its unit path is read by a join
// with the unit's row, so it is right the moment a unit moves.
//
// Promises:
//
//   - The AppSecret, the callback token, the EncodingAESKeys, access tokens and tickets are stored sealed, are written and
//     never read out again (HasSecret tells that there is one), and stand in no log and no error.
//   - Only this package makes WeChat clients. There is one for each account and process; all replicas share one access
//     token through a row of the database, fetched under a lease.
//   - Codec and Client answer from memory. A change reaches every replica by a notification, and within cacheAge when
//     that is lost.
//   - What an account may call is the endpoint table crossed with its kind and verification, less what WeChat has refused
//     it (48001): so nobody is offered what WeChat will refuse, and sees why.
//   - Every verb checks its input whole before it changes anything, is one transaction, and leaves an audit row.
//
// States: active ⇄ suspended. A suspended account's door is closed (its callbacks are unknown addresses) and it sends
// nothing. A fault is WeChat's own word that no call can succeed (wrong secret, frozen account): the door stays open,
// calls are refused at once until the credentials change or a self-check passes.
package account
