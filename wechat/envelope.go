package wechat

import "errors"

// parsePush reads the outer XML of an encrypted push: only Encrypt counts, whatever else stands beside it in clear.
func parsePush(body []byte) (encrypted string, err error) {
	s, err := parseSealed(body)
	if err != nil {
		return "", err
	}
	if s.encrypt == "" {
		return "", ErrFormat.Because(errors.New("no Encrypt"))
	}
	return s.encrypt, nil
}

// sealed is an encrypted envelope: of a push (only encrypt is set) or of a reply.
type sealed struct {
	encrypt, signature, timestamp, nonce string
}

func parseSealed(body []byte) (sealed, error) {
	doc, err := parseXML(body)
	if err != nil {
		return sealed{}, err
	}
	var s sealed
	r := reader{document: doc}
	r.each(0, func(name string, c int) bool {
		switch name {
		case "Encrypt":
			s.encrypt = r.word(c)
		case "MsgSignature":
			s.signature = r.word(c)
		case "TimeStamp":
			s.timestamp = r.word(c)
		case "Nonce":
			s.nonce = r.word(c)
		default:
			return false
		}
		return true
	})
	return s, r.err
}
