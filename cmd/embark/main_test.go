package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/pflag"

	"embark/paxossim"
	"embark/report"
)

func TestMain(m *testing.M) {
	testscript.Main(patient{m}, map[string]func(){"embark": main})
}

// patient runs more tests at a time than there are cores: most of what a
// script does is to wait for decisions.
type patient struct{ *testing.M }

func (p patient) Run() int {
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	return p.M.Run()
}

// TestScripts specifies the command line: each script in testdata is one
// behaviour, run with the real main. Beside the commands of testscript there
// are these:
//
//	simulator [FLAG...]        serves a Paxos on a loopback port, with the flags of embark simulator and
//	                           --credentials ID:SECRET, --scopes A,B; points embark at it by EMBARK_API_URL,
//	                           EMBARK_TOKEN_URL, PAXOS_CLIENT_ID and PAXOS_CLIENT_SECRET
//	stats NAME NUMBER          holds a figure of /_simulator/stats against a number or >number
//	unsent                     no request but for tokens has come
//	await NAME NUMBER          waits until the figure has reached the number
//	exits CODE embark ARG...   runs embark; an error must come with a hint, and never with a stack trace
//	signalled NAME[@FIGURE=NUMBER] CODE embark ARG...  sends the signal once the figure has reached the number, otherwise
//	                           once five customers were sent; output goes to stdout.txt and stderr.txt
//	outcomes NAME=NUMBER...    holds the outcomes of the last report against these, and has it verified
//	result WHERE COLUMN=VALUE...  holds a line of results.csv against these; WHERE is a ref_id, or NAME=VALUE
//	agree                      the last report and the simulator know the same objects, each once
//	same FILE FILE COLUMN...   the two files agree in these columns
//	cell FILE LINE COLUMN VALUE  writes a cell of a CSV file, in a new column if need be
//	with FILE COLUMN VALUE     writes the same cell in every line
//	keygen FILE                makes a key for signing, an Ed25519 one
//	drop FILE COLUMN, rename FILE OLD NEW  change the columns
//	lines FILE FROM TO         keeps these lines, and the header
//	port [held]                sets $PORT to a free port, or to one that is taken
//	announce HEADER:KEY STATUS tells the webhook at $PORT of every event, and holds its answers against the status
//	recode FILE HOW            writes it as utf-16, with cr, or with semicolons
//
// $SAMPLES is the folder of the samples. Where a script has no embark.yaml of
// its own, one lifts the limits and shortens the waits.
func TestScripts(t *testing.T) {
	samples, err := filepath.Abs("../../samples")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Setenv("SAMPLES", samples)
			config := filepath.Join(env.WorkDir, defaultConfig)
			if _, err := os.Stat(config); err == nil {
				return nil
			}
			return os.WriteFile(config, []byte(fastConfig), 0o600)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"simulator": scriptSimulator, "stats": scriptStats, "unsent": scriptUnsent, "await": scriptAwait,
			"exits": scriptExits, "signalled": scriptSignalled, "outcomes": scriptOutcomes, "result": scriptResult, "agree": scriptAgree, "same": scriptSame,
			"cell": scriptCell, "with": scriptWith, "keygen": scriptKeygen, "drop": scriptDrop, "rename": scriptRename, "lines": scriptLines, "recode": scriptRecode,
			"port": scriptPort, "announce": scriptAnnounce,
		},
	})
}

const fastConfig = "limits: {token: 1000, identity: 1000, other: 5000, share: 1}\nsettle: 100ms\nsilence: 1s\n"

// theSimulators are those of the running scripts, by their folder.
var theSimulators sync.Map

func simulatorOf(ts *testscript.TestScript) *paxossim.Simulator {
	sim, ok := theSimulators.Load(ts.Getenv("WORK"))
	if !ok {
		ts.Fatalf("there is no simulator in this script")
	}
	return sim.(*paxossim.Simulator)
}

