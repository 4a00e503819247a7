package checkpoint

import "context"

// bucketProfiles holds what accepted files looked like, under the names of their
// mappings. It is made when it is needed: a checkpoint without it is whole.
var bucketProfiles = []byte("profiles")

// Profiles is what [Store.SaveProfiles] was last given under a name; nil where
// there is nothing. It makes no difference to the records.
func (s *Store) Profiles(mapping string) (profiles []byte, err error) {
	err = s.view(func(t *tx) error {
		if b := t.b.Bucket(bucketProfiles); b != nil {
			profiles = append(profiles, b.Get([]byte(mapping))...)
		}
		return nil
	})
	return profiles, err
}

// SaveProfiles keeps what accepted files look like, by the names of their
// mappings, which must not be empty. What is kept is in clear: it must hold
// nothing of what is in the rows.
func (s *Store) SaveProfiles(ctx context.Context, profiles map[string][]byte) error {
	return s.update(ctx, func(t *tx) error {
		b, err := t.b.CreateBucketIfNotExists(bucketProfiles)
		if err != nil {
			return err
		}
		for mapping, profile := range profiles {
			if err := b.Put([]byte(mapping), profile); err != nil {
				return err
			}
		}
		return nil
	})
}
