package pipeline

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"embark/checkpoint"
	"embark/onboard"
	"embark/paxos"
	"embark/paxossim"
)

// verifier is a rig whose customers are onboarded, with a hand in the answers.
type verifier struct {
	*rig
	mu     sync.Mutex
	asked  []string // paths
	answer func(path string) *http.Response
}

func newVerifier(t *testing.T, rows int, o paxossim.Options) *verifier {
	t.Helper()
	v := &verifier{rig: newRig(t, rows, o)}
	v.must(nil)
	real := v.transport
	v.transport = roundTrip(func(req *http.Request) (*http.Response, error) {
		if res := v.before(req); res != nil {
			return res, nil
		}
		return real.RoundTrip(req)
	})
	return v
}

// before notes a request and answers it, if it is one to answer.
func (v *verifier) before(req *http.Request) *http.Response {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.asked = append(v.asked, req.URL.Path)
	if v.answer == nil || strings.HasSuffix(req.URL.Path, "/token") {
		return nil
	}
	return v.answer(req.URL.RequestURI())
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func status(code int, body string) *http.Response {
	return &http.Response{StatusCode: code, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}

// verify opens the checkpoint, verifies and returns what differs, as "ref_id: code".
func (v *verifier) verify(ctx context.Context, change func(*VerifyConfig)) (result *Verified, differences []string, err error) {
	v.t.Helper()
	store, err := checkpoint.Open(checkpoint.Options{Path: v.path("embark.db"), Environment: "test", ClientID: "test"})
	if err != nil {
		v.t.Fatal(err)
	}
	defer store.Close()
	memory, err := LoadLimits(store)
	if err != nil {
		v.t.Fatal(err)
	}
	client := paxos.New(paxos.Options{APIURL: "http://paxos.invalid/v2", TokenURL: "http://paxos.invalid/oauth2/token",
		ClientID: "test", ClientSecret: "secret", Limits: v.limits, Memory: memory, Transport: v.transport})
	if _, err := client.Authorize(ctx, []string{paxos.ScopeReadIdentity, paxos.ScopeReadAccount}, nil); err != nil {
		v.t.Fatal(err)
	}
	c := VerifyConfig{Store: store, API: client, Budget: v.limits.Budget(paxos.ClassIdentity)}
	if change != nil {
		change(&c)
	}
	result, err = Verify(ctx, c)
	for d, err := range Differences(store) {
		if err != nil {
			v.t.Fatal(err)
		}
		for _, p := range d.What {
			differences = append(differences, d.RefID+": "+p.Code)
		}
	}
	return result, differences, err
}

func (v *verifier) reads(what string) (n int) {
	for _, path := range v.asked {
		if strings.Contains(path, what) {
			n++
		}
	}
	return n
}

func TestVerifyAgrees(t *testing.T) {
	for name, o := range map[string]paxossim.Options{
		"calm":                        {},
		"lists without ref_id":        {ListWithoutRefID: true},
		"status under the newer name": {StatusKeys: paxossim.StatusKey},
		"denied":                      {Denied: 1},
		"garbage":                     {Faults: paxossim.Faults{Garbage: 0.1, ErrorBefore: 0.1, DropAfter: 0.1}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := newVerifier(t, 30, o)
				result, differences, err := v.verify(t.Context(), nil)
				if err != nil || len(differences) > 0 || !result.Done || result.Kinds[onboard.KindIdentity].Agree != 30 {
					t.Errorf("got %+v, %v, %v, want all to agree", result, differences, err)
				}
			})
		})
	}
}

// What was undecided may have been decided since: that is no difference.
func TestVerifyDecidedSince(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := &verifier{rig: newRig(t, 3, paxossim.Options{ApproveAfter: time.Hour})}
		v.must(func(c *Config) { c.Wait = 0 })
		time.Sleep(2 * time.Hour)
		result, differences, err := v.verify(t.Context(), nil)
		identities, accounts := result.Kinds[onboard.KindIdentity], result.Kinds[onboard.KindAccount]
		if err != nil || differences != nil || identities != (Tally{Agree: 3, Decided: 3}) || accounts != (Tally{NoID: 3}) {
			t.Errorf("got %+v, %v, %v", result, differences, err)
		}
	})
}

