package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"go.yaml.in/yaml/v3"
)

// maxOrder bounds a file of a crowd's order, in bytes.
const maxOrder = 1 << 20

// ReadCrowdOrder reads a crowd's order from a file, YAML or JSON. What does not exist is an error that names it; the rest is checked
// by the sandbox that runs the crowd.
func ReadCrowdOrder(path string) (o CrowdOrder, err error) {
	f, err := os.Open(path)
	if err != nil {
		return o, err
	}
	defer f.Close() //nolint:errcheck // only read from
	content, err := io.ReadAll(io.LimitReader(f, maxOrder+1))
	if err != nil {
		return o, err
	}
	if len(content) > maxOrder {
		return o, fmt.Errorf("%s: larger than %d bytes", path, maxOrder)
	}
	var said map[string]any
	if err := yaml.Unmarshal(content, &said); err != nil { // JSON is YAML
		return o, fmt.Errorf("%s: %w", path, err)
	}
	same, err := json.Marshal(said)
	if err != nil {
		return o, fmt.Errorf("%s: %w", path, err)
	}
	d := json.NewDecoder(bytes.NewReader(same))
	d.DisallowUnknownFields()
	if err := d.Decode(&o); err != nil {
		return o, fmt.Errorf("%s: %w", path, err)
	}
	return o, nil
}
