// Package page is the browser inside WeChat: it opens web pages for a citizen's phone, at the phone's own host
// (<citizen>.localhost), in front of the page's origin; it serves the pages of web authorisation there, where it knows who
// the citizen is; and it brings the JS-SDK. PHONE.md describes what the scripts and the phone say to each other.
//
// Promises: only origins that belong to configured accounts are opened; a page sees what it would see in WeChat (user
// agent, its cookies, redirects by its own address) and never the sandbox; a configuration of the JS-SDK is accepted only
// with a right signature over the address that the server knows.
package page