// TestVerifyAccount and TestVerifyIdentity hold single records against answers.
func TestVerifyAccount(t *testing.T) {
	record := onboard.Record{Key: "account/c1-account", ID: "a1", ProfileID: "p1", Needs: []onboard.Need{{ID: "i1"}}}
	whole := paxos.Account{ID: "a1", IdentityID: "i1", RefID: "c1-account", ProfileID: "p1"}
	with := func(change func(*paxos.Account)) paxos.Account {
		a := whole
		change(&a)
		return a
	}
	for name, c := range map[string]struct {
		listed []paxos.Account
		read   *paxos.Account // nil: 404
		want   string
	}{
		"whole":                       {listed: []paxos.Account{whole}},
		"ids in capitals":             {listed: []paxos.Account{with(func(a *paxos.Account) { a.ID, a.ProfileID = "A1", "P1" })}},
		"another account beside it":   {listed: []paxos.Account{{ID: "a2", RefID: "other"}, whole}},
		"twin":                        {listed: []paxos.Account{{ID: "a2", RefID: "c1-account"}, whole}, want: PointTwin},
		"missing":                     {want: PointMissing},
		"missing, but for a twin":     {listed: []paxos.Account{{ID: "a2", RefID: "c1-account"}}, want: PointTwin + " " + PointMissing},
		"sibling that cannot be read": {listed: []paxos.Account{{ID: "a2"}, whole}, want: PointUnread},
		"not listed, elsewhere":       {read: new(with(func(a *paxos.Account) { a.IdentityID = "i2" })), want: PointIdentity},
		"profile in the reading":      {listed: []paxos.Account{with(func(a *paxos.Account) { a.ProfileID = "" })}, read: &whole},
		"no profile":                  {listed: []paxos.Account{with(func(a *paxos.Account) { a.ProfileID = "" })}, read: new(with(func(a *paxos.Account) { a.ProfileID = "" })), want: PointProfile},
		"another profile":             {listed: []paxos.Account{with(func(a *paxos.Account) { a.ProfileID = "p2" })}, want: PointProfile},
		"another ref_id":              {listed: []paxos.Account{with(func(a *paxos.Account) { a.RefID = "c9" })}, want: PointRefID},
		"listed without its ref_id":   {listed: []paxos.Account{with(func(a *paxos.Account) { a.RefID = "" })}, read: &whole},
		"everything else than known":  {listed: []paxos.Account{with(func(a *paxos.Account) { a.RefID, a.ProfileID = "c9", "p2" })}, want: PointRefID + " " + PointProfile},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := verifyAccount(t.Context(), answers{accounts: c.listed, account: c.read}, record)
			err = got.definite(err)
			if err != nil || codes(got) != c.want {
				t.Errorf("got %+v, %v, want %q", got, err, c.want)
			}
		})
	}
}

func TestVerifyIdentity(t *testing.T) {
	record := onboard.Record{Key: "identity/c1", ID: "i1", Status: "APPROVED", Origin: onboard.Made}
	given, pending := record, record
	given.Origin, pending.Status = onboard.Given, "PENDING"
	for name, c := range map[string]struct {
		record  onboard.Record
		read    paxos.Identity
		want    string
		decided bool
	}{
		"same":                   {record, paxos.Identity{RefID: "c1", Status: "APPROVED"}, "", false},
		"without a ref_id":       {record, paxos.Identity{SummaryStatus: "APPROVED"}, "", false},
		"another ref_id":         {record, paxos.Identity{RefID: "c2", Status: "APPROVED"}, PointRefID, false},
		"another's, and told so": {given, paxos.Identity{RefID: "c2", Status: "APPROVED"}, "", false},
		"disabled":               {record, paxos.Identity{RefID: "c1", Status: "DISABLED"}, PointStatus, false},
		"pending again":          {record, paxos.Identity{RefID: "c1", Status: "PENDING"}, PointStatus, false},
		"decided":                {pending, paxos.Identity{RefID: "c1", Status: "DENIED"}, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := verifyIdentity(t.Context(), answers{identity: &c.read}, c.record)
			if err != nil || codes(got) != c.want || got.decided != c.decided {
				t.Errorf("got %+v, %v, want %q, decided %v", got, err, c.want, c.decided)
			}
		})
	}
}

func codes(r reading) string {
	var codes []string
	for _, p := range r.points {
		codes = append(codes, p.Code)
	}
	return strings.Join(codes, " ")
}

// answers is a Paxos with one identity and its accounts.
type answers struct {
	VerifyAPI
	identity *paxos.Identity
	accounts []paxos.Account
	account  *paxos.Account
}

