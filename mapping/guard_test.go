package mapping

import (
	"testing"

	"pgregory.net/rapid"
)

func TestGuard(t *testing.T) {
	tests := []struct{ cell, want string }{
		{"", ""},
		{"Miller", "Miller"},
		{"c-1", "c-1"},
		{"=1+1", "'=1+1"},
		{"=", "'="},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"},
		{"-2+3", "'-2+3"},
		{"+", "'+"},
		{"-", "'-"},
		{"+15555550100", "+15555550100"},
		{"-12", "-12"},
		{"+1 555 555 0100", "'+1 555 555 0100"},
		{"\t=1", "'\t=1"},
		{"\r=1", "'\r=1"},
		{"\n=1", "'\n=1"},
		{"\x00=1", "'\x00=1"},
		{"＝1+1", "'＝1+1"},
		{"＠x", "'＠x"},
		{"Ærø", "Ærø"},
		{"\xff=", "\xff="},
		{"'", "'"},
		{"'t Hooft", "'t Hooft"},
		{"'=1+1", "''=1+1"},
		{"''=1+1", "'''=1+1"},
		{"'+15555550100", "''+15555550100"},
		{"'＝1", "''＝1"},
	}
	for _, tt := range tests {
		if got := Guard(tt.cell); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.cell, got, tt.want)
		}
		if got := Unguard(Guard(tt.cell)); got != tt.cell {
			t.Errorf("%q: got %q back, want it as it was", tt.cell, got)
		}
	}
}

// TestGuardIsTakenBack: whatever a cell holds, it comes back as it was, and what
// stands in the file in between is no formula.
func TestGuardIsTakenBack(t *testing.T) {
	cells := rapid.OneOf(rapid.String(), rapid.StringMatching(`'{0,3}[=+\-@\t\r\n\x00＝＋－＠]?[0-9a-z' ]{0,4}`),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }))
	rapid.Check(t, func(t *rapid.T) {
		cell := cells.Draw(t, "cell")
		guarded := Guard(cell)
		if got := Unguard(guarded); got != cell {
			t.Fatalf("got %q of %q by way of %q", got, cell, guarded)
		}
		if n, sign := signed(guarded); sign && n == 0 && !isNumber(guarded) {
			t.Fatalf("got %q, want it guarded", guarded)
		}
	})
}
