package app

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func TestTheCommittedAPIDescriptionIsFresh(t *testing.T) {
	t.Parallel()
	version, err := os.ReadFile("../VERSION")
	if err != nil {
		t.Fatal(err)
	}
	want, err := OpenAPI(t.Context(), strings.TrimSpace(string(version)))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../web/console/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("web/console/openapi.json is not what the routes say: run make generate")
	}
}