func (a answers) GetIdentity(context.Context, string, bool) (*paxos.Identity, error) {
	return a.identity, nil
}

func (a answers) GetAccount(context.Context, string) (*paxos.Account, error) {
	if a.account == nil {
		return nil, &paxos.Error{Operation: "GetAccount", Status: http.StatusNotFound}
	}
	return a.account, nil
}

func (a answers) ListAccounts(context.Context, paxos.ListAccountsQuery) (*paxos.AccountPage, error) {
	return &paxos.AccountPage{Items: a.accounts}, nil
}

// A verification takes a request a record at the pace of the budget, and never
// locks the address out.
func TestVerifyWithinTheBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVerifier(t, 300, paxossim.Options{Limits: paxossim.Limits{Identity: 10}, Faults: paxossim.Faults{Latency: 300 * time.Millisecond}})
		v.limits = paxos.Limits{}
		time.Sleep(10 * time.Minute) // what the run used is forgotten
		began := time.Now()
		if _, _, err := v.verify(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if took, want := time.Since(began), 600*time.Second/9; took > want*11/10 || took < want*99/100 {
			t.Errorf("got %s, want at most a tenth over %s", took, want)
		}
		if n := v.sim.Stats().Refusals["429"]; n > 0 {
			t.Errorf("got %d refusals, want none", n)
		}
	})
}

// Stopped anywhere, the next one goes on: no record is left out, few are read
// twice, and what was found before is still told.
func TestVerifyInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVerifier(t, 250, paxossim.Options{Faults: paxossim.Faults{Latency: 100 * time.Millisecond}})
		v.limits = paxos.Limits{Token: 1e4, Identity: 100, Other: 1e4, Share: 1}
		var secret atomic.Pointer[string] // one that is not ours to read
		v.answer = func(uri string) *http.Response {
			if v.reads("/identities/") == 7 && strings.Contains(uri, "/identities/") {
				secret.CompareAndSwap(nil, &uri)
			}
			if s := secret.Load(); s != nil && *s == uri {
				return status(http.StatusForbidden, "{}")
			}
			return nil
		}
		parts, last := 0, 0
		var result *Verified
		var differences []string
		for ; parts < 50; parts++ {
			ctx, cancel := context.WithTimeout(t.Context(), 700*time.Millisecond)
			var err error
			result, differences, err = v.verify(ctx, nil)
			cancel()
			if err == nil {
				break
			}
			if !errors.Is(err, context.DeadlineExceeded) || result.Done {
				t.Fatalf("got %+v, %v", result, err)
			}
			done := 0
			for _, tally := range result.Kinds {
				done += tally.Agree + tally.Differ
			}
			if done < last { // a part may be cut off before its first readings are in order
				t.Fatalf("got back from %d to %d", last, done)
			}
			last = done
		}
		if parts < 5 || !result.Resumed || result.Kinds[onboard.KindIdentity] != (Tally{Agree: 249, Differ: 1}) || result.Kinds[onboard.KindAccount].Agree != 250 {
			t.Errorf("got %+v after %d parts", result, parts)
		}
		if len(differences) != 1 || !strings.HasSuffix(differences[0], PointUnread) {
			t.Errorf("got %v, want the one of the first part", differences)
		}
		if n := v.reads("/identities/"); n > 250+parts*maxReaders {
			t.Errorf("got %d readings of 250 identities in %d parts", n, parts)
		}
	})
}

// A completed verification is not gone on with, nor one that --restart gives up.
func TestVerifyBeginsAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVerifier(t, 5, paxossim.Options{})
		v.answer = func(string) *http.Response { return status(http.StatusForbidden, "{}") }
		if result, differences, err := v.verify(t.Context(), nil); err != nil || len(differences) != 10 || result.Differ() != 10 {
			t.Fatalf("got %+v, %v, %v", result, differences, err)
		}
		v.answer = nil
		if result, differences, err := v.verify(t.Context(), nil); err != nil || len(differences) != 0 || result.Resumed {
			t.Errorf("got %+v, %v, %v", result, differences, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		v.answer = func(string) *http.Response { cancel(); return nil }
		if _, _, err := v.verify(ctx, nil); !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v, want it interrupted", err)
		}
		v.answer = nil
		if result, _, err := v.verify(t.Context(), func(c *VerifyConfig) { c.Restart = true }); err != nil || result.Resumed || !result.Done {
			t.Errorf("got %+v, %v", result, err)
		}
	})
}

