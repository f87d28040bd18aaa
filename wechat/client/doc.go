// Package client calls the server API of WeChat's Official Accounts for one account.
//
// It is thin on purpose: one method for one endpoint, values in, values out. What it adds is what every caller would
// otherwise get wrong:
//
//   - tokens are shared by all replicas, fetched once when they die, and dropped by value, so that nobody drops the new one;
//   - errors are typed (Error), carry an errs kind and what to do about them, and hold no secret, token, openid or URL;
//   - only calls that may be repeated are, by the table in package wechat, within the caller's context;
//   - a path that is out of its daily quota rests until the next day, one that is called too fast rests a minute;
//   - no call is made from inside a database transaction;
//   - text travels as raw UTF-8, as menus and drafts need it.
//
// It keeps no log: Config.Observe sees every call by path, code, request id and duration.
package client
