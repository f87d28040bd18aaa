package fault

import (
	"encoding/json"
	"os"
	"strconv"
	"testing"
)

// What `make prove` sets.
const (
	killsEnv    = "WEIZHENG_FAULT_KILLS"    // how often TestKilled kills each house; 3
	longEnv     = "WEIZHENG_FAULT_LONG"     // not empty: also wait for what takes minutes
	evidenceEnv = "WEIZHENG_FAULT_EVIDENCE" // file to which what was counted is appended, a JSON object a line
)

func number(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil && n > 0 {
		return n
	}
	return otherwise
}

func long() bool { return os.Getenv(longEnv) != "" }

// facts are counts that a test vouches for.
type facts map[string]int

// evidence notes what a test counted.
func evidence(t testing.TB, f facts) {
	t.Helper()
	t.Logf("%v", f)
	path := os.Getenv(evidenceEnv)
	if path == "" {
		return
	}
	raw, err := json.Marshal(map[string]any{"test": t.Name(), "facts": f})
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write(append(raw, '\n')); err != nil {
		t.Error(err)
	}
	if err := file.Close(); err != nil {
		t.Error(err)
	}
}
