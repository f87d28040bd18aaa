package wechat

import "slices"

// Kind is the kind of an Official Account.
type Kind string

// The kinds. Since 2025 the documentation calls a subscription account 公众号.
const (
	Subscription Kind = "subscription" // 订阅号
	Service      Kind = "service"      // 服务号
)

// Right says which accounts of a kind may call an endpoint.
type Right string

// The rights. Verified means that the body behind the account, a government or an enterprise, was verified (认证).
const (
	Any      Right = "any"
	Verified Right = "verified"
	Never    Right = "never"
)

// Host is one of the platform's hosts; clients hold an address for each.
type Host string

// The hosts.
const (
	HostAPI  Host = "api"  // api.weixin.qq.com
	HostMP   Host = "mp"   // mp.weixin.qq.com
	HostOpen Host = "open" // open.weixin.qq.com
	HostPay  Host = "pay"  // api.mch.weixin.qq.com
)

// Auth is how a caller of an endpoint proves itself.
type Auth string

// The ways. Every secret goes into the query or the body, so neither may be logged.
const (
	AuthToken     Auth = "token"     // access_token of the account in the query
	AuthSecret    Auth = "secret"    // appid and secret
	AuthUser      Auth = "user"      // access_token of a web authorisation
	AuthComponent Auth = "component" // token of a third-party platform
	AuthMerchant  Auth = "merchant"  // a merchant's signature in the header Authorization
	AuthNone      Auth = "none"      // a page or picture that browsers open
)

// Endpoint is one call of the platform's server API. One table of them drives the client, the simulator and the console.
type Endpoint struct {
	Host    Host
	Method  string
	Path    string // {…} stands for one value; only paths of HostPay have any
	Purpose string // Chinese, as the console shows it
	Auth    Auth

	Subscription Right
	Service      Right

	// Quotas by default of a new account; 0 is "not published". What counts at run time is the answer of
	// /cgi-bin/openapi/quota/get.
	Daily     int
	PerMinute int
	Monthly   int

	Idempotent bool // whether a repetition, after an answer got lost, does no harm
}

// Allows reports whether an account of that kind may call the endpoint by the published table; the account's own error
// code (48001) decides.
func (e Endpoint) Allows(kind Kind, verified bool) bool {
	right := e.Service
	if kind == Subscription {
		right = e.Subscription
	}
	return right == Any || right == Verified && verified
}

// Endpoints returns the whole table, in the order of WeChat's documentation; the caller may change the slice.
func Endpoints() []Endpoint { return slices.Clone(endpoints) }

// EndpointOf finds an endpoint by its path. Paths are unique in the table.
func EndpointOf(path string) (Endpoint, bool) {
	i, ok := endpointIndex[path]
	if !ok {
		return Endpoint{}, false
	}
	return endpoints[i], true
}

var (
	endpoints     = allEndpoints()
	endpointIndex = indexEndpoints(endpoints)
)

func allEndpoints() []Endpoint {
	return slices.Concat(basicEndpoints(), menuEndpoints(), userEndpoints(), qrEndpoints(), mediaEndpoints(),
		publishEndpoints(), serviceEndpoints(), templateEndpoints(), webEndpoints(), dataEndpoints(), otherEndpoints(),
		componentEndpoints(), payEndpoints())
}

func indexEndpoints(all []Endpoint) map[string]int {
	index := make(map[string]int, len(all))
	for i, e := range all {
		index[e.Path] = i
	}
	return index
}

// get is a GET with the account's token; it may be repeated.
func get(path, purpose string, subscription, service Right) Endpoint {
	return Endpoint{Host: HostAPI, Method: "GET", Path: path, Purpose: purpose, Auth: AuthToken,
		Subscription: subscription, Service: service, Idempotent: true}
}

// put is a POST that may be repeated: it asks, or sets what it would set again.
func put(path, purpose string, subscription, service Right) Endpoint {
	e := get(path, purpose, subscription, service)
	e.Method = "POST"
	return e
}

// do is a POST that must not be repeated blindly: it creates, sends or counts.
func do(path, purpose string, subscription, service Right) Endpoint {
	e := put(path, purpose, subscription, service)
	e.Idempotent = false
	return e
}

func (e Endpoint) day(n int) Endpoint    { e.Daily = n; return e }
func (e Endpoint) minute(n int) Endpoint { e.PerMinute = n; return e }
func (e Endpoint) month(n int) Endpoint  { e.Monthly = n; return e }
func (e Endpoint) by(a Auth) Endpoint    { e.Auth = a; return e }
func (e Endpoint) once() Endpoint        { e.Idempotent = false; return e }

// page is an address for a browser on another host than the API's.
func (e Endpoint) page(h Host) Endpoint { e.Host, e.Auth = h, AuthNone; return e }
