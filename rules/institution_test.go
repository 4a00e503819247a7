package rules

import "testing"

func TestEIN(t *testing.T) {
	for in, want := range map[string]string{"120000007": "12-0000007", "12-0000007": "12-0000007", "12000007": "12000007", "": ""} {
		if got := EIN(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestRegistrationDate(t *testing.T) {
	for in, want := range map[string]string{"2019-02-03": "2019-02-03T00:00:00Z", "2019-02-03T04:05:06Z": "2019-02-03T04:05:06Z", "": ""} {
		if got := RegistrationDate(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// TestABANumber: the numbers are of the Federal Reserve's directory and the
// specification's example.
func TestABANumber(t *testing.T) {
	for in, want := range map[string]bool{"021000021": true, "031302971": true, "011000015": true,
		"021000022": false, "201000021": false, "000000000": false, "21000021": false, "02100002a": false, "": false} {
		if got := isABANumber(in); got != want {
			t.Errorf("%q: got %v, want %v", in, got, want)
		}
	}
}

func TestBIC(t *testing.T) {
	for in, want := range map[string]bool{"DEUTDEFF": true, "DEUTDEFF500": true, "CHASUS33XXX": true,
		"DEUTDEF": false, "deutdeff": false, "DEUTDEFF5": false, "DEUT1EFF": false, "": false} {
		if got := isBIC(in); got != want {
			t.Errorf("%q: got %v, want %v", in, got, want)
		}
	}
}

func TestDecimal(t *testing.T) {
	for in, want := range map[string]bool{"0": true, "1500.25": true, "0.00000001": true, "007": true,
		"": false, ".5": false, "5.": false, "-1": false, "+1": false, "1,000": false, "1e3": false, "1/2": false, "1_000": false,
		"0x10": false, "60%": false, "1.2.3": false, "1234567890123456789012345678901": false} {
		if _, got := decimal(in); got != want {
			t.Errorf("%q: got %v, want %v", in, got, want)
		}
	}
}

func TestMembers(t *testing.T) {
	for in, want := range map[string]Member{
		"p-1:TRUSTEE":                               {RefID: "p-1", Role: "TRUSTEE"},
		" p-1 : BENEFICIAL_OWNER : 60 ":             {RefID: "p-1", Role: "BENEFICIAL_OWNER", Ownership: "60"},
		"a:b:AUTHORIZED_USER":                       {RefID: "a:b", Role: "AUTHORIZED_USER"},
		"p:MANAGEMENT_CONTROL_PERSON::CEO: interim": {RefID: "p", Role: "MANAGEMENT_CONTROL_PERSON", Position: "CEO:interim"},
		"p-1":       {RefID: "p-1"},
		"p-1:OWNER": {RefID: "p-1"},
		"":          {},
	} {
		if got := member(in); got != want {
			t.Errorf("%q: got %+v, want %+v", in, got, want)
		}
	}
}
