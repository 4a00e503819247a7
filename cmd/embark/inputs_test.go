package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"unicode/utf16"

	"embark/samples"
	"embark/source"
)

// inputs are the thirty-nine bad inputs, by their ids. Each is a subtest of
// [TestInputs], which fails if one is missing.
var inputs = map[string]struct {
	about string
	test  func(*input)
}{
	"I01": {"UTF-8 with a byte order mark", func(i *input) { i.write(bom + i.csv()).exits(exitOK).finds() }},
	"I02": {"a byte order mark before a quoted header", func(i *input) {
		i.write(bom + `"` + strings.Replace(i.csv(), ",", `",`, 1)).exits(exitOK).finds()
	}},
	"I03": {"UTF-16 with a byte order mark", func(i *input) {
		i.write(inUTF16(i.csv())).exits(exitOK).finds()
		i.says(`UTF-16`)
	}},
	"I04": {"Latin-1 in a file that is not declared so", func(i *input) {
		i.set(3, "middle_name", "Ren\xe9").save().exits(exitRows).finds("3 encoding middle_name")
		i.run("--encoding", "iso-8859-1").exits(exitOK).finds() // declared, it is a name like others
	}},
	"I05": {"NUL and control characters", func(i *input) {
		i.set(2, "middle_name", "a\x00b").set(3, "middle_name", "a\x1bb").set(4, "middle_name", "a\u0085b").save().exits(exitRows).
			finds("2 control_character middle_name", "3 control_character middle_name", "4 control_character middle_name")
	}},
	"I06": {"a quote inside a cell that is not quoted", func(i *input) {
		i.set(3, "middle_name", "MARK").set(4, "date_of_birth", "1980-13-01")
		i.write(strings.Replace(i.csv(), "MARK", `Ann "Q"`, 1)).exits(exitRows).finds("3 bare_quote middle_name", "4 date date_of_birth")
	}},
	"I07": {"a quote that is not closed", func(i *input) {
		i.set(3, "middle_name", "MARK").set(5, "date_of_birth", "1980-13-01")
		i.write(strings.Replace(i.csv(), "MARK", `"Ann`, 1)).exits(exitRows).finds("3 open_quote middle_name", "5 date date_of_birth")
	}},
	"I08": {"lines that end with CR LF", func(i *input) {
		i.set(3, "date_of_birth", "1980-13-01")
		i.write(strings.ReplaceAll(i.csv(), "\n", "\r\n")).exits(exitRows).finds("3 date date_of_birth")
	}},
	"I09": {"lines that end with CR only", func(i *input) {
		i.write(strings.ReplaceAll(i.csv(), "\n", "\r")).exits(exitUnreadable)
		i.says("CR")
	}},
	"I10": {"a line break in a cell, and physical lines behind it", func(i *input) {
		i.set(2, "address.address1", "9 Sample\nRd").set(3, "date_of_birth", "1980-13-01").save().exits(exitRows).
			finds("2 line_break address.address1", "4 date date_of_birth")
	}},
	"I11": {"rows with too few and too many cells", func(i *input) {
		i.cut(3, 20).lengthen(4).set(5, "date_of_birth", "1980-13-01").save().exits(exitRows).
			finds("3 field_count ", "4 field_count ", "5 date date_of_birth")
	}},
	"I12": {"a column twice", func(i *input) {
		i.rename("middle_name", "first_name").save().exits(exitUsage)
		i.says(`the same name "first_name"`)
	}},
	"I13": {"no header line", func(i *input) {
		i.cells = i.cells[1:] // with vertical bars in every line, those could be what separates
		i.save().exits(exitUnreadable)
		i.run("--delimiter", ",").exits(exitUsage)
		i.says("hint:")
	}},
	"I14": {"a required column is missing", func(i *input) {
		i.drop("cip_id").drop("nationality").save().exits(exitUsage)
		i.says("nationality, cip_id")
	}},
	"I15": {"a column nobody knows", func(i *input) {
		i.rename("middle_name", "midle_name").save().exits(exitUsage)
		i.says(`column 3 "midle_name"`, `did you mean "middle_name"`)
	}},
	"I16": {"case, blanks and no-break spaces in the header", func(i *input) {
		i.rename("first_name", "\u00a0First_Name ").rename("email", "EMAIL").save().exits(exitOK).finds()
	}},
	"I17": {"semicolons, tabs and bars", func(i *input) {
		for d, name := range map[rune]string{';': "semicolons", '\t': "tabs", '|': "bars"} {
			i.write(i.separated(d)).exits(exitOK).finds()
			i.says(name)
		}
		i.write(i.separated(';')).run("--delimiter", ",").exits(exitUnreadable)
		i.says("semicolons")
	}},
	"I18": {"an empty file", func(i *input) { i.write("").exits(exitUnreadable); i.says("empty") }},
	"I19": {"a header and nothing else", func(i *input) {
		i.cells = i.cells[:1]
		i.save().exits(exitUnreadable)
		i.says("--allow-empty")
		i.run("--allow-empty").exits(exitOK)
	}},
	"I20": {"blank lines, empty rows, no last line end", func(i *input) {
		i.set(5, "date_of_birth", "1980-13-01")
		text := strings.TrimSuffix(i.csv(), "\n")
		head, rest, _ := strings.Cut(text, "\n")
		i.write(head + "\n\n" + strings.Repeat(",", len(i.cells[0])-1) + "\n" + rest).exits(exitRows).finds("7 date date_of_birth").rows(4)
	}},
	"I21": {"an upload that was cut short", func(i *input) {
		text := i.csv()
		i.write(text[:len(text)-60]).exits(exitRows).finds("5 field_count ")
	}},
	"I22": {"a cell beyond the cap", func(i *input) { // a hundred megabytes: source.TestHugeField
		i.set(3, "middle_name", strings.Repeat("x", 1<<20+1)).set(4, "date_of_birth", "1980-13-01").save().exits(exitRows).
			finds("3 field_too_long middle_name", "4 date date_of_birth")
	}},
	"I23": {"very many rows: an estimate comes before the work", func(i *input) { // memory: bench.BenchmarkValidateMemory
		i.make(30_000)
		i.save().exits(exitOK).rows(30_000)
		i.command("plan", i.path).exits(exitOK)
		i.says("1h51m") // 60,000 calls at nine a second
	}},
	"I24": {"scientific notation", func(i *input) {
		i.set(2, "ref_id", "1.23457E+09").set(3, "address.zip_code", "1.2E+04").set(4, "cip_id", "9.00E+08").set(5, "phone_number", "1.21255E+10").save().exits(exitRows).
			finds("2 scientific_notation ref_id", "3 scientific_notation address.zip_code", "4 scientific_notation cip_id", "5 scientific_notation phone_number")
	}},
	"I25": {"lost leading zeros", func(i *input) {
		i.set(2, "address.zip_code", "501").set(3, "address.zip_code", "2138").set(4, "cip_id", "12345678").save().exits(exitRows).
			finds("2 leading_zero address.zip_code", "3 leading_zero address.zip_code", "4 leading_zero cip_id")
	}},
	"I26": {"dates", func(i *input) {
		i.make(8)
		for n, v := range []string{"1/2/80", "44561", "1980-13-01", "80-01-31", "2099-01-01", "2020-01-01", "1890-01-01"} {
			i.set(2+n, "date_of_birth", v)
		}
		i.save().exits(exitRows).finds("2 date date_of_birth", "3 date date_of_birth", "4 date date_of_birth", "5 date date_of_birth",
			"6 future date_of_birth", "7 age date_of_birth", "8 age date_of_birth")
	}},
	"I27": {"blanks around values, and invisible ones inside", func(i *input) {
		i.set(2, "first_name", "  Ada\u00a0").set(3, "first_name", "A\u200bda").save().exits(exitRows).finds("3 invisible_character first_name")
	}},
	"I28": {"look-alikes", func(i *input) {
		i.set(2, "cip_id", "９００-01-0001").set(3, "first_name", "Аda").set(4, "middle_name", "Аda").save().exits(exitRows).
			finds("2 pattern cip_id", "3 pattern first_name", "4 mixed_script middle_name")
	}},
	"I29": {"marks that turn the direction of writing", func(i *input) {
		i.set(3, "last_name", "Example\u202e").save().exits(exitRows).finds("3 invisible_character last_name")
	}},
	"I30": {"numbers that are nobody's, and one that is two people's", func(i *input) {
		i.make(9)
		for n, v := range []string{"000-12-3456", "666-12-3456", "987-65-4321", "123456789", "078-05-1120"} {
			i.set(2+n, "cip_id", v)
		}
		i.set(9, "cip_id", i.cell(10, "cip_id")).save().exits(exitRows).
			finds("2 ssn_structure cip_id", "3 ssn_structure cip_id", "4 ssn_structure cip_id", "5 ssn_structure cip_id", "6 ssn_structure cip_id",
				"9 duplicate_cip cip_id", "10 duplicate_cip cip_id")
	}},
	"I31": {"placeholders", func(i *input) {
		i.set(2, "first_name", "NULL").set(3, "last_name", "N/A").set(4, "address.city", "#REF!").set(5, "cip_id", "-").save().exits(exitRows).
			finds("2 placeholder first_name", "3 placeholder last_name", "4 placeholder address.city", "5 placeholder cip_id")
	}},
	"I32": {"names: too long, with a picture, of one word", func(i *input) {
		i.set(2, "first_name", strings.Repeat("x", 201)).set(3, "first_name", "Ada😀").set(4, "last_name", "").save().exits(exitRows).
			finds("2 too_long first_name", "3 pattern first_name", "4 required last_name")
	}},
	"I33": {"what a spreadsheet would run as a formula", func(i *input) {
		i.set(2, "middle_name", "=cmd()").set(3, "middle_name", "@Ann").set(3, "date_of_birth", "1980-13-01").save().exits(exitRows).finds("3 date date_of_birth")
		i.command("validate", "--report", "out", i.path).exits(exitRows)
		if rejected := i.report("out", "rejected.csv"); !strings.Contains(rejected, ",'@Ann,") {
			i.Error("the cell in rejected.csv is not guarded")
		}
	}},
	"I34": {"compressed files", func(i *input) {
		i.write(zipped(i.csv())).exits(exitOK).finds().rows(4)
		i.says("gzip")
		i.write("PK\x03\x04" + strings.Repeat("x", 100)).exits(exitUnreadable)
		i.write(zipped(strings.Repeat("a", 64<<20))).exits(exitUnreadable) // a bomb
	}},
	"I35": {"what is no file, or not the operator's own", func(i *input) {
		i.save()
		i.symlink("link.csv").run().exits(exitOK)
		i.run("--strict").exits(exitUsage)
		i.says("link.csv")
		i.command("validate", "/dev/zero").exits(exitUsage)
		i.command("validate", i.dir).exits(exitOK) // the folder: the file and the link, each row twice
		i.says("4 repeated")
	}},
	"I36": {"standard input and pipes", func(i *input) {
		i.stdin = i.csv()
		i.command("validate", "--output", "json", "-").exits(exitOK).rows(4)
		i.pipe("in.pipe").run().exits(exitOK).rows(4)
	}},
	"I37": {"a file that changes while it is read", func(i *input) {
		i.save()
		f, err := source.Open(i.path, source.Options{})
		if err != nil {
			i.Fatal(err)
		}
		defer f.Close()
		for _, e := range f.Rows() {
			if err = e; err != nil {
				break
			}
			i.append("x\n")
		}
		if code := exitOf(i.Context(), err); code != exitUnreadable || errors.As(err, new(*source.OpenError)) {
			i.Errorf("got %v, exit %d", err, code)
		}
	}},
	"I38": {"customers in two files", func(i *input) {
		i.save()
		other := i.path
		i.set(3, "first_name", "Zoe").cells = slices.Delete(i.cells, 3, 5) // line 2 as it is, line 3 different
		i.path = filepath.Join(i.dir, "other.csv")
		i.save().command("validate", "--output", "json", other, i.path).exits(exitRows).rows(6).
			finds("3 duplicate_ref_id ref_id", "3 duplicate_ref_id ref_id")
		i.says(`"repeated":1`)
	}},
	"I39": {"a file name that would drive the terminal", func(i *input) {
		i.path = filepath.Join(i.dir, "a\x1b[31m\nb.csv")
		i.set(3, "date_of_birth", "1980-13-01").save().exits(exitRows).finds("3 date date_of_birth")
		i.command("validate", i.path).exits(exitRows)
		i.command("validate", i.path+"..").exits(exitUsage)
		i.says(`a\x1b[31m\nb.csv..`)
	}},
}