// Five minutes of nothing but trouble end it; one object that cannot be read
// does not.
func TestVerifyTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVerifier(t, 20, paxossim.Options{})
		v.answer = func(string) *http.Response { return status(http.StatusBadGateway, "") }
		began := time.Now()
		if _, _, err := v.verify(t.Context(), nil); !errors.Is(err, ErrUnreachable) || time.Since(began) < patience {
			t.Errorf("got %v after %s, want ErrUnreachable", err, time.Since(began))
		}
		sick := v.asked[len(v.asked)-1]
		v.answer = func(uri string) *http.Response {
			if strings.HasPrefix(uri, sick) {
				return status(http.StatusBadGateway, "")
			}
			return nil
		}
		result, differences, err := v.verify(t.Context(), nil)
		if err != nil || len(differences) != 1 || !strings.HasSuffix(differences[0], PointUnread) || result.Kinds[onboard.KindAccount].Agree != 20 {
			t.Errorf("got %+v, %v, %v", result, differences, err)
		}
	})
}

// A 429 makes a pause and no difference, however often it comes; and the next
// process knows what was spent.
func TestVerifyThrottled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVerifier(t, 20, paxossim.Options{})
		unlucky := ""
		v.answer = func(uri string) *http.Response {
			if unlucky == "" {
				unlucky = uri
			}
			if uri == unlucky && v.reads(uri) <= readTries+1 {
				return status(http.StatusTooManyRequests, "")
			}
			return nil
		}
		began := time.Now()
		result, differences, err := v.verify(t.Context(), nil)
		if err != nil || differences != nil || result.Differ() != 0 || time.Since(began) < (readTries+1)*5*time.Minute {
			t.Errorf("got %+v, %v, %v after %s", result, differences, err, time.Since(began))
		}
		store, err := checkpoint.Open(checkpoint.Options{Path: v.path("embark.db"), Environment: "test", ClientID: "test"})
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		if memory, err := LoadLimits(store); err != nil || memory.SilentUntil.Before(began) {
			t.Errorf("got %+v, %v, want the pause remembered", memory, err)
		}
	})
}

// A kind that cannot be verified is told apart, not passed over.
func TestVerifyUnknownKind(t *testing.T) {
	check := verifiers[onboard.KindAccount]
	delete(verifiers, onboard.KindAccount)
	defer func() { verifiers[onboard.KindAccount] = check }()
	synctest.Test(t, func(t *testing.T) {
		v := newVerifier(t, 5, paxossim.Options{})
		result, _, err := v.verify(t.Context(), nil)
		if err != nil || result.Kinds[onboard.KindAccount] != (Tally{NotVerified: 5}) || !slices.Contains(onboard.Kinds(), onboard.KindAccount) {
			t.Errorf("got %+v, %v", result, err)
		}
	})
}

// Nothing but readings is sent, and the records stay as they are.
func TestVerifyChangesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVerifier(t, 20, paxossim.Options{})
		before, statsBefore := v.records(), v.sim.Stats()
		v.answer = func(uri string) *http.Response {
			if strings.Contains(uri, "/identities/") {
				return status(http.StatusNotFound, "{}")
			}
			return nil
		}
		if _, differences, err := v.verify(t.Context(), nil); err != nil || len(differences) != 20 {
			t.Errorf("got %v, %v", differences, err)
		}
		if after := v.records(); after != before {
			t.Error("the records have changed")
		}
		for _, op := range []string{"CreateIdentity", "CreateAccount"} {
			if got, want := v.sim.Stats().Requests[op], statsBefore.Requests[op]; got != want {
				t.Errorf("got %d %s, want %d", got, op, want)
			}
		}
	})
}

// records are all records as text.
func (v *verifier) records() string {
	v.t.Helper()
	store, err := checkpoint.Open(checkpoint.Options{Path: v.path("embark.db"), Environment: "test", ClientID: "test"})
	if err != nil {
		v.t.Fatal(err)
	}
	defer store.Close()
	var text strings.Builder
	for _, kind := range onboard.Kinds() {
		for r, err := range store.Records(kind) {
			if err != nil {
				v.t.Fatal(err)
			}
			data, err := r.MarshalMsg(nil)
			if err != nil {
				v.t.Fatal(err)
			}
			text.Write(data)
		}
	}
	return text.String()
}
