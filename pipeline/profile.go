package pipeline

import (
	"maps"
	"strings"

	"embark/mapping"
	"embark/onboard"
)

// profile is what a file looks like: counts, and nothing of what is in its rows
// but countries. The checkpoint keeps it as JSON; the headings are the file's own.
type profile struct {
	Columns   []string       `json:"columns"`
	Rows      int            `json:"rows"`
	Whole     int            `json:"whole"`     // rows that could be split into cells
	Blanks    []int          `json:"blanks"`    // cells of those, by column
	Countries map[string]int `json:"countries"` // valid rows of persons and institutions, by where they live
}

// newProfiles makes an empty profile for each file.
func (in Input) newProfiles() []profile {
	profiles := make([]profile, len(in.Files))
	for i, f := range in.Files {
		profiles[i] = profile{Columns: f.Header(), Blanks: make([]int, len(f.Header())), Countries: map[string]int{}}
	}
	return profiles
}

// profileOf counts a batch of rows. It looks at every cell of a run, so it does
// next to nothing for each: customers of one country mostly come in a row.
func profileOf(header []string, results []mapping.Result) profile {
	p := profile{Rows: len(results), Blanks: make([]int, len(header)), Countries: map[string]int{}}
	last, n := "", 0
	for i := range results {
		p.countBlanks(results[i].Row.Cells)
		switch country := countryOf(results[i].Customer); country {
		case last:
			n++
		default:
			p.Countries[last] += n
			last, n = country, 1
		}
	}
	p.Countries[last] += n
	delete(p.Countries, "")
	return p
}

func (p *profile) countBlanks(cells []string) {
	if len(cells) != len(p.Blanks) {
		return // damaged
	}
	p.Whole++
	for i, cell := range cells {
		if blankCell(cell) {
			p.Blanks[i]++
		}
	}
}

// blankCell looks at the first byte of most cells only: that of a blank, or of a
// no-break space.
func blankCell(cell string) bool {
	return cell == "" || (cell[0] <= ' ' || cell[0] == 0xC2) && strings.TrimSpace(cell) == ""
}

// countryOf is "" for rejected rows, bank accounts, and whoever is at Paxos already.
func countryOf(c *onboard.Customer) string {
	switch {
	case c == nil || c.Identity == nil:
		return ""
	case c.Identity.PersonDetails != nil && c.Identity.PersonDetails.Address != nil:
		return c.Identity.PersonDetails.Address.Country
	case c.Identity.InstitutionDetails != nil && c.Identity.InstitutionDetails.BusinessAddress != nil:
		return c.Identity.InstitutionDetails.BusinessAddress.Country
	}
	return ""
}

// add joins what a batch of the same file counted.
func (p *profile) add(batch profile) {
	p.Rows += batch.Rows
	p.Whole += batch.Whole
	for i, n := range batch.Blanks {
		p.Blanks[i] += n
	}
	for country, n := range batch.Countries {
		if p.Countries[country] == 0 {
			country = strings.Clone(country) // it is part of a row, which shall be forgotten
		}
		p.Countries[country] += n
	}
}

// blankRates gives the share of blank cells by column.
func (p *profile) blankRates() map[string]float64 {
	rates := map[string]float64{}
	for i, column := range p.Columns {
		rates[column] = float64(p.Blanks[i]) / float64(max(p.Whole, 1))
	}
	return rates
}

// countryShares gives the share of each country in the valid rows.
func (p *profile) countryShares() (shares map[string]float64, of int) {
	for n := range maps.Values(p.Countries) {
		of += n
	}
	shares = map[string]float64{}
	for country, n := range p.Countries {
		shares[country] = float64(n) / float64(of)
	}
	return shares, of
}

// likeness is the share of columns that both have, of those that either has.
func (p *profile) likeness(other *profile) float64 {
	all := map[string]bool{}
	for _, column := range p.Columns {
		all[column] = false
	}
	both := 0
	for _, column := range other.Columns {
		if _, ok := all[column]; ok {
			both++
		}
		all[column] = true
	}
	return float64(both) / float64(max(len(all), 1))
}