const bom = "\ufeff"

// TestInputs holds the program against every bad input that it must know how to
// take: outcome, exit code and line.
func TestInputs(t *testing.T) {
	for n := 1; n <= 39; n++ {
		id := fmt.Sprintf("I%02d", n)
		t.Run(id, func(t *testing.T) {
			c, ok := inputs[id]
			if !ok {
				t.Fatal("there is no such test")
			}
			t.Log(c.about)
			dir := t.TempDir()
			i := &input{T: t, dir: dir, path: filepath.Join(dir, "in.csv")}
			c.test(i.make(4))
		})
	}
	if len(inputs) != 39 {
		t.Errorf("%d inputs, want 39", len(inputs))
	}
}

// input is a file of made-up customers in a folder of its own, and what the last
// command said about it.
type input struct {
	*testing.T
	dir, path, stdin string
	cells            [][]string // the header first, so that cells[n-1] is line n
	code             int
	out, err         string
}

// make makes n customers up.
func (i *input) make(n int) *input {
	var b bytes.Buffer
	if err := samples.Write(&b, n, 1); err != nil {
		i.Fatal(err)
	}
	cells, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		i.Fatal(err)
	}
	i.cells = cells
	return i
}

func (i *input) place(column string) int {
	n := slices.Index(i.cells[0], column)
	if n < 0 {
		i.Fatalf("there is no column %s", column)
	}
	return n
}

