package redisstore

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"os"
)

// secured is what the URL says of TLS beyond that it is wanted.
type secured struct {
	trusted *x509.CertPool
	own     []tls.Certificate
	server  string
}

// takeTLS takes the parameters of TLS out of the URL, because go-redis knows none of them, and reads the files they name.
func takeTLS(text string) (rest string, s secured, err error) {
	u, err := url.Parse(text)
	if err != nil {
		return text, s, nil // refused below, without a word of it
	}
	query := u.Query()
	ca, cert, key, server := query.Get("tls_ca"), query.Get("tls_cert"), query.Get("tls_key"), query.Get("tls_server_name")
	if ca == "" && cert == "" && key == "" && server == "" {
		return text, s, nil
	}
	for _, name := range []string{"tls_ca", "tls_cert", "tls_key", "tls_server_name"} {
		query.Del(name)
	}
	u.RawQuery = query.Encode()
	if u.Scheme != "rediss" {
		return "", s, errors.New("read redis URL: tls_ca, tls_cert, tls_key and tls_server_name need rediss://")
	}
	s.server = server
	if ca != "" {
		pem, err := os.ReadFile(ca)
		if err != nil {
			return "", s, fmt.Errorf("read redis tls_ca: %w", err)
		}
		s.trusted = x509.NewCertPool()
		if !s.trusted.AppendCertsFromPEM(pem) {
			return "", s, fmt.Errorf("read redis tls_ca: %s holds no certificate in PEM", ca)
		}
	}
	if (cert == "") != (key == "") {
		return "", s, errors.New("read redis URL: tls_cert and tls_key go together")
	}
	if cert != "" {
		pair, err := tls.LoadX509KeyPair(cert, key)
		if err != nil {
			return "", s, fmt.Errorf("read redis tls_cert and tls_key: %w", err)
		}
		s.own = []tls.Certificate{pair}
	}
	return u.String(), s, nil
}

// over puts what the URL said over what go-redis made of rediss://; without TLS it stays without.
func (s secured) over(base *tls.Config) *tls.Config {
	if base == nil {
		return nil
	}
	base.RootCAs, base.Certificates = s.trusted, s.own
	if s.server != "" {
		base.ServerName = s.server
	}
	return base
}
