package rosterfile

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"briefbot/briefings"
	"briefbot/briefings/vietnamese"
)

const (
	// NameLimit is how many characters a name may have.
	NameLimit = 200
	// PositionLimit is how many characters a position may have.
	PositionLimit = 300
)

// codeForm is what a code may look like: it stands in audience terms, in links and in the 64 bytes of a button.
var codeForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$`)

// read takes the cells of one row apart and notes everything that is wrong with them.
func (p *plan) read(at int, row Row) {
	p.entries[at] = entry{row: row}
	e := &p.entries[at]
	name, code := row.Cell(FullName), row.Cell(Code)
	switch length := utf8.RuneCountInString(name); {
	case name == "":
		p.refuse(at, "roster.no_name")
	case length > NameLimit:
		p.refuse(at, "roster.name_too_long", "length", length, "most", NameLimit)
	}
	if length := utf8.RuneCountInString(row.Cell(Position)); length > PositionLimit {
		p.refuse(at, "roster.position_too_long", "length", length, "most", PositionLimit)
	}
	if code != "" && !codeForm.MatchString(code) {
		p.refuse(at, "roster.bad_code", "code", short(code))
	} else {
		e.code = p.knownCode(code)
	}
	if phone := row.Cell(Phone); phone != "" {
		var err error
		if e.phone, err = vietnamese.ParsePhone(phone); err != nil {
			if _, known := p.roster.MemberByPhone(phone); known {
				e.phone = phone // the roll itself has it so
			} else {
				p.refuse(at, "roster.bad_phone", "phone", short(phone))
			}
		}
	}
	if unit := row.Cell(Unit); unit == "" {
		p.refuse(at, "roster.no_unit")
	} else if id, r := p.units.find(unit, row.Number); r != nil {
		p.refuse(at, r.Key, pairs(r.Args)...)
	} else {
		e.unit = id
	}
	for _, name := range strings.Split(row.Cell(Groups), ";") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if utf8.RuneCountInString(name) > NameLimit {
			p.refuse(at, "roster.name_too_long", "length", utf8.RuneCountInString(name), "most", NameLimit)
			continue
		}
		if id := p.groups.find(name); !slices.Contains(e.groups, id) {
			e.groups = append(e.groups, id)
		}
	}
	p.readRoles(at, row.Cell(Role))
	var ok bool
	if e.lang, ok = languages[vietnamese.Fold(row.Cell(Language))]; !ok {
		p.refuse(at, "roster.bad_language", "language", short(row.Cell(Language)))
	}
	if e.address, ok = addresses[vietnamese.Fold(row.Cell(Address))]; !ok {
		p.refuse(at, "roster.bad_address", "address", short(row.Cell(Address)))
	}
}

// readRoles reads roles with their scopes; `member` is what everybody is and grants nothing.
func (p *plan) readRoles(at int, cell string) {
	e := &p.entries[at]
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return r == ';' || r == ',' }) {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, scope, scoped := strings.Cut(part, "@")
		role, ok := roles[headingKey(name)]
		if !ok {
			p.refuse(at, "roster.bad_role", "role", short(name))
			continue
		}
		if role == briefings.RoleMember {
			if scoped {
				p.refuse(at, "roster.role_without_scope", "role", short(name))
			}
			continue
		}
		g := briefings.Grant{Role: role}
		if scoped {
			unit, known := p.units.scope(strings.TrimSpace(scope))
			if !known {
				p.refuse(at, "roster.bad_scope", "role", short(name), "unit", short(scope))
				continue
			}
			g.Scope = unit
		}
		if !slices.Contains(e.grants, g) {
			e.grants = append(e.grants, g)
		}
	}
}

// roles by their names in both languages, as headingKey writes them.
var roles = map[string]briefings.Role{
	"member": briefings.RoleMember, "thanh vien": briefings.RoleMember, "dong chi": briefings.RoleMember,
	"propagandist": briefings.RolePropagandist, "tuyen truyen vien": briefings.RolePropagandist, "bao cao vien": briefings.RolePropagandist,
	"officer": briefings.RoleOfficer, "can bo diem cau": briefings.RoleOfficer, "venue officer": briefings.RoleOfficer,
	"organizer": briefings.RoleOrganizer, "organiser": briefings.RoleOrganizer, "can bo to chuc": briefings.RoleOrganizer,
	"approver": briefings.RoleApprover, "nguoi duyet": briefings.RoleApprover,
	"admin": briefings.RoleAdmin, "quan tri": briefings.RoleAdmin,
}

var languages = map[string]briefings.Lang{
	"": "", "vi": briefings.Vietnamese, "vn": briefings.Vietnamese, "tieng viet": briefings.Vietnamese, "vietnamese": briefings.Vietnamese,
	"en": briefings.English, "tieng anh": briefings.English, "english": briefings.English,
}

// addresses by what a file may write; the usual form is kept as nothing.
var addresses = map[string]string{
	"": "", "dong chi": "", "d/c": "", "ong": "ông", "ba": "bà", "anh": "anh", "chi": "chị", "ong/ba": "ông/bà", "anh/chi": "anh/chị",
}

// short cuts a text that goes into a message.
func short(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

func pairs(args briefings.Args) []any {
	out := make([]any, 0, 2*len(args))
	for name, value := range args {
		out = append(out, name, value)
	}
	return out
}
