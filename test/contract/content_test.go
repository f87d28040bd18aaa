package contract

import (
	"bytes"
	"encoding/json"
	"slices"
)

// contentRows are those of what an account says to all.
func contentRows() []row {
	return slices.Concat(materialRows(), draftRows(), publishRows(), massRows(), commentRows(), autoreplyRows())
}

// tryPlay calls the sandbox's own API and returns the HTTP status.
func (w *world) tryPlay(method, path string, in any) int {
	w.Helper()
	b, err := json.Marshal(in)
	if err != nil {
		w.Fatal(err)
	}
	res, _ := w.exchange(method, "http://"+boxHost+"/sandbox/api"+path, bytes.NewReader(b), nil)
	return res.StatusCode
}
