package source

// Row is one record of an input file. Line is the physical line, counted from
// one, on which the record starts: quoted fields may span several lines.
// Ordinal counts the records of all files of an input from zero, damaged ones
// included, and is the same each time the input is read.
type Row struct {
	File    string
	Line    int
	Ordinal int
	End     int64 // how far the reading has come with this row, of File.Size
	// Cells are as many as the header has. They are nil when the record could
	// not be split into them; a damaged row whose only fault is the content of
	// a cell keeps them, so that the row can be given back for correction.
	Cells  []string
	Damage *Damage // why the record could not be read as a row; nil when it could
}

// Damage tells what is wrong with a record that cannot be worked with. The
// record is rejected and reading goes on with the next one.
type Damage struct {
	Rule   string // one of the Rule constants
	Column string // column heading where known
	Text   string // a sentence without personal data
	Hint   string
}

// The rules that a record can break before anyone looks at what it means.
const (
	RuleFieldCount = "field_count"       // too few or too many cells
	RuleBareQuote  = "bare_quote"        // a quote inside a cell that is not quoted
	RuleOpenQuote  = "open_quote"        // a quoted cell that does not end where it should
	RuleTooLong    = "field_too_long"    // over the caps
	RuleEncoding   = "encoding"          // not UTF-8, or not what --encoding says
	RuleControl    = "control_character" // NUL and friends

	// Of JSON Lines.
	RuleNotAnObject = "not_an_object" // a line that is not one object
	RuleRepeatedKey = "repeated_key"  // a key that stands twice in an object
)