func scriptSimulator(ts *testscript.TestScript, _ bool, args []string) {
	f := &simulatorFlags{}
	flags := pflag.NewFlagSet("simulator", pflag.ContinueOnError)
	f.declare(flags)
	credentials := flags.String("credentials", "an-id:a-secret", "")
	flags.StringSliceVar(&f.Scopes, "scopes", nil, "")
	_ = flags.Set("approve-after", "20ms")
	_ = flags.Set("approve-jitter", "50ms")
	_ = flags.Set("seed", "1")
	ts.Check(flags.Parse(args))
	f.ClientID, f.ClientSecret, _ = strings.Cut(*credentials, ":")
	if f.StatePath != "" {
		f.StatePath = ts.MkAbs(f.StatePath)
	}
	sim, err := paxossim.New(f.options())
	ts.Check(err)
	server := httptest.NewServer(sim)
	ts.Defer(func() { server.CloseClientConnections(); server.Close(); _ = sim.Close() })
	if f.Webhooks.URL != "" {
		ctx, stop := context.WithCancel(context.Background())
		told := make(chan error, 1)
		go func() { told <- sim.DeliverWebhooks(ctx, &http.Client{Timeout: 10 * time.Second}) }()
		ts.Defer(func() { stop(); <-told })
	}
	for name, value := range map[string]string{"EMBARK_API_URL": server.URL + "/v2", "EMBARK_TOKEN_URL": server.URL + "/oauth2/token",
		"PAXOS_CLIENT_ID": f.ClientID, "PAXOS_CLIENT_SECRET": f.ClientSecret} {
		ts.Setenv(name, value)
	}
	theSimulators.Store(ts.Getenv("WORK"), sim)
}

// figure reads a figure of the simulator's statistics; what is not mentioned is 0.
func figure(ts *testscript.TestScript, name string) float64 {
	data, err := json.Marshal(simulatorOf(ts).Stats())
	ts.Check(err)
	var value any
	ts.Check(json.Unmarshal(data, &value))
	for part := range strings.SplitSeq(name, ".") {
		object, ok := value.(map[string]any)
		if !ok {
			ts.Fatalf("there is no figure %q", name)
		}
		value = object[part]
	}
	n, _ := value.(float64)
	return n
}

func scriptStats(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: stats NAME NUMBER")
	}
	text, more := strings.CutPrefix(args[1], ">")
	want, err := strconv.ParseFloat(text, 64)
	ts.Check(err)
	if got := figure(ts, args[0]); more && got <= want || !more && got != want {
		ts.Fatalf("%s: got %v, want %s; %+v", args[0], got, args[1], simulatorOf(ts).Stats())
	}
}

func scriptUnsent(ts *testscript.TestScript, _ bool, _ []string) {
	for operation, n := range simulatorOf(ts).Stats().Requests {
		if operation != "Token" && n > 0 {
			ts.Fatalf("got %d requests %s, want none", n, operation)
		}
	}
}

func scriptAwait(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.ParseFloat(args[1], 64)
	ts.Check(err)
	for range 3000 {
		if figure(ts, args[0]) >= want {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("%s has not reached %s: %+v", args[0], args[1], simulatorOf(ts).Stats())
}

func scriptExits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE embark ARG...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if e, ok := err.(*exec.ExitError); ok {
		got = e.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("got exit %d, want %d", got, want)
	}
	errors := ts.ReadFile("stderr")
	if strings.Contains(errors, "goroutine ") || strings.Contains(errors, "panic: ") {
		ts.Fatalf("there is a stack trace")
	}
	if slices.Contains([]int{exitFailed, exitUsage, exitCredentials, exitUnreadable, exitErrors, exitInUse, exitUnreachable}, want) &&
		(!strings.Contains(errors, "embark: error: ") || !strings.Contains(errors, "\n  hint: ")) {
		ts.Fatalf("there is no sentence with a hint")
	}
}

func scriptSignalled(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 4 {
		ts.Fatalf("usage: signalled NAME CODE embark ARG...")
	}
	name, when, ok := strings.Cut(args[0], "@")
	if !ok {
		when = "objects.identities=5"
	}
	signal := map[string]syscall.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "KILL": syscall.SIGKILL}[name]
	until, number, _ := strings.Cut(when, "=")
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	tokens := figure(ts, "requests.Token")
	c := background(ts, args[2], args[3:])
	scriptAwait(ts, false, []string{"requests.Token", fmt.Sprint(tokens + 1)}) // earlier it would not handle signals
	scriptAwait(ts, false, []string{until, number})
	ts.Check(c.Process.Signal(signal))
	_ = c.Wait()
	got := c.ProcessState.ExitCode()
	if signal == syscall.SIGKILL {
		got = exitOfSignal(c.ProcessState.Sys().(syscall.WaitStatus).Signal())
	}
	if got != want {
		ts.Fatalf("got exit %d (%v), want %d\n%s", got, c.ProcessState, want, ts.ReadFile(ts.MkAbs("stderr.txt")))
	}
}

