// Package merchant is WeChat Pay (API v3) as the local WeChat plays it for merchants: the paths under /v3 at the root,
// payment notices, and what a phone asks when somebody pays.
//
// An account gets a merchant when somebody asks for one: a number, a certificate and key, an APIv3 key, and by what it
// checks who WeChat is (platform certificates that are replaced, or 微信支付公钥).
//
// Promises: every request is verified as the real one does, its signature before anything else in it is believed; every
// answer and notice to a known merchant is signed; errors have the real ones' codes and HTTP status; money is fen and is
// never given back twice; a notice is kept until the merchant takes it or the schedule ends, over restarts. Orders live
// in civil time, signatures in wall time. WeChat docs: pay.weixin.qq.com/doc/v3/merchant.
package merchant
