package wire

import "regexp"

// secretNames are the parameters and JSON fields whose values open something.
const secretNames = `access_token|refresh_token|component_access_token|secret|appsecret|component_appsecret|code|ticket`

var (
	querySecret = regexp.MustCompile(`((?:^|[?&])(?:` + secretNames + `)=)([^&#]+)`)
	bodySecret  = regexp.MustCompile(`("(?:` + secretNames + `)"\s*:\s*")((?:[^"\\]|\\.)+)(")`)
)

// maskQuery hides secrets in a path with a query.
func maskQuery(path string) string {
	return querySecret.ReplaceAllStringFunc(path, func(s string) string {
		m := querySecret.FindStringSubmatch(s)
		return m[1] + mask(m[2])
	})
}

// maskBody hides secrets in a JSON body; the ticket of a QR code is masked with them, it costs nothing.
func maskBody(body string) string {
	return bodySecret.ReplaceAllStringFunc(body, func(s string) string {
		m := bodySecret.FindStringSubmatch(s)
		return m[1] + mask(m[2]) + m[3]
	})
}

// mask shows enough to tell two tokens apart, and too little to use one.
func mask(secret string) string {
	const shown = 6
	if len(secret) < 4*shown {
		return "***"
	}
	return secret[:shown] + "***"
}