// background starts a process whose output goes to the files stdout.txt and stderr.txt.
func background(ts *testscript.TestScript, name string, args []string) *exec.Cmd {
	path := ""
	for dir := range strings.SplitSeq(ts.Getenv("PATH"), string(os.PathListSeparator)) {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil && path == "" {
			path = filepath.Join(dir, name)
		}
	}
	c := exec.Command(path, args...)
	c.Dir = ts.MkAbs(".")
	for _, name := range []string{"PATH", "HOME", "EMBARK_API_URL", "EMBARK_TOKEN_URL", "PAXOS_CLIENT_ID", "PAXOS_CLIENT_SECRET"} {
		c.Env = append(c.Env, name+"="+ts.Getenv(name))
	}
	for file, out := range map[string]*io.Writer{"stdout.txt": &c.Stdout, "stderr.txt": &c.Stderr} {
		f, err := os.Create(ts.MkAbs(file))
		ts.Check(err)
		ts.Defer(func() { f.Close() })
		*out = f
	}
	ts.Check(c.Start())
	ts.Defer(func() { _ = c.Process.Kill() })
	return c
}

func scriptOutcomes(ts *testscript.TestScript, _ bool, args []string) {
	want := map[string]int{}
	for _, arg := range args {
		name, n, _ := strings.Cut(arg, "=")
		number, err := strconv.Atoi(n)
		ts.Check(err)
		want[name] = number
	}
	s, path, err := report.Latest(ts.MkAbs(defaultReport))
	ts.Check(err)
	got := map[string]int{}
	for o, n := range s.Outcomes {
		got[string(o)] = n
	}
	if !maps.Equal(got, want) {
		ts.Fatalf("got outcomes %v, want %v\n%s", got, want, ts.ReadFile(filepath.Join(path, report.ResultsFile)))
	}
	ts.Check(s.Check())
	ts.Check(report.Verify(path, s))
}

func scriptResult(ts *testscript.TestScript, _ bool, args []string) {
	header, rows := readTable(ts, filepath.Join(defaultReport, "latest", report.ResultsFile))
	column, value, ok := strings.Cut(args[0], "=")
	if !ok {
		column, value = "ref_id", args[0]
	}
	for _, row := range rows {
		if row[indexOf(ts, header, column)] != value {
			continue
		}
		for _, want := range args[1:] {
			name, text, _ := strings.Cut(want, "=")
			if got := row[indexOf(ts, header, name)]; got != text {
				ts.Fatalf("%s: got %s=%s, want %s; %q", args[0], name, got, want, row)
			}
		}
		return
	}
	ts.Fatalf("there is no line with %s=%s", column, value)
}

func scriptAgree(ts *testscript.TestScript, _ bool, _ []string) {
	faults, err := disagreements(strings.TrimSuffix(ts.Getenv("EMBARK_API_URL"), "/v2"), ts.MkAbs(defaultReport))
	ts.Check(err)
	if len(faults) > 0 {
		ts.Fatalf("%s", strings.Join(faults, "\n"))
	}
}

