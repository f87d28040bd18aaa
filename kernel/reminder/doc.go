// Package reminder reaches staff on their own phones: it binds a follower of one account to a member of staff, tells them
// there what a matter has for them, and knows who opens the links that it sends.
//
//	console: offer ──scan or word──▶ chat asks ──"确认绑定"──▶ chat tells 4 digits ──typed in the console──▶ binding
//
//	matter tells ─▶ item ─(gathered, quiet hours over)─▶ parcel ─▶ customer message │ template │ stays in the console
//
//	link ─▶ web authorisation of the account: is it the bound openid? ─▶ a short session of the phone
//
// Promises:
//
//   - A picture of the code alone binds nobody: the phone that scanned it must say yes, and the console must be given the
//     four digits that only that phone was told. Two phones at one code make it void. In one account a follower is bound
//     to one member of staff and a member of staff to one follower.
//   - A binding ends by a word on the phone, in the console, by an administrator, and with the account (disabled, reset,
//     expelled); sessions of the phone end with it. It is audited, and the phone that loses it is told.
//   - Each notice is told at most once: an item is unique by event and kind and written in the transaction of what it tells
//     of; a parcel takes its items in one transaction with the message (kernel/notify), which never goes twice.
//   - What did not reach the phone says why, to the person themselves and, in sum, to who watches over the house.
//   - A message holds a number, a step and a day, never what was said nor who said it.
//   - A link is signed, runs out, and names binding and matter. It opens nothing by itself: web authorisation must give the
//     bound openid, or, where the account has none, the second factor. What may be seen and done then is what the person may
//     at that moment.
package reminder
