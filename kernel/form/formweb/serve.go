package formweb

import (
	"fmt"
	"net/http"

	"weizheng/kernel/form"
	"weizheng/platform/web"
)

// Serve sends the bytes of a file whose reader was checked: a re-encoded picture or a PDF, never anything a browser would
// run.
func Serve(w http.ResponseWriter, r *http.Request, forms *form.Service, file form.Filed) {
	plain, err := forms.Read(r.Context(), file)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", file.Type)
	w.Header().Set("Content-Length", fmt.Sprint(len(plain)))
	if file.Type == "application/pdf" {
		w.Header().Set("Content-Disposition", "attachment")
	}
	_, _ = w.Write(plain) // the phone is gone if this fails
}
