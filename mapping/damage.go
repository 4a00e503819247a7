package mapping

import "embark/rules"

// What is damaged is for the rules to say, so that it is the same before and
// after the mapping.
func isPlaceholder(v string) bool { return rules.IsPlaceholder(v) }

func isScientific(v string) bool { return rules.IsScientific(v) }

func allDigits(v string) bool {
	for i := 0; i < len(v); i++ {
		if v[i]-'0' > 9 {
			return false
		}
	}
	return v != ""
}
