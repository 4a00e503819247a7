package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"embark/paxos"
)

// configFile is what a config file holds: the flags of the commands, which it
// names with underscores, and a few settings that have no flag.
type configFile struct {
	limits                         paxos.Limits
	Settle                         time.Duration
	ClientIDFile, ClientSecretFile string
	SigningKeyID, SigningKeyFile   string
	webhook                        webhookSettings
	mappings                       map[string]string // of files, by pattern
	flags                          map[string]any
}

const defaultConfig = "embark.yaml"

// settle brings the settings together: flag, then EMBARK_*, then config file,
// then default. It returns what only the config file can say.
func (e *environment) settle(c *cobra.Command, path string) (*configFile, error) {
	if path == "" {
		path = e.getenv("EMBARK_CONFIG")
	}
	config, err := readConfig(path, flagKeys(c.Root()))
	if err != nil {
		return nil, err
	}
	var failed error
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if err := e.fill(f, config.flags); err != nil && failed == nil {
			failed = err
		}
	})
	return config, failed
}

// flagKeys are the keys of all commands' flags: one file serves them all.
func flagKeys(root *cobra.Command) []string {
	var keys []string
	for _, command := range root.Commands() {
		command.Flags().VisitAll(func(f *pflag.Flag) {
			if settable(f) {
				keys = append(keys, key(f.Name))
			}
		})
	}
	return keys
}

// settable: help is no setting, and the place of the config file is not in it.
func settable(f *pflag.Flag) bool { return f.Name != "help" && f.Name != "config" }

func key(flag string) string { return strings.ReplaceAll(flag, "-", "_") }

func (e *environment) fill(f *pflag.Flag, config map[string]any) error {
	if f.Changed || !settable(f) {
		return nil
	}
	name := "EMBARK_" + strings.ToUpper(key(f.Name))
	from, values := name, []any{e.getenv(name)}
	if values[0] == "" {
		v, ok := config[key(f.Name)]
		if !ok {
			return nil
		}
		from = fmt.Sprintf("the key %q of the config file", key(f.Name))
		if values, ok = v.([]any); !ok {
			values = []any{v}
		}
	}
	for _, v := range values {
		if err := f.Value.Set(fmt.Sprint(v)); err != nil {
			return &usageError{fmt.Sprintf("%s: %q does not make sense", from, fmt.Sprint(v)), howToWrite(f)}
		}
	}
	f.Changed = true
	return nil
}

// readConfig reads the named file, or embark.yaml where there is one.
func readConfig(path string, flags []string) (*configFile, error) {
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
	c := &configFile{flags: map[string]any{}}
	var keys map[string]any
	if err := yaml.Unmarshal(data, &keys); err != nil {
		return nil, &usageError{fmt.Sprintf("the config file %q: %s", path, yamlError(err)), "it holds lines of the form key: value"}
	}
	for name, value := range keys {
		if err := c.set(name, value, flags); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// yamlError leaves out the picture that the library paints.
func yamlError(err error) string {
	var syntax yaml.Error
	if errors.As(err, &syntax) && syntax.GetToken() != nil {
		return fmt.Sprintf("line %d: %s", syntax.GetToken().Position.Line, syntax.GetMessage())
	}
	return "it cannot be read as YAML"
}

// set takes one key of the config file.
func (c *configFile) set(name string, value any, flags []string) (err error) {
	switch name {
	case "limits":
		return c.setLimits(value)
	case "webhook":
		return c.setWebhook(value)
	case "mappings":
		return c.setMappings(value)
	case "settle":
		c.Settle, err = configDuration(name, value)
	case "silence":
		c.limits.Silence, err = configDuration(name, value)
	case "client_id_file":
		c.ClientIDFile, err = configString(name, value)
	case "client_secret_file":
		c.ClientSecretFile, err = configString(name, value)
	case "signing_key_id":
		c.SigningKeyID, err = configString(name, value)
	case "signing_key_file":
		c.SigningKeyFile, err = configString(name, value)
	default:
		if !slices.Contains(flags, name) {
			return unknownKey(name, append(flags, "limits", "settle", "silence", "client_id_file", "client_secret_file", "signing_key_id", "signing_key_file", "webhook", "mappings"))
		}
		c.flags[name] = value
	}
	return err
}

func unknownKey(name string, known []string) error {
	hint := "keys are the names of the flags, with underscores; see: embark run --help"
	if near := nearest(name, known); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return &usageError{fmt.Sprintf("unknown key %q in the config file", name), hint}
}

// setLimits reads the published rates, which have no upper bound, and the share
// of them that may be used.
func (c *configFile) setLimits(value any) error {
	keys, ok := value.(map[string]any)
	if !ok {
		return badValue("limits", "limits: {token: 1, identity: 10, other: 50, share: 0.9}")
	}
	places := map[string]*float64{"token": &c.limits.Token, "identity": &c.limits.Identity, "other": &c.limits.Other, "share": &c.limits.Share}
	for name, value := range keys {
		place, ok := places[name]
		if !ok {
			return unknownKey("limits."+name, []string{"limits.token", "limits.identity", "limits.other", "limits.share"})
		}
		switch n := value.(type) {
		case uint64:
			*place = float64(n)
		case float64:
			*place = n
		}
		if !(*place > 0) || name == "share" && *place > 1 {
			return badValue("limits."+name, "rates are numbers above 0, in requests a second; share is above 0 and at most 1")
		}
	}
	return nil
}

func configDuration(name string, value any) (time.Duration, error) {
	d, err := time.ParseDuration(fmt.Sprint(value))
	if err != nil || d < 0 {
		return 0, badValue(name, durations)
	}
	return d, nil
}

func configString(name string, value any) (string, error) {
	text, ok := value.(string)
	if !ok {
		return "", badValue(name, "it should be the path of a file")
	}
	return text, nil
}

func badValue(name, hint string) error {
	return &usageError{fmt.Sprintf("the key %q of the config file does not make sense", name), hint}
}

// secret reads a credential from the environment, or from the file that the
// config names. Never from a flag: those can be seen by everyone on the machine.
func (e *environment) secret(name, file string) (string, error) {
	if v := e.getenv(name); v != "" {
		return v, nil
	}
	if file == "" {
		return "", &credentialError{name}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return "", &usageError{fmt.Sprintf("cannot read the credential file %q", file), "check the path in the config file"}
	}
	return strings.TrimSpace(string(data)), nil
}

// credentialError says that a credential was not given.
type credentialError struct{ name string }

func (e *credentialError) Error() string { return e.name + " is not set" }

// Is: no credentials fare like wrong ones.
func (e *credentialError) Is(target error) bool { return target == paxos.ErrCredentials }
