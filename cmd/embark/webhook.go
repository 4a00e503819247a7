package main

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"

	"embark/paxos"
	"embark/pipeline"
)

const (
	defaultWebhookHeader = "X-Webhook-Key"
	maxWebhookKeys       = 2 // the one in use, and the next one while they are exchanged
	webhookHint          = "webhook: {address: 127.0.0.1:8090, header: " + defaultWebhookHeader + ", keys_file: /run/secrets/webhook_keys}"
	webhookHelp          = "`ADDR` to receive Paxos's webhooks on (POST " + pipeline.WebhookPath + "), 127.0.0.1 unless a host is given; plain HTTP, TLS is for a proxy in front"
)

// webhookSettings are those of the config file, and the keys.
type webhookSettings struct {
	header, keysFile string
	keys             []string
}

// setWebhook reads the key webhook, which is an address or holds several settings.
func (c *configFile) setWebhook(value any) (err error) {
	keys, ok := value.(map[string]any)
	if !ok {
		c.flags["webhook"] = value
		return nil
	}
	for name, value := range keys {
		switch name {
		case "address":
			c.flags["webhook"] = value
		case "header":
			c.webhook.header, err = configString("webhook.header", value)
		case "keys_file":
			c.webhook.keysFile, err = configString("webhook.keys_file", value)
		default:
			err = unknownKey("webhook."+name, []string{"webhook.address", "webhook.header", "webhook.keys_file"})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// settleWebhook completes the settings, where a webhook is asked for. Keys come
// from the environment or a file, never from a flag.
func (e *environment) settleWebhook(f *runFlags, config *configFile) (err error) {
	if f.webhook == "" {
		return nil
	}
	if f.webhook, err = webhookAddress(f.webhook); err != nil {
		return err
	}
	w := &config.webhook
	if w.header == "" {
		w.header = defaultWebhookHeader
	}
	if strings.Trim(strings.ToLower(w.header), "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		return badValue("webhook.header", "the name of a header, such as "+defaultWebhookHeader)
	}
	text := e.getenv("EMBARK_WEBHOOK_KEYS")
	if text == "" && w.keysFile != "" {
		data, err := os.ReadFile(w.keysFile)
		if err != nil {
			return &usageError{fmt.Sprintf("cannot read the file of webhook keys %q", w.keysFile), "check the path in the config file"}
		}
		text = string(data)
	}
	w.keys = strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(", \t\r\n", r) })
	switch {
	case len(w.keys) == 0:
		return &usageError{"--webhook needs the key that Paxos sends along", "set EMBARK_WEBHOOK_KEYS, or in embark.yaml " + webhookHint}
	case len(w.keys) > maxWebhookKeys:
		return &usageError{fmt.Sprintf("there are %d webhook keys", len(w.keys)), "one, or two while they are exchanged, with a comma in between; a key has none, and no blank"}
	}
	return nil
}

// webhookAddress is a host and a port; this machine's loopback where no host is given.
func webhookAddress(text string) (string, error) {
	if !strings.Contains(text, ":") {
		text = ":" + text
	}
	host, port, err := net.SplitHostPort(text)
	if err == nil && host == "" {
		host = "127.0.0.1"
	}
	if _, e := net.LookupPort("tcp", port); err != nil || e != nil || port == "" {
		return "", &usageError{fmt.Sprintf("--webhook: %q is no address", text), "write it like 127.0.0.1:8090, or only the port"}
	}
	return net.JoinHostPort(host, port), nil
}

// listen opens the webhook's port, nil where none is asked for.
func (f *runFlags) listen(ctx context.Context, config *configFile, show *progress) (*pipeline.Webhook, error) {
	if f.webhook == "" {
		return nil, nil
	}
	var listening net.ListenConfig
	l, err := listening.Listen(ctx, "tcp", f.webhook)
	if err != nil {
		return nil, &usageError{fmt.Sprintf("--webhook: cannot listen on %q", f.webhook), "another program may have the port, or the address is not one of this machine's"}
	}
	show.note("receiving webhooks at http://%s%s", l.Addr(), pipeline.WebhookPath)
	if at, err := netip.ParseAddrPort(l.Addr().String()); err != nil || !at.Addr().Unmap().IsLoopback() {
		show.note("warning: the webhook can be reached from other machines, and without encryption; put a proxy with TLS in front of it")
	}
	return &pipeline.Webhook{Listener: l, Header: config.webhook.header, Keys: config.webhook.keys}, nil
}

// eventsFor refuses a webhook without the scope that makes something of it.
func eventsFor(w *pipeline.Webhook, granted bool) error {
	if w == nil || granted {
		return nil
	}
	return fmt.Errorf("%w: %s, which --webhook needs", paxos.ErrScope, paxos.ScopeReadEvent)
}

// announced says what came of the announcements, where there were any.
func (p *progress) announced(c pipeline.InboxCounts) {
	if c.Received+c.Fetched+c.Known > 0 {
		p.note("webhooks: %d events announced, %d fetched, %d known already", c.Received, c.Fetched, c.Known)
	}
	if c.Dropped > 0 {
		p.note("webhooks: %d events are unknown to Paxos and were dropped", c.Dropped)
	}
	if c.Refused > 0 {
		p.note("webhooks: %d calls with a wrong key were refused", c.Refused)
	}
	if c.Broken != nil {
		p.note("webhooks: receiving ended early: %v", c.Broken)
	}
}
