package arch

import (
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"weizheng/platform/conf"
)

// TestDeploymentFilesAreTrue reads what deploy/ offers: that it is YAML, names only variables that the binary knows, asks
// only for addresses that it serves, and gives it the time it needs to stop.
func TestDeploymentFilesAreTrue(t *testing.T) {
	t.Parallel()
	known := []string{"WEIZHENG_CONFIG"}
	for _, k := range conf.Keys {
		known = append(known, "WEIZHENG_"+strings.ToUpper(strings.ReplaceAll(k.Name, ".", "_")))
	}
	variable := regexp.MustCompile(`WEIZHENG_[A-Z_]+`)
	for _, name := range []string{"compose.yaml", "kubernetes.yaml", "Dockerfile", "weizheng.service"} {
		text := read(t, "deploy/"+name)
		for _, v := range variable.FindAllString(text, -1) {
			if !slices.Contains(known, v) {
				t.Errorf("deploy/%s: the binary does not know %s", name, v)
			}
		}
	}

	compose := parse(t, "compose.yaml")
	if len(compose) != 1 || dig(compose[0], "services", "weizheng", "stop_grace_period") != "35s" {
		t.Errorf("compose.yaml: %v", compose)
	}
	objects := parse(t, "kubernetes.yaml")
	if len(objects) != 4 || dig(objects[0], "kind") != "Deployment" || dig(objects[0], "spec", "replicas") != 3 {
		t.Fatalf("kubernetes.yaml: %d objects", len(objects))
	}
	// Files of people lie in the data folder: three replicas need one that all can write.
	if modes, _ := dig(objects[1], "spec", "accessModes").([]any); len(modes) != 1 || modes[0] != "ReadWriteMany" {
		t.Errorf("kubernetes.yaml: the data folder's claim allows %v", modes)
	}
	containers, _ := dig(objects[0], "spec", "template", "spec", "containers").([]any)
	if len(containers) != 1 {
		t.Fatalf("kubernetes.yaml: %d containers", len(containers))
	}
	for probe, path := range map[string]string{"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"} {
		if got := dig(containers[0], probe, "httpGet", "path"); got != path {
			t.Errorf("kubernetes.yaml: %s asks %v", probe, got)
		}
	}
	if n, _ := dig(objects[0], "spec", "template", "spec", "terminationGracePeriodSeconds").(int); n <= 30 {
		t.Errorf("kubernetes.yaml: %d s to stop, serve takes up to 30", n)
	}
}

func parse(t *testing.T, name string) []any {
	t.Helper()
	var all []any
	d := yaml.NewDecoder(strings.NewReader(read(t, "deploy/"+name)))
	for {
		var one any
		err := d.Decode(&one)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("deploy/%s: %v", name, err)
		}
		all = append(all, one)
	}
}

func dig(v any, path ...string) any {
	for _, key := range path {
		m, _ := v.(map[string]any)
		v = m[key]
	}
	return v
}
