package sandbox

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// checkLink reads an address as Telegram does: no scheme means http. The reason is empty
// when the address is good, and otherwise in Telegram's words.
func checkLink(link string) (checked, reason string) {
	link = strings.TrimSpace(link)
	scheme, rest, found := strings.Cut(link, ":")
	scheme = strings.ToLower(scheme)
	switch {
	case found && (scheme == "tg" || scheme == "ton" || scheme == "tonsite"):
		rest = strings.TrimPrefix(rest, "//")
		host, _, _ := strings.Cut(rest, "?")
		host, _, _ = strings.Cut(host, "/")
		if host == "" || strings.ContainsFunc(host, func(r rune) bool { return r > 0x7F || !isAlnum(byte(r)) && r != '-' && r != '_' && r != '.' }) {
			return "", "Wrong " + scheme + " URL"
		}
		return scheme + "://" + rest, ""
	case found && (scheme == "http" || scheme == "https"):
	case found && strings.HasPrefix(rest, "//"):
		return "", "Unsupported URL protocol"
	default:
		link = "http://" + link
	}
	u, err := url.Parse(link)
	if err != nil || u.Host == "" {
		return "", "Wrong HTTP URL"
	}
	host := u.Hostname()
	if strings.ContainsAny(host, " \t\n\r<>\"'") {
		return "", "Unallowed characters in URL host"
	}
	if address, err := netip.ParseAddr(host); err == nil && address.Is6() {
		return link, ""
	}
	if dot := strings.LastIndexByte(host, '.'); dot <= 0 || dot == len(host)-1 {
		return "", "Wrong HTTP URL"
	}
	if u.Path == "" && u.RawQuery == "" && u.Fragment == "" {
		link = strings.TrimSuffix(link, "/") + "/"
	}
	return link, ""
}

// mentionedUser reads tg://user?id=N.
func mentionedUser(link string) (int64, bool) {
	lower := strings.ToLower(strings.TrimSpace(link))
	query, ok := strings.CutPrefix(lower, "tg://user?")
	if !ok {
		query, ok = strings.CutPrefix(lower, "tg:user?")
	}
	if !ok {
		return 0, false
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return 0, false
	}
	id, err := strconv.ParseInt(values.Get("id"), 10, 64)
	return id, err == nil && id > 0
}

// startPayload is the payload of a t.me/<bot>?start=… link. ok is false for a link that is
// not to this bot. A payload that is too long or has other letters than A-Z a-z 0-9 _ - is
// dropped, as Telegram's clients do.
func startPayload(link, bot string) (payload string, ok bool) {
	if !strings.Contains(link, "://") {
		link = "https://" + link
	}
	u, err := url.Parse(link)
	if err != nil {
		return "", false
	}
	query := u.Query()
	switch {
	case u.Scheme == "tg" && u.Host == "resolve":
		if !strings.EqualFold(query.Get("domain"), bot) {
			return "", false
		}
	case u.Host == "t.me" || u.Host == "telegram.me":
		if !strings.EqualFold(strings.Trim(u.Path, "/"), bot) {
			return "", false
		}
	default:
		return "", false
	}
	return cleanPayload(query.Get("start")), true
}

func cleanPayload(payload string) string {
	if len(payload) > 64 {
		return ""
	}
	for i := range len(payload) {
		if c := payload[i]; !isAlnum(c) && c != '_' && c != '-' {
			return ""
		}
	}
	return payload
}
