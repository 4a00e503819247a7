package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"embark/rules"
)

func (e *environment) templateCommand() *cobra.Command {
	var (
		output  string
		example bool
	)
	c := &cobra.Command{
		Use:   "template KIND",
		Short: "print what a file of persons, institutions or bank accounts may hold: CSV, Markdown, JSON Schema",
		Example: "  embark template person > customers.csv\n" +
			"  embark template institution --output markdown > institutions.md",
	}
	c.Flags().StringVar(&output, "output", "csv", "csv, the header of an empty file; markdown, a data dictionary; json, a JSON Schema of a row")
	c.Flags().BoolVar(&example, "example", false, "csv: with one made-up row")
	c.RunE = func(_ *cobra.Command, args []string) error {
		kind, err := templateKind(args)
		if err != nil {
			return err
		}
		if err := oneOf("output", output, "csv", "markdown", "json"); err != nil {
			return err
		}
		switch output {
		case "markdown":
			return writeDictionary(e.stdout, kind)
		case "json":
			return writeSchema(e.stdout, kind)
		}
		return writeHeader(e.stdout, kind, example)
	}
	return c
}

func templateKind(args []string) (rules.Kind, error) {
	var kinds []string
	for _, k := range rules.Kinds() {
		kinds = append(kinds, string(k))
	}
	hint := "one of: " + strings.Join(kinds, ", ")
	if len(args) != 1 {
		return "", &usageError{"template needs a kind of file", hint}
	}
	if slices.Contains(kinds, args[0]) {
		return rules.Kind(args[0]), nil
	}
	if near := nearest(strings.ToLower(args[0]), kinds); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return "", &usageError{fmt.Sprintf("there is no template for %q", args[0]), hint}
}

// writeHeader writes the first line of a file, and perhaps a row.
func writeHeader(to io.Writer, kind rules.Kind, example bool) error {
	var header, row []string
	cells := kind.Example(rules.Options{Now: time.Now()})
	for _, c := range kind.Columns() {
		header, row = append(header, c.Name), append(row, cells[c.Name])
	}
	w := csv.NewWriter(to)
	_ = w.Write(header) // an error stays with the writer
	if example {
		_ = w.Write(row)
	}
	w.Flush()
	return w.Error()
}

// writeDictionary writes the columns of a kind of file and the rules for them,
// as Markdown.
func writeDictionary(to io.Writer, kind rules.Kind) error {
	w := bufio.NewWriter(to)
	catalogue := kind.Catalogue()
	fmt.Fprintf(w, "# Columns of a file for embark: %s\n\n", kind)
	if kind != rules.KindBank {
		fmt.Fprint(w, "Beside these there are metadata.KEY and account.metadata.KEY, as many as wanted.\n\n")
	}
	for _, c := range kind.Columns() {
		writeColumn(w, c, catalogue)
	}
	writeRules(w, catalogue)
	return w.Flush()
}

func writeColumn(w io.Writer, c rules.Column, catalogue []rules.Entry) {
	fmt.Fprintf(w, "## %s\n\n%s\n\n- need: %s\n- format: %s\n", c.Name, c.About, c.Need, c.Format)
	if c.Max > 0 {
		fmt.Fprintf(w, "- max: %d characters\n", c.Max)
	}
	for _, line := range [][2]string{{"pattern", c.Pattern}, {"values", strings.Join(c.Values, ", ")}, {"default", c.Default}, {"example", c.Example}} {
		if line[1] != "" {
			fmt.Fprintf(w, "- %s: `%s`\n", line[0], line[1])
		}
	}
	var ids []string
	for _, e := range catalogue {
		if slices.Contains(e.Columns, c.Name) && !slices.Contains(ids, e.ID) {
			ids = append(ids, e.ID)
		}
	}
	fmt.Fprintf(w, "- rules: %s\n\n", strings.Join(ids, ", "))
}

// writeRules writes the rules as a table, those of one id together.
func writeRules(w io.Writer, catalogue []rules.Entry) {
	fmt.Fprint(w, "## Rules\n\n| id | version | severity | sentence | hint | source | columns |\n|---|---|---|---|---|---|---|\n")
	slices.SortStableFunc(catalogue, func(a, b rules.Entry) int { return strings.Compare(a.ID, b.ID) })
	for _, e := range catalogue {
		fmt.Fprintf(w, "| %s | %d | %s | %s | %s | %s | %s |\n", e.ID, e.Version, e.Severity, tabled(e.Text), tabled(e.Hint), tabled(e.Source),
			strings.Join(e.Columns, ", "))
	}
}

