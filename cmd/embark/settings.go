package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"embark/paxos"
)

// configFile is what a config file may hold beside the flags of the command,
// which it names with underscores.
type configFile struct {
	Limits struct {
		Token    float64 `yaml:"token"`
		Identity float64 `yaml:"identity"`
		Other    float64 `yaml:"other"`
		Share    float64 `yaml:"share"`
	} `yaml:"limits"`
	Settle           time.Duration  `yaml:"settle"`
	Silence          time.Duration  `yaml:"silence"`
	ClientIDFile     string         `yaml:"client_id_file"`
	ClientSecretFile string         `yaml:"client_secret_file"`
	Flags            map[string]any `yaml:",inline"`
}

const defaultConfig = "embark.yaml"

// settle brings the settings together: flag, then EMBARK_*, then config file,
// then default. It returns what only the config file can say.
func (e *environment) settle(c *cobra.Command, path string) (*configFile, error) {
	config, err := readConfig(path)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	var failed error
	c.Root().Commands() // flags of all commands are known keys: one file serves them all
	for _, command := range c.Root().Commands() {
		command.Flags().VisitAll(func(f *pflag.Flag) { known[key(f.Name)] = true })
	}
	for name := range config.Flags {
		if !known[name] {
			return nil, &usageError{fmt.Sprintf("unknown key %q in the config file", name), "keys are the names of the flags, with underscores; see: embark run --help"}
		}
	}
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if err := e.fill(f, config.Flags); err != nil && failed == nil {
			failed = err
		}
	})
	return config, failed
}

func key(flag string) string { return strings.ReplaceAll(flag, "-", "_") }

func (e *environment) fill(f *pflag.Flag, config map[string]any) error {
	if f.Changed {
		return nil
	}
	name := "EMBARK_" + strings.ToUpper(key(f.Name))
	value, from := e.getenv(name), name
	if value == "" {
		v, ok := config[key(f.Name)]
		if !ok {
			return nil
		}
		value, from = fmt.Sprint(v), fmt.Sprintf("the key %q of the config file", key(f.Name))
	}
	if err := f.Value.Set(value); err != nil {
		return &usageError{fmt.Sprintf("%s does not make sense: %v", from, err), "see: embark run --help"}
	}
	f.Changed = true
	return nil
}

// readConfig reads the named file, or embark.yaml where there is one.
func readConfig(path string) (*configFile, error) {
	named := path != ""
	if !named {
		path = defaultConfig
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return &configFile{}, nil
	}
	if err != nil {
		return nil, &usageError{fmt.Sprintf("cannot read the config file %q", path), "check the path given with --config"}
	}
	var c configFile
	if err := yaml.UnmarshalWithOptions(data, &c, yaml.Strict()); err != nil {
		return nil, &usageError{fmt.Sprintf("the config file %q: %s", path, yaml.FormatError(err, false, true)), ""}
	}
	return &c, nil
}

// limits checks what the config file says of them.
func (c *configFile) limits() (paxos.Limits, error) {
	l := paxos.Limits{Token: c.Limits.Token, Identity: c.Limits.Identity, Other: c.Limits.Other, Share: c.Limits.Share,
		Silence: c.Silence}
	if l.Token < 0 || l.Identity < 0 || l.Other < 0 || l.Share < 0 || l.Share > 1 || c.Settle < 0 || c.Silence < 0 {
		return l, &usageError{"limits, settle and silence must not be negative, and limits.share is at most 1", ""}
	}
	return l, nil
}

// secret reads a credential from the environment, or from the file that the
// config names. Never from a flag: those can be seen by everyone on the machine.
func (e *environment) secret(name, file string) (string, error) {
	if v := e.getenv(name); v != "" {
		return v, nil
	}
	if file == "" {
		return "", fmt.Errorf("%s is not set: %w", name, paxos.ErrCredentials)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return "", &usageError{fmt.Sprintf("cannot read the credential file %q", file), "check the path in the config file"}
	}
	return strings.TrimSpace(string(data)), nil
}
