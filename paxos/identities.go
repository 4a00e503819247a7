package paxos

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Scopes of the identity operations.
const (
	ScopeReadIdentity  = "identity:read_identity"
	ScopeWriteIdentity = "identity:write_identity"
)

// CreateIdentity is POST /identity/identities. A ref_id or CIP ID that is
// taken is refused with 409, and both come with the same problem type; see
// [Error.ExistingID]. The new identity is PENDING, always. The body is the JSON
// of a [CreateIdentityRequest], made once by the caller, so that what is stored
// and what is sent is the same. The details in the reply are not read: they
// only echo the request.
func (c *Client) CreateIdentity(ctx context.Context, body json.RawMessage) (*Identity, error) {
	var i struct {
		ID            string `json:"id"`
		RefID         string `json:"ref_id"`
		Type          string `json:"type"`
		Status        string `json:"status"`
		SummaryStatus string `json:"summary_status"`
		CreatedAt     string `json:"created_at"`
		UpdatedAt     string `json:"updated_at"`
	}
	if err := c.do(ctx, "CreateIdentity", http.MethodPost, "/identity/identities", body, &i); err != nil {
		return nil, err
	}
	if i.ID == "" {
		return nil, fmt.Errorf("CreateIdentity: no id: %w", ErrUnreadable)
	}
	return &Identity{ID: i.ID, RefID: i.RefID, Type: i.Type, Status: i.Status, SummaryStatus: i.SummaryStatus,
		CreatedAt: i.CreatedAt, UpdatedAt: i.UpdatedAt}, nil
}

// GetIdentity is GET /identity/identities/{id}. Only identities made by this
// API user can be read. Details carry personal data: ask for them only where
// they are compared at once.
func (c *Client) GetIdentity(ctx context.Context, id string, details bool) (*Identity, error) {
	return c.GetIdentityWith(ctx, id, Parts{Details: details})
}

// Parts are what an identity is read with. The sub-statuses are in the
// details, which carry personal data.
type Parts struct {
	Details            bool
	InstitutionMembers bool
}

// GetIdentityWith is GET /identity/identities/{id} with the named parts.
func (c *Client) GetIdentityWith(ctx context.Context, id string, with Parts) (*Identity, error) {
	query := url.Values{}
	if with.Details {
		query.Set("include_details", "true")
	}
	if with.InstitutionMembers {
		query.Set("include_institution_members", "true")
	}
	var i Identity
	if err := c.get(ctx, "GetIdentity", "/identity/identities/"+url.PathEscape(id), query, &i); err != nil {
		return nil, err
	}
	if !sameID(i.ID, id) {
		return nil, fmt.Errorf("GetIdentity: another id: %w", ErrUnreadable)
	}
	return &i, nil
}

// ListIdentities is GET /identity/identities, newest first. Whether items
// carry a ref_id is not documented.
func (c *Client) ListIdentities(ctx context.Context, q ListIdentitiesQuery) (*IdentityPage, error) {
	query := pageQuery(q.PageCursor, q.Limit)
	setIf(query, "summary_status", q.SummaryStatus)
	if !q.UpdatedSince.IsZero() {
		query.Set("updated_at.gte", q.UpdatedSince.UTC().Format(time.RFC3339Nano))
	}
	var reply struct {
		Items []Identity `json:"items"`
		nextPage
	}
	err := c.get(ctx, "ListIdentities", "/identity/identities", query, &reply)
	return &IdentityPage{reply.Items, reply.cursor()}, err
}

// sameID compares UUIDs, which may be written in either case.
func sameID(got, want string) bool { return got != "" && strings.EqualFold(got, want) }

// nextPage reads the cursor under both names that the documentation uses.
type nextPage struct {
	NextPageCursor string `json:"next_page_cursor"`
	NextPage       string `json:"next_page"`
}

func (n nextPage) cursor() string {
	if n.NextPageCursor != "" {
		return n.NextPageCursor
	}
	return n.NextPage
}

// maxPage is the largest page that no source contradicts.
const maxPage = 100

func pageQuery(cursor string, limit int) url.Values {
	if limit <= 0 || limit > maxPage {
		limit = maxPage
	}
	query := url.Values{"limit": {strconv.Itoa(limit)}}
	setIf(query, "page_cursor", cursor)
	return query
}

func setIf(query url.Values, key, value string) {
	if value != "" {
		query.Set(key, value)
	}
}

// addAll repeats the key, as the API wants lists.
func addAll(query url.Values, key string, values []string) {
	for _, v := range values {
		query.Add(key, v)
	}
}
