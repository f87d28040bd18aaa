package page

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"regexp"
	"strconv"
)

// maxInjected is the largest page that gets the browser's script; a larger one goes through as it is.
const maxInjected = 5 << 20

// sdkAddress is where WeChat has the JS-SDK; in WeChat's own browser these hosts are this sandbox.
var sdkAddress = regexp.MustCompile(`(?:https?:)?//res2?\.wx\.qq\.com/open/js/`)

func isHTML(h http.Header) bool {
	typ, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	return err == nil && typ == "text/html"
}

// inject puts the browser's script at the beginning of the page's head.
func inject(res *http.Response, nonce string) error {
	body, err := io.ReadAll(io.LimitReader(res.Body, maxInjected+1))
	if err != nil {
		return err
	}
	if len(body) > maxInjected {
		res.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(body), res.Body), res.Body}
		return nil
	}
	if err := res.Body.Close(); err != nil {
		return err
	}
	tag := []byte(`<script src="/__wechat/browser.js" nonce="` + nonce + `"></script>`)
	body = sdkAddress.ReplaceAll(body, []byte("/open/js/"))
	at := headAt(body)
	page := make([]byte, 0, len(body)+len(tag))
	page = append(append(append(page, body[:at]...), tag...), body[at:]...)
	res.Body = io.NopCloser(bytes.NewReader(page))
	res.ContentLength = int64(len(page))
	res.Header.Set("Content-Length", strconv.Itoa(len(page)))
	res.Header.Del("ETag") // of the page without the script
	return nil
}

// headAt is the place after <head>, else after <html>, else after the doctype.
func headAt(body []byte) int {
	lower := bytes.ToLower(body[:min(len(body), 4096)])
	for _, open := range []string{"<head", "<html", "<!doctype"} {
		i := bytes.Index(lower, []byte(open))
		if i < 0 || open == "<head" && bytes.HasPrefix(lower[i:], []byte("<header")) {
			continue
		}
		if end := bytes.IndexByte(lower[i:], '>'); end >= 0 {
			return i + end + 1
		}
	}
	return 0
}
