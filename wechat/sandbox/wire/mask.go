package wire

import "regexp"

// secretNames are the parameters and JSON fields whose values open something.
const secretNames = `access_token|refresh_token|component_access_token|authorizer_access_token|authorizer_refresh_token|` +
	`secret|appsecret|component_secret|component_appsecret|ticket|component_verify_ticket|pre_auth_code|auth_code|authorization_code`

var (
	querySecret = regexp.MustCompile(`((?:^|[?&])(?:` + secretNames + `|code)=)([^&#]+)`) // of web authorisation
	bodySecret  = regexp.MustCompile(`("(?:` + secretNames + `)"\s*:\s*")((?:[^"\\]|\\.)+)(")`)
	xmlSecret   = regexp.MustCompile(`(<(?:ComponentVerifyTicket|AuthorizationCode|PreAuthCode)><!\[CDATA\[)([^\]]+)(\]\])`)
)

// maskQuery hides secrets in a path with a query.
func maskQuery(path string) string {
	return querySecret.ReplaceAllStringFunc(path, func(s string) string {
		m := querySecret.FindStringSubmatch(s)
		return m[1] + mask(m[2])
	})
}

// maskBody hides secrets in a body of JSON or in a notice of XML; the ticket of a QR code is masked with them, it costs
// nothing. A "code" in a body is none: there it is an error of WeChat Pay's, and a citizen's code travels in a query.
func maskBody(body string) string {
	for _, secret := range []*regexp.Regexp{bodySecret, xmlSecret} {
		body = secret.ReplaceAllStringFunc(body, func(s string) string {
			m := secret.FindStringSubmatch(s)
			return m[1] + mask(m[2]) + m[3]
		})
	}
	return body
}

// mask shows enough to tell two tokens apart, and too little to use one.
func mask(secret string) string {
	const shown = 6
	if len(secret) < 4*shown {
		return "***"
	}
	return secret[:shown] + "***"
}
