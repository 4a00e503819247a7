package pipeline

import (
	"time"

	"embark/checkpoint"
)

// Progress is how a run stands.
type Progress struct {
	Phase       string            `json:"phase"` // checking, onboarding, waiting, reporting
	Started     time.Time         `json:"started"`
	Now         time.Time         `json:"now"`
	PassOneDone time.Time         `json:"pass_one_done,omitzero"`
	Rows        int               `json:"rows"` // of the input; 0 until they are counted
	Rejected    int               `json:"rejected"`
	Due         int               `json:"due"`   // rows with something to send
	Taken       int               `json:"taken"` // of them
	InFlight    int               `json:"in_flight"`
	SettleLater int               `json:"settle_later"` // objects that are tried again at a later time
	Records     checkpoint.Counts `json:"records"`
	SilentFor   time.Duration     `json:"silent_for_ns,omitempty"` // pause after a 429
}

const tellEvery = 250 * time.Millisecond

func (r *run) enter(phase string) { r.phase.Store(&phase) }

// tell reports the progress until the function that it returns is called.
func (r *run) tell() func() {
	if r.Progress == nil {
		return func() {}
	}
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(tellEvery)
		defer ticker.Stop()
		for {
			select {
			case <-quit:
				return
			case <-ticker.C:
				r.Config.Progress(r.progress())
			}
		}
	}()
	return func() {
		close(quit)
		<-done
		r.Config.Progress(r.progress())
	}
}

func (r *run) progress() Progress {
	p := Progress{Phase: *r.phase.Load(), Started: r.started, Now: time.Now(), Taken: int(r.taken.Load()),
		InFlight: int(r.flights.flying.Load()), SilentFor: r.API.SilentFor()}
	if p.Phase == "onboarding" && r.idle.Load() {
		p.Phase = "waiting"
	}
	if c := r.counted.Load(); c != nil {
		p.Rows, p.Rejected, p.Due, p.PassOneDone = c.Rows, c.Rejected, c.Due, c.done
	}
	_, repeats, looks := r.queue.lengths()
	p.SettleLater = repeats + looks
	p.Records, _ = r.Store.Counts()
	return p
}
