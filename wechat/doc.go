// Package wechat is the protocol between WeChat's Official Account platform and a developer's server, as pure functions:
// no network, no clock, no state.
//
// It holds four things:
//
//   - the callback codec: signatures, AES, the three message modes (codec.go, cipher.go, sign.go, push.go);
//   - what WeChat sends and what it accepts in return: messages, events, passive replies (message.go, reply.go, xml.go);
//   - the table of error codes, each with what to do about it (code.go);
//   - the one table of server endpoints: who may call which, how often, and whether a call may be repeated (endpoint.go).
//
// Promises: a body is believed only when its signature is right for the mode that the configuration names, never for a
// mode the request names; comparisons of secrets take constant time; malformed input is an error and never a panic;
// unknown messages and elements are kept raw; a Message printed or logged shows neither openid nor content.
//
// Facts come from the documentation at developers.weixin.qq.com; a comment says "unverified" where a number does not.
package wechat
