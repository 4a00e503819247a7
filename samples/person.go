package samples

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// header is that of the files that Write makes.
var header = []string{
	"ref_id", "first_name", "middle_name", "last_name", "date_of_birth",
	"address.address1", "address.address2", "address.city", "address.province", "address.zip_code", "address.country",
	"nationality", "cip_id", "cip_id_type", "cip_id_country", "phone_number", "email",
	"passthrough_verifier_type", "passthrough_verified_at", "passthrough_verification_id",
	"passthrough_verification_status", "passthrough_verification_fields",
	"estimated_yearly_income", "expected_transfer_value", "source_of_wealth", "employment_status", "employment_industry_sector",
}

// person is one row by column. Columns that are not in a file's header are not written.
type person map[string]string

// numbers is how many made-up SSNs there are: areas 900 to 999, groups 01 to
// 49, serial numbers 0001 to 9999.
const numbers = 100 * 49 * 9999

// stride has no common divisor with numbers, so that its multiples visit every
// number once before any comes again.
const stride = 15_485_863

// maker makes up persons. The nth is the same for the same seed, however many
// are made.
type maker struct {
	rng    *rand.Rand
	offset uint64
}

func newMaker(seed uint64) *maker {
	rng := rand.New(rand.NewPCG(seed, 0x656d6261726b)) // "embark"
	return &maker{rng: rng, offset: rng.Uint64N(numbers)}
}

// ssn is a different number for each n below numbers.
func (m *maker) ssn(n int) string {
	i := (uint64(n)*stride + m.offset) % numbers
	return fmt.Sprintf("%03d-%02d-%04d", 900+i/(49*9999), 1+i/9999%49, 1+i%9999)
}

// person makes up the nth person, counted from one.
func (m *maker) person(n int) person {
	first, last := m.pick(firstNames), m.pick(lastNames)
	city := strings.Split(m.pick(cities), "|") // city, state, first digits of the ZIP code, area code
	age := 18 + m.rng.IntN(73)
	income := m.rng.IntN(len(incomes))
	p := person{
		"ref_id":        fmt.Sprintf("cust-%08d", n),
		"first_name":    first,
		"last_name":     last,
		"date_of_birth": fmt.Sprintf("%04d-%02d-%02d", 2025-age, 1+m.rng.IntN(12), 1+m.rng.IntN(28)),

		"address.address1": fmt.Sprintf("%d %s", 1+m.rng.IntN(9899), m.pick(streets)),
		"address.city":     city[0],
		"address.province": city[1],
		"address.zip_code": city[2],
		"address.country":  "USA",
		"nationality":      "USA",
		"cip_id":           m.ssn(n),
		"cip_id_type":      "SSN",
		"cip_id_country":   "USA",
		"phone_number":     fmt.Sprintf("+1 %s 555 01%02d", city[3], m.rng.IntN(100)),
		"email":            fmt.Sprintf("%s.%s%d@example.com", strings.ToLower(first), mailbox.Replace(strings.ToLower(last)), n),

		"passthrough_verifier_type": m.pick(verifiers),
		"passthrough_verified_at": fmt.Sprintf("2025-%02d-%02dT%02d:%02d:%02dZ",
			1+m.rng.IntN(12), 1+m.rng.IntN(28), m.rng.IntN(24), m.rng.IntN(60), m.rng.IntN(60)),
		"passthrough_verification_id":     fmt.Sprintf("ver_%08x", m.rng.Uint32()),
		"passthrough_verification_status": "APPROVED",
		"passthrough_verification_fields": "FULL_LEGAL_NAME|ADDRESS|DATE_OF_BIRTH|CIP_ID",

		"estimated_yearly_income": incomes[income],
		"expected_transfer_value": transfers[min(income, m.rng.IntN(len(transfers)))],
	}
	if m.rng.IntN(3) == 0 {
		p["middle_name"] = m.pick(firstNames)
	}
	if m.rng.IntN(4) == 0 {
		p["address.address2"] = fmt.Sprintf("Apt %d%c", 1+m.rng.IntN(30), 'A'+m.rng.IntN(6))
	}
	m.work(p, age)
	return p
}

// work gives a person of that age something to live on.
func (m *maker) work(p person, age int) {
	p["employment_status"], p["source_of_wealth"] = m.pick(employed), m.pick(wealth)
	p["employment_industry_sector"] = m.pick(sectors)
	switch {
	case age < 23 && m.rng.IntN(2) == 0:
		p["employment_status"], p["employment_industry_sector"] = "STUDENT", "NOT_CLASSIFIED"
		p["estimated_yearly_income"] = incomes[0]
	case age > 66:
		p["employment_status"], p["employment_industry_sector"] = "RETIRED", "NOT_CLASSIFIED"
	}
}

func (m *maker) pick(list []string) string { return list[m.rng.IntN(len(list))] }

var mailbox = strings.NewReplacer("'", "", " ", "", "-", "")
