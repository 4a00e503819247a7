package report

import (
	"testing"

	"embark/rules"
)

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
		{"of a mapped file", []rules.Finding{{Severity: rules.Error, Column: "cip_id", From: "SSN", Text: "is wrong", Other: "line 7"}},
			`cip_id (from "SSN"): is wrong (line 7)`},
		{"of the row", []rules.Finding{find(rules.Error, "")}, "is wrong"},
		{"two", []rules.Finding{find(rules.Error, "a"), find(rules.Error, "b")}, "a: is wrong; b: is wrong"},
		{"warnings are none", []rules.Finding{find("warning", "a")}, "message"},
	}
	for _, tt := range tests {
		if got := faults(tt.findings, "message"); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