// tabled keeps a text from ending its cell.
func tabled(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

func writeSchema(to io.Writer, kind rules.Kind) error {
	encoder := json.NewEncoder(to)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(schemaOf(kind))
}

// schema is a part of a JSON Schema, draft 2020-12.
type schema map[string]any

// schemaOf describes a row as an object of texts, without the cells that are
// empty. What no schema can say stands in the descriptions.
func schemaOf(kind rules.Kind) schema {
	columns, checks := kind.Columns(), kind.Checks()
	properties := schema{}
	for _, c := range columns {
		properties[c.Name] = propertyOf(c, checks)
	}
	s := schema{
		"$schema":              "https://json-schema.org/draft/2020-12/schema",
		"title":                "row of a file for embark: " + string(kind),
		"description":          "the cells of one row as text, by column; empty cells are left out",
		"type":                 "object",
		"properties":           properties,
		"additionalProperties": false,
		"required":             requiredColumns(columns, func(c rules.Column) bool { return c.Group == rules.GroupRow }),
		"$defs":                schema{},
	}
	if kind != rules.KindBank {
		s["patternProperties"] = schema{`^(account\.)?metadata\.`: schema{"type": "string"}}
	}
	s["allOf"] = conditionalDemands(columns, checks, s["$defs"].(schema))
	return s
}

func propertyOf(c rules.Column, checks []rules.Check) schema {
	p := schema{"type": "string", "minLength": 1, "description": aboutColumn(c, checks), "examples": []string{c.Example}}
	if c.Pattern != "" {
		p["pattern"] = c.Pattern
	}
	if c.Max > 0 {
		p["maxLength"] = c.Max
	}
	if c.Format == "enum" {
		p["enum"] = c.Values
	}
	return p
}

// aboutColumn adds to what a column is about what a schema cannot say of it.
func aboutColumn(c rules.Column, checks []rules.Check) string {
	sentences := []string{c.About}
	if c.Format == "list" {
		sentences = append(sentences, "of "+strings.Join(c.Values, ", "))
	}
	if c.Default != "" {
		sentences = append(sentences, "when empty: "+c.Default)
	}
	var more []string
	for _, check := range checks {
		if check.Column == c.Name && check.When == nil && check.Severity != rules.Warning && !slices.Contains(more, check.Text) {
			more = append(more, check.Text)
		}
	}
	if more != nil {
		sentences = append(sentences, "rules: "+strings.Join(more, "; "))
	}
	return strings.Join(sentences, ". ")
}

func requiredColumns(columns []rules.Column, of func(rules.Column) bool) []string {
	names := []string{}
	for _, c := range columns {
		if c.Need == rules.Required && of(c) {
			names = append(names, c.Name)
		}
	}
	return names
}

// conditionalDemands are the demands that hang on other cells: those of an identity
// on there being no identity_id, those of a bank account or order on any of its
// columns being filled, and others on the conditions of their checks.
func conditionalDemands(columns []rules.Column, checks []rules.Check, defs schema) []schema {
	var demands []schema
	demand := func(conditions schema, column ...string) {
		i := slices.IndexFunc(demands, func(s schema) bool { return sameSchema(s["if"], conditions) })
		if i < 0 {
			demands = append(demands, schema{"if": conditions, "then": schema{"required": column}})
			return
		}
		then := demands[i]["then"].(schema)
		then["required"] = append(then["required"].([]string), column...)
	}
	if names := requiredColumns(columns, func(c rules.Column) bool { return c.Group != rules.GroupRow }); len(names) > 0 {
		demand(newcomer, names...)
	}
	for _, c := range checks {
		if c.When != nil {
			demand(appliesWhen(c, columns, defs), c.Column)
		}
	}
	return demands
}

// newcomer is a customer whose identity is still to be made.
var newcomer = schema{"not": schema{"required": []string{"identity_id"}}}

func sameSchema(a, b any) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}

// appliesWhen is when a check requires its column.
func appliesWhen(c rules.Check, columns []rules.Column, defs schema) schema {
	var any []schema
	for _, conditions := range c.When {
		any = append(any, conditionsHold(conditions))
	}
	when := schema{"anyOf": any}
	if len(any) == 1 {
		when = any[0]
	}
	switch {
	case c.Group.OfIdentity():
		return schema{"allOf": []schema{newcomer, when}}
	case c.Group == rules.GroupFiatAccount, c.Group == rules.GroupOrder:
		defs[string(c.Group)] = anyFilled(c.Group, columns)
		return schema{"allOf": []schema{{"$ref": "#/$defs/" + string(c.Group)}, when}}
	}
	return when
}

// anyFilled: a row has any cell of a group.
func anyFilled(g rules.Group, columns []rules.Column) schema {
	var any []schema
	for _, c := range columns {
		if c.Group == g {
			any = append(any, schema{"required": []string{c.Name}})
		}
	}
	return schema{"anyOf": any}
}

// conditionsHold says that each of the conditions does. An absent cell is an empty one.
func conditionsHold(conditions rules.Conditions) schema {
	properties, present := schema{}, []string{}
	for _, c := range conditions {
		values := schema{"enum": c.Values}
		if c.Not {
			values = schema{"not": values}
		}
		properties[c.Column] = values
		if slices.Contains(c.Values, "") == c.Not {
			present = append(present, c.Column)
		}
	}
	return schema{"properties": properties, "required": present}
}
