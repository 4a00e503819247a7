package checkpoint

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(killEnv); path != "" {
		commitForEver(path)
		return
	}
	goleak.VerifyTestMain(m)
}