func (i *input) cell(line int, column string) string { return i.cells[line-1][i.place(column)] }

func (i *input) set(line int, column, value string) *input {
	i.cells[line-1][i.place(column)] = value
	return i
}

func (i *input) rename(column, to string) *input { return i.set(1, column, to) }

func (i *input) drop(column string) *input {
	n := i.place(column)
	for line := range i.cells {
		i.cells[line] = slices.Delete(i.cells[line], n, n+1)
	}
	return i
}

func (i *input) cut(line, cells int) *input {
	i.cells[line-1] = i.cells[line-1][:cells]
	return i
}

func (i *input) lengthen(line int) *input {
	i.cells[line-1] = append(i.cells[line-1], "more")
	return i
}

func (i *input) csv() string { return i.separated(',') }

func (i *input) separated(by rune) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma = by
	if err := w.WriteAll(i.cells); err != nil {
		i.Fatal(err)
	}
	return b.String()
}

// save writes the customers and validates the file.
func (i *input) save() *input { return i.write(i.csv()) }

// write writes any text and validates the file.
func (i *input) write(text string) *input {
	if err := os.WriteFile(i.path, []byte(text), 0o600); err != nil {
		i.Fatal(err)
	}
	return i.run()
}

func (i *input) append(text string) {
	f, err := os.OpenFile(i.path, os.O_APPEND|os.O_WRONLY, 0)
	if err == nil {
		_, err = f.WriteString(text)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		i.Fatal(err)
	}
}

