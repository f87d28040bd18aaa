// Package pay is WeChat Pay (API v3) for one merchant and one account: orders that are paid inside WeChat (JSAPI),
// refunds, bills, and the notices that WeChat sends. It is thin around the official SDK.
//
// Promises: nothing is believed before its signature was checked, an answer or notice is at most five minutes old, and a
// notice is decrypted only after that; every failed call is an *Error whose kind says what to do, without keys, openids or
// addresses in it; money is int64 fen. Nothing here keeps state: whoever is told of a payment compares amount, appid and
// merchant with what they wanted, and takes one transaction_id once, since notices come more than once.
//
// WeChat docs: pay.weixin.qq.com/doc/v3/merchant.
package pay
