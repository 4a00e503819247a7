package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/sys/unix"

	"embark/checkpoint"
	"embark/mapping"
	"embark/source"
)

// file reads a file once: for its header, the number of its rows, and whether
// its people can be real.
func (d *doctor) file(ctx context.Context, path string) {
	t, err := d.reader(&d.f.input, d.config).open(path, mapping.Options{}, func(string, ...any) {})
	if err != nil {
		name := "file"
		if h := new(mapping.HeaderError); errors.As(err, &h) {
			name = "header"
		}
		d.fail(name, err)
		return
	}
	defer t.file.Close()
	d.columns = append(d.columns, t.columns()...)
	people, rows := &people{mapper: t.mapper}, 0 // bank accounts name nobody
	for row, err := range t.file.Rows() {
		if err != nil {
			d.fail("file", err)
			return
		}
		if ctx.Err() != nil {
			return
		}
		people.add(row)
		rows++
	}
	d.rows += rows
	d.ok("file", "%q: %s", path, count(rows, "row"))
	if mode, open := othersMay(path); open {
		d.warn("file mode", fmt.Sprintf("chmod go= %q", path), "%q holds personal data and may be read by others (mode %#o)", path, mode)
	}
	d.people(path, people)
}

// people warns of data that is in the wrong place.
func (d *doctor) people(path string, p *people) {
	madeUp, realistic := p.judge()
	production := d.target.name == "production"
	switch {
	case production && madeUp > 0:
		d.warn("data", "made-up customers are for rehearsals; production refuses them row by row", "%q: %d of the first %s have made-up SSNs",
			path, madeUp, count(p.looked, "row"))
	case !production && !d.f.simulate && realistic > 0:
		d.warn("data", "real people do not belong into a rehearsal; make some up with: embark sample 1000",
			"%q: %d of the first %s look like real people, and this is not production", path, realistic, count(p.looked, "row"))
	}
}

// peopleLooked is how many rows are looked at for whether they can be real.
const peopleLooked = 1000

// people judges the first rows of a file by the rules of production, which
// refuse made-up SSNs.
type people struct {
	mapper *mapping.Mapper // nil for a file of bank accounts
	rows   []source.Row
	looked int
}

func (p *people) add(row source.Row) {
	if p.mapper != nil && len(p.rows) < peopleLooked {
		p.rows = append(p.rows, row)
	}
}

// judge counts rows with made-up SSNs, and valid ones with others.
func (p *people) judge() (madeUp, realistic int) {
	if p.looked = len(p.rows); p.looked == 0 {
		return 0, 0
	}
	for _, r := range p.mapper.Map(p.rows) {
		switch {
		case slices.ContainsFunc(r.Findings, func(f mapping.Finding) bool { return f.Rule == "ssn_made_up" }):
			madeUp++
		case r.Customer != nil && r.Customer.Identity != nil:
			realistic++
		}
	}
	return madeUp, realistic
}

// modes holds those files against others' eyes that hold secrets or personal
// data. A run refuses to open a checkpoint or key that others may read.
func (d *doctor) modes() {
	key := cmp.Or(d.f.keyFile, d.f.checkpoint+".key")
	before := len(d.checks)
	for _, path := range []string{d.f.checkpoint, key} {
		if mode, open := othersMay(path); open {
			d.unsound = true
			d.fail("file mode", &checkpoint.Error{Kind: checkpoint.ErrForeign, Text: fmt.Sprintf("%q may be read by others (mode %#o)", path, mode),
				Hint: fmt.Sprintf("chmod 600 %q", path)})
		}
	}
	for _, path := range []string{d.config.ClientIDFile, d.config.ClientSecretFile, d.config.SigningKeyFile, d.f.report} {
		if mode, open := othersMay(path); open {
			d.warn("file mode", fmt.Sprintf("chmod go= %q", path), "%q may be read by others (mode %#o)", path, mode)
		}
	}
	if len(d.checks) == before {
		d.ok("file modes", "checkpoint, key, credential files and reports are closed to others, as far as they are there")
	}
}

func othersMay(path string) (fs.FileMode, bool) {
	info, err := os.Stat(path)
	if path == "" || err != nil {
		return 0, false
	}
	return info.Mode().Perm(), info.Mode().Perm()&0o077 != 0
}

// folder: the report folder, or the one that it will be made in, must be open
// to us. It is not tried out, since nothing is to be written.
func (d *doctor) folder() {
	path := d.f.report
	for {
		err := unix.Access(path, unix.W_OK|unix.X_OK)
		if errors.Is(err, unix.ENOENT) && path != filepath.Dir(path) {
			path = filepath.Dir(path)
			continue
		}
		if err != nil {
			d.fail("report folder", &usageError{fmt.Sprintf("cannot write into %q", path), "check its owner and mode, or name another one with --report"})
			return
		}
		d.ok("report folder", "%q", d.f.report)
		return
	}
}

// bytesPerRow is what a customer takes in the checkpoint, rounded up from
// docs/performance.md, and spareBytes what reports and the growth of the
// database, which comes in steps, may take beside it.
const (
	bytesPerRow = 1500
	spareBytes  = 64 << 20
)

// disk looks at the filesystem that the checkpoint lies on.
func (d *doctor) disk() {
	folder := filepath.Dir(d.f.checkpoint)
	if name := checkpoint.NetworkFilesystem(folder); name == "" {
		d.ok("filesystem", "local, as far as can be told")
	} else if d.f.forceFilesystem {
		d.warn("filesystem", "keep the checkpoint on one machine, and a copy elsewhere", "%s, whose locks and syncs cannot be relied on; forced", name)
	} else {
		d.failed("filesystem", &checkpoint.Error{Kind: checkpoint.ErrForeign, Text: "the checkpoint lies on " + name + ", where locks and syncs cannot be relied on"},
			"put it on a local disk, or insist with --force-filesystem")
	}
	var st unix.Statfs_t
	if err := unix.Statfs(folder, &st); err == nil {
		d.space(int64(st.Bavail)*int64(st.Bsize), int64(d.rows)*bytesPerRow+spareBytes)
	}
}

func (d *doctor) space(free, needed int64) {
	if free >= needed {
		d.ok("disk space", "%s free; the checkpoint needs up to %s", bytesText(free), bytesText(needed))
		return
	}
	d.failed("disk space", fmt.Errorf("%s free, and the checkpoint needs up to %s", bytesText(free), bytesText(needed)),
		"make room, or name a place on another disk with --checkpoint")
}

func bytesText(n int64) string {
	if n < 1<<30 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
}
