package flowweb

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEveryProblemHasWords holds that whatever Parse and Validate find is said in Chinese: their keys travel in a Problem,
// where the house's own check of message keys does not look.
func TestEveryProblemHasWords(t *testing.T) {
	t.Parallel()
	var words map[string]string
	if err := json.Unmarshal(texts, &words); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../*.go")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	key := regexp.MustCompile(`"(flow\.(?:check|yaml|notice)\.[a-z_.]*[a-z_])"`)
	found := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		code, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range key.FindAllStringSubmatch(string(code), -1) {
			found++
			if words[m[1]] == "" {
				t.Errorf("%s: %s has no words", name, m[1])
			}
		}
	}
	if found < 80 {
		t.Fatalf("only %d keys found: the search is broken", found)
	}
}
