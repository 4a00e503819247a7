//go:build embark_no_intents

package checkpoint

const noIntents = true
