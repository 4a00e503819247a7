package pipeline

import (
	"context"
	"fmt"
	"strings"
	"time"

	"embark/onboard"
	"embark/paxos"
)

// maxReasons bounds how many stuck customers are asked about at the end of a
// run: a reading each, from the budget of the creates, about ten seconds at the
// published limits. The first that fails ends it, since every further one may
// take four tries.
const maxReasons = 100

// askReasons reads why the customers who are still undecided are. The
// sub-statuses come only with details, which are personal data: nothing of
// those is kept.
func (r *run) askReasons(ctx context.Context) error {
	r.reasons = map[onboard.Key]string{}
	for key, err := range r.Store.Unfinished() {
		if err != nil || len(r.reasons) == maxReasons || ctx.Err() != nil {
			return err
		}
		if key.Kind() != onboard.KindIdentity {
			continue
		}
		if answered, err := r.askReason(ctx, key); err != nil || !answered {
			return err
		}
	}
	return nil
}

// askReason is not answered if Paxos was asked in vain; then the report just
// says less.
func (r *run) askReason(ctx context.Context, key onboard.Key) (answered bool, err error) {
	records, err := r.Store.Get(key)
	if err != nil || records[0].State() != onboard.Pending {
		return err == nil, err
	}
	i, err := r.API.GetIdentityWith(ctx, records[0].ID, paxos.Parts{Details: true})
	if err != nil {
		return false, nil
	}
	r.reasons[key] = reason(i)
	return true, nil
}

// reason says what Paxos waits for, and since when the identity stands.
func reason(i *paxos.Identity) string {
	text := strings.Join(append(requirements(i.StatusDetails), subStatuses(i)...), ", ")
	if at, err := time.Parse(time.RFC3339, i.UpdatedAt); err == nil {
		text = strings.TrimPrefix(fmt.Sprintf("%s; since %s", text, at.UTC().Format(time.DateTime)), "; ")
	}
	return text
}

func requirements(d *paxos.StatusDetails) (texts []string) {
	if d == nil {
		return nil
	}
	for _, c := range d.ActiveControls {
		texts = append(texts, "control "+c.Type+" "+c.ReasonCode)
	}
	for _, q := range d.Requirements {
		text := q.Type + " " + q.Status
		if q.AwaitingActionFrom != "" {
			text += " (with " + q.AwaitingActionFrom + ")"
		}
		texts = append(texts, text)
	}
	return texts
}

func subStatuses(i *paxos.Identity) (texts []string) {
	add := func(name, status string) {
		if status != "" && status != paxos.StatusApproved {
			texts = append(texts, name+" "+status)
		}
	}
	if p := i.PersonDetails; p != nil {
		add("id_verification_status", p.IDVerificationStatus)
		add("sanctions_verification_status", p.SanctionsVerificationStatus)
		add("additional_screening_status", p.AdditionalScreeningStatus)
	}
	if d := i.InstitutionDetails; d != nil {
		add("document_verification_status", d.DocumentVerificationStatus)
		add("sanctions_verification_status", d.SanctionsVerificationStatus)
		add("additional_screening_status", d.AdditionalScreeningStatus)
	}
	return texts
}
