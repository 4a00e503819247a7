//go:build !embark_no_intents

package checkpoint

// noIntents is true only in the binary of the kill test's negative control.
const noIntents = false