func scriptSame(ts *testscript.TestScript, _ bool, args []string) {
	one, oneRows := readTable(ts, args[0])
	two, twoRows := readTable(ts, args[1])
	if len(oneRows) != len(twoRows) {
		ts.Fatalf("%s has %d rows, %s has %d", args[0], len(oneRows), args[1], len(twoRows))
	}
	for _, column := range args[2:] {
		i, j := indexOf(ts, one, column), indexOf(ts, two, column)
		for n := range oneRows {
			if oneRows[n][i] != twoRows[n][j] {
				ts.Fatalf("row %d, %s: %q and %q", n+1, column, oneRows[n][i], twoRows[n][j])
			}
		}
	}
}

// readTable reads a CSV file, leniently: some are made to be wrong.
func readTable(ts *testscript.TestScript, file string) (header []string, rows [][]string) {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(ts.ReadFile(file), "\ufeff")))
	r.FieldsPerRecord = -1
	all, err := r.ReadAll()
	ts.Check(err)
	return all[0], all[1:]
}

func writeTable(ts *testscript.TestScript, file string, header []string, rows [][]string) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	ts.Check(w.WriteAll(append([][]string{header}, rows...)))
	ts.Check(os.WriteFile(ts.MkAbs(file), out.Bytes(), 0o600))
}

func indexOf(ts *testscript.TestScript, header []string, column string) int {
	i := slices.Index(header, column)
	if i < 0 {
		ts.Fatalf("there is no column %q in %q", column, header)
	}
	return i
}

func scriptCell(ts *testscript.TestScript, _ bool, args []string) {
	header, rows := readTable(ts, args[0])
	line, err := strconv.Atoi(args[1])
	ts.Check(err)
	if !slices.Contains(header, args[2]) {
		header = append(header, args[2])
		for i := range rows {
			rows[i] = append(rows[i], "")
		}
	}
	rows[line-2][indexOf(ts, header, args[2])] = args[3]
	writeTable(ts, args[0], header, rows)
}

func scriptWith(ts *testscript.TestScript, _ bool, args []string) {
	header, rows := readTable(ts, args[0])
	for i := range rows {
		rows[i] = append(rows[i], args[2])
	}
	writeTable(ts, args[0], append(header, args[1]), rows)
}

func scriptKeygen(ts *testscript.TestScript, _ bool, args []string) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	ts.Check(err)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600))
}

func scriptDrop(ts *testscript.TestScript, _ bool, args []string) {
	header, rows := readTable(ts, args[0])
	i := indexOf(ts, header, args[1])
	for n, row := range rows {
		rows[n] = slices.Delete(row, i, i+1)
	}
	writeTable(ts, args[0], slices.Delete(header, i, i+1), rows)
}

func scriptRename(ts *testscript.TestScript, _ bool, args []string) {
	header, rows := readTable(ts, args[0])
	header[indexOf(ts, header, args[1])] = args[2]
	writeTable(ts, args[0], header, rows)
}

func scriptLines(ts *testscript.TestScript, _ bool, args []string) {
	header, rows := readTable(ts, args[0])
	from, err := strconv.Atoi(args[1])
	ts.Check(err)
	to, err := strconv.Atoi(args[2])
	ts.Check(err)
	writeTable(ts, args[0], header, rows[from-2:to-1])
}

func scriptRecode(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[0])
	switch args[1] {
	case "utf-16":
		out := []byte{0xFF, 0xFE}
		for _, unit := range utf16.Encode([]rune(text)) {
			out = binary.LittleEndian.AppendUint16(out, unit)
		}
		text = string(out)
	case "cr":
		text = strings.ReplaceAll(text, "\n", "\r")
	case "semicolons":
		text = strings.ReplaceAll(text, ",", ";")
	default:
		ts.Fatalf("cannot recode as %q", args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}
