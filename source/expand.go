package source

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// endings are those of files that a folder is searched for, each of them also
// with .gz or .zst behind it.
var endings = []string{".csv", ".tsv", ".tab", ".psv", ".txt", ".jsonl", ".ndjson", ".xlsx", ".xlsm"}

// Expand makes a list of files of what the operator named: a folder stands for
// the files in it that have a known ending (hidden ones and subfolders not), a
// pattern with *, ? or [ for the files that it matches. A name that a file has
// is that file, whatever characters are in it, and "-" stays what it is. No
// file is listed twice on account of a folder or a pattern. What was in a
// folder or matched a pattern and is not among the files is given back as
// passedOver, so that nothing is left out unseen. Errors are *OpenError.
func Expand(paths []string) (files, passedOver []string, err error) {
	for _, path := range paths {
		found, others, err := expand(path)
		if err != nil {
			return nil, nil, err
		}
		for _, f := range found {
			if f == path || !slices.Contains(files, f) {
				files = append(files, f)
			}
		}
		passedOver = append(passedOver, others...)
	}
	return files, passedOver, nil
}

func expand(path string) (files, others []string, err error) {
	info, err := os.Stat(path)
	switch {
	case path == "-":
		return []string{path}, nil, nil
	case err == nil && info.IsDir():
		return inFolder(path)
	case errors.Is(err, fs.ErrNotExist) && strings.ContainsAny(path, "*?["):
		return matching(path)
	}
	return []string{path}, nil, nil // if there is none, Open says so
}

func inFolder(path string) (files, others []string, err error) {
	entries, err := os.ReadDir(path) // sorted
	if err != nil {
		return nil, nil, openError(path, err)
	}
	for _, e := range entries {
		name := filepath.Join(path, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), "."):
		case known(e.Name()) && isFile(name):
			files = append(files, name)
		default:
			others = append(others, name)
		}
	}
	if files == nil {
		return nil, nil, &OpenError{File: path, Err: ErrNoFiles,
			Hint: "in a folder, files are told by their endings: " + strings.Join(endings, ", ") + ", also with .gz or .zst"}
	}
	return files, others, nil
}

func matching(pattern string) (files, others []string, err error) {
	names, err := filepath.Glob(pattern)
	if err != nil {
		return nil, nil, &OpenError{File: pattern, Err: err, Hint: "check the brackets of the pattern"}
	}
	hidden := strings.HasPrefix(filepath.Base(pattern), ".")
	for _, name := range names { // sorted by folder and name
		switch {
		case !hidden && strings.HasPrefix(filepath.Base(name), "."):
		case isFile(name):
			files = append(files, name)
		default:
			others = append(others, name)
		}
	}
	if files == nil {
		return nil, nil, &OpenError{File: pattern, Err: ErrNoFiles, Hint: "check the pattern and the folder you are in"}
	}
	return files, others, nil
}

// known reports that a name ends as those of tables do. A spreadsheet program
// leaves files that begin with ~$ beside what it has open.
func known(name string) bool {
	return !strings.HasPrefix(name, "~$") && slices.Contains(endings, ending(name))
}

// ending is that of what is in a file, compressed or not.
func ending(name string) string {
	name = strings.ToLower(name)
	for _, packed := range []string{".gz", ".zst"} {
		name = strings.TrimSuffix(name, packed)
	}
	return filepath.Ext(name)
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
