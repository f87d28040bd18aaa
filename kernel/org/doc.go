// Package org is the government inside: the tree of units, the people who work in it, their roles, and how they prove who
// they are.
//
// A unit has one parent and perhaps a guiding unit (条块: the department above it in its trade). Its path is the prefix of
// everything below it; permissions are compared by it.
//
// Rights: a role is a list of permissions, kept as data, with a default set. A grant gives a role to a person over a
// unit's subtree, perhaps for one account and until a day. The three administrators (GB/T 22239: 系统, 安全, 审计) have
// duties that no one person may join, and none of them is a super-user. Nobody changes their own grants or account, and
// nobody gives or takes a role over a place where they may not give: giving needs staff.grant there, and either a role
// that names the given one among those it gives, or every permission of it. Nobody resets or disables a person who holds
// grants outside their own reach; an administrator's second factor is reset only on the server itself.
//
// Proof: passwords by Argon2id, five failures in fifteen minutes lock a login, and thirty an address, counted in rows so
// that all replicas agree; unknown logins cost the same time and lock in the same way. TOTP codes work once. Accounts
// begin, and passwords are reset, by one-time links. Until somebody has set a password and, where the installation asks
// for it, a second factor, they hold no right.
//
// A right that was taken away ends within a second on every replica, a session of a disabled person at once.
package org
