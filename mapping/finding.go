package mapping

import "embark/rules"

// Finding is something wrong or doubtful in a row, as package rules finds it;
// named here for those who compare rows and have no business with the rules.
type Finding = rules.Finding

// Error is the severity that rejects a row.
const Error = rules.Error
