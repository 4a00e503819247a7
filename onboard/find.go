package onboard

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	jsonv2 "github.com/go-json-experiment/json"

	"embark/paxos"
)

// finder looks for an object at Paxos; nil and no error when it is not there.
type finder func() (*Object, error)

// createOnce posts an object that nothing at Paxos is certain to make only
// once, but that can be looked up: first, where one may exist already, and
// again when Paxos says that its ref_id is taken.
func createOnce(s Step, lookFirst bool, find finder, post func() (*Object, error)) Answer {
	if lookFirst {
		found, err := find()
		switch {
		case errors.Is(err, errNameless):
			return Answer{Err: err, Exists: true}
		case err != nil:
			return Answer{Err: notMade(err)}
		case found != nil:
			return foundAnswer(s, found)
		}
	}
	made, err := post()
	if err == nil {
		return Answer{Object: made, Origin: Made}
	}
	switch {
	case paxos.StatusOf(err) == http.StatusConflict:
		return findAgain(s, find, err)
	case errors.Is(err, ErrFile):
		return Answer{Err: err, Conflict: CodeFile}
	}
	return Answer{Err: err}
}

// findAgain looks for an object that a 409 says exists, now or earlier, or
// that may exist while it must not be made.
func findAgain(s Step, find finder, conflict error) Answer {
	found, err := find()
	if found != nil {
		return foundAnswer(s, found)
	}
	if err == nil {
		err = conflict
	}
	return Answer{Err: err, Exists: conflict != nil || s.Record.Exists}
}

// foundAnswer adopts an object that carries our ref_id.
func foundAnswer(s Step, found *Object) Answer {
	if s.Repeat() {
		return Answer{Object: found, Origin: Repeated}
	}
	return Answer{Object: found, Origin: Adopted}
}

// request reads the stored request.
func request[T any](r Record) (req T, err error) {
	if jsonv2.Unmarshal(r.Request, &req) != nil { // its error may quote it
		return req, notMade(fmt.Errorf("stored request of %q", r.Key))
	}
	return req, nil
}

// body is the stored request, completed with what was not known when it was
// stored.
func body[T any](r Record, complete func(*T)) (json.RawMessage, error) {
	req, err := request[T](r)
	if err != nil {
		return nil, err
	}
	complete(&req)
	out, err := json.Marshal(req)
	if err != nil {
		return nil, notMade(fmt.Errorf("request of %q", r.Key))
	}
	return out, nil
}

// need is the object of that kind which the record waits for.
func (r Record) need(kind Kind) Need {
	for _, n := range r.Needs {
		if n.Key.Kind() == kind {
			return n
		}
	}
	return Need{}
}
