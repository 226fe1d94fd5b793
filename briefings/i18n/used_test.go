package i18n

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "drop keys that are used by now from reserved_test.go")

// TestEveryKeyIsUsedOrReserved keeps the catalogue free of sentences that
// nobody says, and the list of reserved keys free of those that somebody does.
func TestEveryKeyIsUsedOrReserved(t *testing.T) {
	said := repository(t)
	waiting := reservedKeys(t)
	c := catalogue(t)
	if *update {
		release(t, func(key string) bool { return c.Has(key) && !said.literals[key] })
		return
	}
	for _, key := range c.Keys() {
		_, reserved := waiting[key]
		switch {
		case said.literals[key] && reserved:
			t.Errorf("%s is used: delete its line from reserved_test.go, or run this test with -update", key)
		case !said.literals[key] && !said.completes(key) && !reserved:
			t.Errorf("%s is used nowhere: delete it, or reserve it in reserved_test.go", key)
		}
	}
	for key := range waiting {
		if !c.Has(key) {
			t.Errorf("%s is reserved but not in the catalogue", key)
		}
	}
}

// release rewrites the list of reserved keys with only those that wait still,
// and drops subjects that nothing waits for.
func release(t *testing.T, waits func(key string) bool) {
	t.Helper()
	const name = "reserved_test.go"
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(b), "`")
	var list strings.Builder
	heading := ""
	for row := range strings.Lines(reserved) {
		switch key := strings.TrimSpace(row); {
		case strings.HasPrefix(key, "#"):
			heading = "\n" + row
		case key != "" && waits(key):
			list.WriteString(heading + row)
			heading = ""
		}
	}
	if err := os.WriteFile(name, []byte(head+"`"+list.String()+"`\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestEveryCallNamesASentenceAndItsValues reads the calls that state their key
// first and then pairs of name and value (see speaks), and finds at test time what would be a sentence
// in brackets later.
func TestEveryCallNamesASentenceAndItsValues(t *testing.T) {
	c := catalogue(t)
	for _, call := range repository(t).calls {
		if !c.Has(call.key) {
			t.Errorf("%s: %s is not in the catalogue", call.place, call.key)
			continue
		}
		if call.open {
			continue
		}
		for _, name := range c.Values(Vi, call.key) {
			if !slices.Contains([]string{"addr", "Addr", "org", "contact"}, name) && !slices.Contains(call.names, name) {
				t.Errorf("%s: %s is not given its value %s", call.place, call.key, name)
			}
		}
	}
}

func reservedKeys(t *testing.T) map[string]string {
	t.Helper()
	keys, subject := map[string]string{}, ""
	for row := range strings.Lines(reserved) {
		row = strings.TrimSpace(row)
		if after, ok := strings.CutPrefix(row, "#"); ok {
			subject = strings.TrimSpace(after)
			continue
		}
		if row == "" {
			continue
		}
		if subject == "" {
			t.Errorf("%s is reserved for no subject", row)
		}
		if _, twice := keys[row]; twice {
			t.Errorf("%s is reserved twice", row)
		}
		keys[row] = subject
	}
	return keys
}

// sources is what the program's Go files say: every string literal, every
// beginning of a key that the code completes itself ("btn.reason_" + reason),
// and every call that names a sentence.
type sources struct {
	literals map[string]bool
	prefixes []string
	calls    []call
}

type call struct {
	place, key string
	names      []string
	open       bool // the values are not all stated in the call
}

var keyShape = regexp.MustCompile(`^[a-z]+(\.[a-z0-9_-]+)+$`)

// repository reads all Go files of the module but tests and this package.
func repository(t *testing.T) sources {
	t.Helper()
	root := moduleRoot(t)
	found := sources{literals: map[string]bool{}}
	files := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if path != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "i18n") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool { found.read(files, root, n); return true })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func (s *sources) read(files *token.FileSet, root string, n ast.Node) {
	place := func(n ast.Node) string {
		at := files.Position(n.Pos())
		if short, err := filepath.Rel(root, at.Filename); err == nil {
			at.Filename = short
		}
		return at.Filename + ":" + strconv.Itoa(at.Line)
	}
	switch n := n.(type) {
	case *ast.BasicLit:
		if text, ok := literal(n); ok {
			s.literals[text] = true
		}
	case *ast.BinaryExpr:
		if text, ok := literal(n.X); ok && n.Op == token.ADD && strings.Contains(text, ".") && keyShape.MatchString(text+"x") {
			s.prefixes = append(s.prefixes, text)
		}
	case *ast.CallExpr:
		if len(n.Args) == 0 || !speaks(n.Fun) {
			return
		}
		key, ok := literal(n.Args[0])
		if !ok || !keyShape.MatchString(key) {
			return
		}
		c := call{place: place(n), key: key, open: n.Ellipsis.IsValid() || called(n.Fun) == "Lines"}
		for i := 1; i < len(n.Args); i += 2 {
			name, ok := literal(n.Args[i])
			if !ok {
				c.open = true
			}
			c.names = append(c.names, name)
		}
		s.calls = append(s.calls, c)
	}
}

// completes reports whether some beginning in the code may become the key.
func (s sources) completes(key string) bool {
	return slices.ContainsFunc(s.prefixes, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
}

func speaks(f ast.Expr) bool {
	return slices.Contains([]string{"T", "HTML", "Lines", "Plain", "Refuse", "toast", "toastOnly", "tell", "line"}, called(f))
}

func called(f ast.Expr) string {
	switch f := f.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(l.Value)
	return text, err == nil
}

func moduleRoot(t *testing.T) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		up := filepath.Dir(folder)
		if up == folder {
			t.Skip("the module's sources are not here")
		}
		folder = up
	}
}

func TestEveryCompletedKeyHasASentence(t *testing.T) {
	c := catalogue(t)
	for _, prefix := range repository(t).prefixes {
		if speaking := c.subject(prefix); speaking && !slices.ContainsFunc(c.Keys(), func(key string) bool { return strings.HasPrefix(key, prefix) }) {
			t.Errorf("no key begins with %s", prefix)
		}
	}
}

// subject reports whether the catalogue has sentences on the subject of a key;
// a file name may look like a key too.
func (c *Catalogue) subject(key string) bool {
	subject, _, _ := strings.Cut(key, ".")
	return slices.ContainsFunc(c.Keys(), func(key string) bool { return strings.HasPrefix(key, subject+".") })
}
