package report

import (
	"testing"

	"embark/mapping"
	"embark/rules"
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
	}
	for _, tt := range tests {
		if got := guard(tt.cell); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.cell, got, tt.want)
		}
	}
}

func TestFaults(t *testing.T) {
	find := func(severity rules.Severity, column string) rules.Finding {
		return rules.Finding{Severity: severity, Column: column, Text: "is wrong"}
	}
	tests := []struct {
		name     string
		findings []rules.Finding
		want     string
	}{
		{"of Paxos", nil, "message"},
		{"one", []rules.Finding{find(rules.Error, "cip_id")}, "cip_id: is wrong"},
		{"of the row", []rules.Finding{find(rules.Error, "")}, "is wrong"},
		{"two", []rules.Finding{find(rules.Error, "a"), find(rules.Error, "b")}, "a: is wrong; b: is wrong"},
		{"warnings are none", []rules.Finding{find("warning", "a")}, "message"},
	}
	for _, tt := range tests {
		l := Line{Message: "message", Rejected: &mapping.Result{Findings: tt.findings}}
		if got := faults(l); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