func (i *input) symlink(name string) *input {
	link := filepath.Join(i.dir, name)
	if err := os.Symlink(i.path, link); err != nil {
		i.Fatal(err)
	}
	i.path = link
	return i
}

// pipe serves the customers once through a named pipe.
func (i *input) pipe(name string) *input {
	text := i.csv()
	i.path = filepath.Join(i.dir, name)
	if err := syscall.Mkfifo(i.path, 0o600); err != nil {
		i.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- os.WriteFile(i.path, []byte(text), 0) }()
	i.Cleanup(func() {
		if err := <-done; err != nil {
			i.Error(err)
		}
	})
	return i
}

func (i *input) run(flags ...string) *input {
	return i.command(slices.Concat([]string{"validate", "--output", "json"}, flags, []string{i.path})...)
}

func (i *input) command(args ...string) *input {
	i.Chdir(i.dir)
	var out, err bytes.Buffer
	e := &environment{stdin: strings.NewReader(i.stdin), stdout: &out, stderr: &err, getenv: func(string) string { return "" }}
	i.code = e.run(i.Context(), args)
	i.out, i.err = out.String(), err.String()
	if strings.ContainsRune(i.out+i.err, '\x1b') {
		i.Error("the output drives the terminal")
	}
	return i
}

func (i *input) exits(code int) *input {
	i.Helper()
	if i.code != code {
		i.Errorf("exit %d, want %d; %s%s", i.code, code, i.out, i.err)
	}
	return i
}

// finds holds the findings, as "line rule column", against these.
func (i *input) finds(want ...string) *input {
	i.Helper()
	var got []string
	for line := range strings.Lines(i.out) {
		var f struct {
			Line         int
			Rule, Column string
		}
		if json.Unmarshal([]byte(line), &f) == nil && f.Rule != "" {
			got = append(got, fmt.Sprintf("%d %s %s", f.Line, f.Rule, f.Column))
		}
	}
	if !slices.Equal(got, want) {
		i.Errorf("got findings %q, want %q", got, want)
	}
	return i
}

func (i *input) rows(n int) *input {
	i.Helper()
	if !regexp.MustCompile(fmt.Sprintf(`"rows":%d\b`, n)).MatchString(i.out) {
		i.Errorf("got %s, want %d rows", i.out, n)
	}
	return i
}

// says looks for texts in what the last command printed.
func (i *input) says(texts ...string) {
	i.Helper()
	for _, text := range texts {
		if !strings.Contains(i.out+i.err, text) {
			i.Errorf("nothing says %q in %s%s", text, i.out, i.err)
		}
	}
}

// report reads a file of the only report in a folder.
func (i *input) report(folder, name string) string {
	found, err := filepath.Glob(filepath.Join(i.dir, folder, "*", name))
	if err != nil || len(found) != 1 {
		i.Fatalf("found %q, %v", found, err)
	}
	data, err := os.ReadFile(found[0])
	if err != nil {
		i.Fatal(err)
	}
	return string(data)
}

func inUTF16(text string) string {
	b := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(text)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

func zipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	if err := errors.Join(err, w.Close()); err != nil {
		panic(err)
	}
	return b.String()
}
