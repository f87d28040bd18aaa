// Package gosdk lets a stranger's Go SDK, github.com/silenceper/wechat/v2, work with a running sandbox: its own calls, its
// own handler of callbacks, nothing of ours in between. The SDK's addresses are constants; its HTTP client is given a
// transport that goes to the sandbox instead of api.weixin.qq.com and mp.weixin.qq.com. What it trips over is a defect of
// the sandbox if WeChat's documents agree with the SDK.
package gosdk
