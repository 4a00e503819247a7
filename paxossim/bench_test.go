package paxossim

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"testing"
)

func jsonBody(v any) io.Reader {
	text, _ := json.Marshal(v)
	return bytes.NewReader(text)
}

func BenchmarkCreateIdentity(b *testing.B) {
	for name, path := range map[string]string{"memory": "", "journal": filepath.Join(b.TempDir(), "state")} {
		b.Run(name, func(b *testing.B) {
			sim := newSim(b, Options{StatePath: path})
			token := newTester(b, sim).token
			offset := sim.Stats().Objects.Identities
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				b.StopTimer()
				r, _ := http.NewRequestWithContext(b.Context(), "POST", base+"/identity/identities", jsonBody(customer(10+offset+n)))
				r.Header.Set("Authorization", "Bearer "+token)
				b.StartTimer()
				resp, err := sim.Transport().RoundTrip(r)
				if err != nil || resp.StatusCode != 200 {
					b.Fatal(err, resp)
				}
			}
		})
	}
}
