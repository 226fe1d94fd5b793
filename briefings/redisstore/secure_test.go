package redisstore

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"briefbot/briefings"
	"briefbot/briefings/redistest"
)

// aclRule is the user that the README tells operators to make: everything the program does, on its own keys, and nothing else.
var aclRule = []any{"on", ">word", "resetkeys", "~briefbot:*", "resetchannels", "-@all", "+@read", "+@write", "+@scripting", "+@connection",
	"+@transaction", "-@dangerous", "+info", "+time", "+wait", "+config|get", "+cluster|slots", "+cluster|shards", "+cluster|nodes"}

// certificates writes an authority, and a certificate of it that serves both sides, and returns where.
func certificates(t *testing.T) (ca, cert, key string) {
	t.Helper()
	dir := t.TempDir()
	write := func(name, kind string, der []byte) string {
		path := filepath.Join(dir, name)
		must(t, os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
		return path
	}
	newKey := func() (*ecdsa.PrivateKey, []byte) {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		must(t, err)
		der, err := x509.MarshalECPrivateKey(k)
		must(t, err)
		return k, der
	}
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	rootKey, _ := newKey()
	rootDER, err := x509.CreateCertificate(rand.Reader, root, root, &rootKey.PublicKey, rootKey)
	must(t, err)
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "redis"}, NotBefore: root.NotBefore, NotAfter: root.NotAfter,
		DNSNames: []string{"redis.example.vn"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	leafKey, leafKeyDER := newKey()
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, root, &leafKey.PublicKey, rootKey)
	must(t, err)
	return write("ca.pem", "CERTIFICATE", rootDER), write("cert.pem", "CERTIFICATE", leafDER), write("key.pem", "EC PRIVATE KEY", leafKeyDER)
}

func TestStoreWorksOverTLSAsAUserWithFewRights(t *testing.T) {
	ca, cert, key := certificates(t)
	port := redistest.FreePort(t)
	server := redistest.Launch(t, redistest.Settings{Args: []string{"--bind", "127.0.0.1",
		"--tls-port", port, "--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", ca}})
	rule := append([]any{"acl", "setuser", "bot"}, aclRule...)
	must(t, server.Client(t).Do(t.Context(), rule...).Err())

	url := "rediss://bot:word@127.0.0.1:" + port + "/0?tls_ca=" + ca + "&tls_cert=" + cert + "&tls_key=" + key
	masters := &Masters{}
	client, err := Connect(Config{URL: url + "&tls_server_name=redis.example.vn&read_timeout=5s", Masters: masters})
	must(t, err)
	defer func() { _ = client.Close() }()
	clock := &clock{t: noon}
	b := bench{New(client, "briefbot", Options{Now: clock.now}), client, clock}
	ctx := t.Context()
	must(t, b.CheckSchema(ctx))
	must(t, masters.Look(ctx, client))
	if masters.Epoch() != 1 {
		t.Errorf("%d servers were met", masters.Epoch())
	}
	if list, err := CheckServer(ctx, client); err != nil || len(list) > 1 {
		t.Errorf("complaints = %v, %v", list, err)
	}
	fill(t, b.Store, 5)
	id := gather(t, b.Store, "M1")
	_, err = b.UpdateInvitation(ctx, id, "M1", func(m *briefings.Meeting, i *briefings.Invitation) error { return i.Accept(m, noon) })
	must(t, err)
	if err := client.Set(ctx, "somebody else's", 1, 0).Err(); err == nil {
		t.Error("the user may write other keys")
	}

	for name, wrong := range map[string]string{
		"no certificate of ours":  "rediss://bot:word@127.0.0.1:" + port + "/0?tls_ca=" + ca,
		"an authority not known":  "rediss://bot:word@127.0.0.1:" + port + "/0?tls_cert=" + cert + "&tls_key=" + key,
		"another server's name":   url + "&tls_server_name=else.example.vn",
		"no TLS at the TLS port":  "redis://bot:word@127.0.0.1:" + port + "/0",
		"a password that is none": strings.Replace(url, "word", "wrong", 1),
	} {
		refused, err := Connect(Config{URL: wrong})
		must(t, err)
		if err := refused.Ping(ctx).Err(); err == nil {
			t.Errorf("with %s there is a connection", name)
		}
		_ = refused.Close()
	}
}

func TestTLSThatCannotBeReadIsRefusedByName(t *testing.T) {
	ca, cert, key := certificates(t)
	for url, want := range map[string]string{
		"redis://:s3cret@h/0?tls_ca=" + ca:                        "rediss://",
		"rediss://:s3cret@h/0?tls_ca=" + key:                      "no certificate",
		"rediss://:s3cret@h/0?tls_ca=/nowhere/ca.pem":             "/nowhere/ca.pem",
		"rediss://:s3cret@h/0?tls_cert=" + cert:                   "go together",
		"rediss://:s3cret@h/0?tls_cert=" + key + "&tls_key=" + ca: "tls_cert",
	} {
		if _, err := Connect(Config{URL: url}); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", strings.ReplaceAll(url, "s3cret", "…"), err)
		}
	}
}
