package conf

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/knadh/koanf/parsers/toml/v2"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/providers/posflag"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/pflag"
)

// envPrefix begins every variable; envFile names the configuration file itself.
const (
	envPrefix = "WEIZHENG_"
	envFile   = "WEIZHENG_CONFIG"
)

// Flags adds a flag for every key to fs, named like the key with dashes: --database-url.
func Flags(fs *pflag.FlagSet) {
	for _, k := range Keys {
		fs.String(flagName(k.Name), "", k.Doc)
	}
}

func flagName(key string) string { return strings.NewReplacer(".", "-", "_", "-").Replace(key) }
func envName(key string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// Load merges file (optional: "" takes WEIZHENG_CONFIG, or none), environ (as os.Environ gives it) and the flags that
// were set; flags may be nil.
func Load(path string, environ []string, flags *pflag.FlagSet) (Config, error) {
	k := koanf.New(".")
	for _, key := range Keys {
		if err := k.Set(key.Name, key.Default); err != nil {
			return Config{}, fmt.Errorf("configuration: %w", err)
		}
	}
	for _, step := range []func() error{
		func() error { return loadFile(k, configFile(path, environ)) },
		func() error { return loadEnv(k, environ) },
		func() error { return loadFlags(k, flags) },
	} {
		if err := step(); err != nil {
			return Config{}, fmt.Errorf("configuration: %w", err)
		}
	}
	c, err := check(k)
	if err != nil {
		return Config{}, fmt.Errorf("configuration: %w", err)
	}
	return c, nil
}

func configFile(path string, environ []string) string {
	if path != "" {
		return path
	}
	for _, e := range environ {
		if v, ok := strings.CutPrefix(e, envFile+"="); ok {
			return v
		}
	}
	return ""
}

func loadFile(k *koanf.Koanf, path string) error {
	if path == "" {
		return nil
	}
	if _, err := os.Stat(path); err != nil {
		return err
	}
	f := koanf.New(".")
	if err := f.Load(file.Provider(path), toml.Parser()); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	var unknown []error
	for _, name := range f.Keys() {
		if !known(name) {
			unknown = append(unknown, fmt.Errorf("%s: unknown key %q", path, name))
		}
	}
	if err := errors.Join(unknown...); err != nil {
		return err
	}
	return k.Merge(f)
}

func loadEnv(k *koanf.Koanf, environ []string) error {
	names := map[string]string{}
	for _, key := range Keys {
		names[envName(key.Name)] = key.Name
	}
	var unknown []error
	for _, e := range environ {
		name, _, _ := strings.Cut(e, "=")
		if strings.HasPrefix(name, envPrefix) && names[name] == "" && !foreign(name) {
			unknown = append(unknown, fmt.Errorf("unknown variable %s", name))
		}
	}
	if err := errors.Join(unknown...); err != nil {
		return err
	}
	return k.Load(env.Provider(".", env.Opt{
		Prefix:      envPrefix,
		EnvironFunc: func() []string { return environ },
		TransformFunc: func(name, value string) (string, any) {
			return names[name], value // an empty name is left out
		},
	}), nil)
}

// foreign reports whether a variable with our prefix is not ours to check: the file's name, those of tests and of key
// sources, and the ones Kubernetes makes for a Service called weizheng.
func foreign(name string) bool {
	rest := strings.TrimPrefix(name, envPrefix)
	return name == envFile || strings.HasPrefix(rest, "TEST_") || strings.HasPrefix(rest, "KEYRING") ||
		rest == "PORT" || strings.HasPrefix(rest, "PORT_") || strings.HasPrefix(rest, "SERVICE_")
}

func loadFlags(k *koanf.Koanf, flags *pflag.FlagSet) error {
	if flags == nil {
		return nil
	}
	names := map[string]string{}
	for _, key := range Keys {
		names[flagName(key.Name)] = key.Name
	}
	return k.Load(posflag.ProviderWithFlag(flags, ".", nil, func(f *pflag.Flag) (string, any) {
		if !f.Changed {
			return "", nil
		}
		return names[f.Name], f.Value.String() // flags of other packages have no name here and are left out
	}), nil)
}

func known(name string) bool {
	return slices.ContainsFunc(Keys, func(k Key) bool { return k.Name == name })
}
