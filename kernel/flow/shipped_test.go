package flow_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"weizheng/kernel/flow"
)

// shipped is a definition that comes with the house.
func shipped(t *testing.T, key string) *flow.Definition {
	t.Helper()
	list, err := flow.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range list {
		if s.Definition.Key == key {
			return s.Definition
		}
	}
	t.Fatalf("%s is not shipped", key)
	return nil
}

func TestShippedDefinitionsAreSound(t *testing.T) {
	t.Parallel()
	list, err := flow.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range list {
		for _, p := range flow.Validate(s.Definition, flow.Known{}) {
			t.Errorf("%s: %+v", s.Definition.Key, p)
		}
		text, err := flow.Format(s.Definition)
		if err != nil {
			t.Fatal(err)
		}
		back, problems := flow.Parse(text)
		if len(problems) > 0 {
			t.Fatalf("%s: what Format writes does not parse: %+v", s.Definition.Key, problems)
		}
		if diff := cmp.Diff(s.Definition, back); diff != "" {
			t.Errorf("%s changed by writing and reading:\n%s", s.Definition.Key, diff)
		}
	}
}
