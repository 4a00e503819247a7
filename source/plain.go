package source

// plain reports that a text holds nothing but printable ASCII. It takes eight
// bytes at a time; those of the last step may be some of the step before.
func plain[T string | []byte](c T) bool {
	if len(c) < wordBytes {
		for i := 0; i < len(c); i++ {
			if c[i]-0x20 >= 0x7F-0x20 {
				return false
			}
		}
		return true
	}
	for i := 0; i < len(c)-wordBytes; i += wordBytes {
		if !plainWord(c[i : i+wordBytes]) {
			return false
		}
	}
	return plainWord(c[len(c)-wordBytes:])
}

const wordBytes = 8

// plainWord looks at eight bytes at once. For bytes below 0x80 no sum carries
// into the next one: adding 1 sets the high bit of 0x7F alone, adding 0x60 that
// of all from 0x20 on.
func plainWord[T string | []byte](c T) bool {
	const ones = 0x0101010101010101
	x := uint64(c[0]) | uint64(c[1])<<8 | uint64(c[2])<<16 | uint64(c[3])<<24 |
		uint64(c[4])<<32 | uint64(c[5])<<40 | uint64(c[6])<<48 | uint64(c[7])<<56
	return (x|(x+ones)|^(x+0x60*ones))&(0x80*ones) == 0
}

// plainLines reports that a piece of a file is plain but for ends of lines. It
// is what makes a closer look at the cells needless for most files, at a
// fraction of the cost of that look.
func plainLines(p []byte) bool {
	for len(p) >= wordBytes {
		if !plainWord(p[:wordBytes]) && !endsOnly(p[:wordBytes], p[wordBytes:]) {
			return false
		}
		p = p[wordBytes:]
	}
	return endsOnly(p, nil)
}

// endsOnly: a CR counts as plain only where its LF is in sight.
func endsOnly(word, behind []byte) bool {
	for i, c := range word {
		switch {
		case c-0x20 < 0x7F-0x20, c == '\n':
		case c == '\r' && i+1 < len(word) && word[i+1] == '\n':
		case c == '\r' && i+1 == len(word) && len(behind) > 0 && behind[0] == '\n':
		default:
			return false
		}
	}
	return true
}
