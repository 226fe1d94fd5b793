// Package sample is the organisation that the demo and the tests work with: an invented province with its units, members, topics,
// briefings, three meetings and a year of activities, and the figures that must come out of it. Every name and number is invented;
// the middle name "Mẫu" means sample, and the telephone numbers cannot be dialled.
package sample

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html"
	"strings"
	"time"

	"briefbot/briefings"
)

//go:embed sample.json
var raw []byte

// Sample is the organisation in the domain's words.
type Sample struct {
	Roster     briefings.RosterChange
	Briefings  []briefings.Briefing
	Meetings   []Meeting
	Activities []briefings.Activity
	Holidays   []briefings.Holiday
	Expected   Expected
	Fixtures   Fixtures
}

// Meeting is a meeting with its seats.
type Meeting struct {
	briefings.Meeting
	Seats []briefings.Invitation
}

// Load reads the sample. Times are in the zone.
func Load(zone *time.Location) (*Sample, error) {
	var f file
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil, fmt.Errorf("read sample: %w", err)
	}
	s := &Sample{Expected: f.Expected, Fixtures: f.Fixtures}
	for _, u := range f.Units {
		s.Roster.Units = append(s.Roster.Units, u.unit(zone))
	}
	numbers := map[briefings.MemberID]briefings.MemberNo{}
	units := map[briefings.MemberID]briefings.UnitID{}
	for i, m := range f.Members {
		member := m.member(briefings.MemberNo(i + 1))
		numbers[member.ID], units[member.ID] = member.No, member.Unit
		s.Roster.Members = append(s.Roster.Members, member)
	}
	for _, g := range f.Groups {
		s.Roster.Groups = append(s.Roster.Groups, g.group())
	}
	for _, t := range f.Topics {
		s.Roster.Topics = append(s.Roster.Topics, briefings.Topic{ID: t.ID, Slug: t.Slug, Name: briefings.Text{Vi: t.NameVi, En: t.NameEn}, Mandatory: t.Mandatory})
	}
	for _, b := range f.Briefings {
		s.Briefings = append(s.Briefings, b.briefing(zone))
	}
	for _, m := range f.Meetings {
		meeting := Meeting{Meeting: m.meeting(zone)}
		for _, r := range m.Responses {
			meeting.Seats = append(meeting.Seats, r.seat(&meeting.Meeting, numbers, units, f.names()))
		}
		s.Meetings = append(s.Meetings, meeting)
	}
	for _, a := range f.Activities {
		day, err := time.ParseInLocation(time.DateOnly, a.Date, zone)
		if err != nil {
			return nil, fmt.Errorf("read sample activity %s: %w", a.ID, err)
		}
		s.Activities = append(s.Activities, briefings.Activity{
			ID: a.ID, Date: day, Unit: a.Unit, Family: a.Family, Form: a.Form, Topic: a.Topic, Sessions: a.Sessions, Attendances: a.Attendances, By: a.By,
		})
	}
	for _, h := range f.Holidays {
		s.Holidays = append(s.Holidays, briefings.Holiday{Day: h.Date, Name: briefings.Text{Vi: h.NameVi, En: h.NameEn}})
	}
	return s, nil
}

// Meeting returns a meeting of the sample by id.
func (s *Sample) Meeting(id briefings.MeetingID) *Meeting {
	for i := range s.Meetings {
		if s.Meetings[i].ID == id {
			return &s.Meetings[i]
		}
	}
	return nil
}

// Member returns a member of the sample by id.
func (s *Sample) Member(id briefings.MemberID) *briefings.Member {
	for i := range s.Roster.Members {
		if s.Roster.Members[i].ID == id {
			return &s.Roster.Members[i]
		}
	}
	return nil
}

// Units of the file.

func (u unit) unit(zone *time.Location) briefings.Unit {
	return briefings.Unit{
		ID: u.ID, AdminCode: u.AdminCode, Successors: u.Successors,
		Versions: []briefings.UnitVersion{{
			Span: briefings.Span{From: day(u.From, zone), To: day(u.To, zone)}, Type: u.Type, Parent: u.Parent,
			Name: briefings.Text{Vi: u.NameVi, En: u.NameEn}, Short: briefings.Text{Vi: u.ShortVi}, Order: u.Order,
		}},
	}
}

func day(s string, zone *time.Location) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, s, zone)
	if err != nil {
		return time.Time{}
	}
	return t
}

// roles maps the roles of the file. What is no role of ours stays a mark that group rules look for.
var roles = map[string]briefings.Grant{
	"super_admin":       {Role: briefings.RoleAdmin},
	"approver":          {Role: briefings.RoleApprover},
	"venue_officer":     {Role: briefings.RoleOfficer},
	"bao_cao_vien":      {Role: briefings.RolePropagandist},
	"tuyen_truyen_vien": {Role: briefings.RolePropagandist},
	"unit_admin":        {Role: briefings.RoleOrganizer},
}

// scopes widen an officer's unit: the staff of the provincial commission organise for the whole province.
var scopes = map[briefings.UnitID]briefings.UnitID{"T02": "T01", "X01B": "X01"}

func (m member) member(no briefings.MemberNo) briefings.Member {
	out := briefings.Member{
		ID: m.ID, No: no, Name: m.FullName, SortGiven: m.SortGiven, SortFamily: m.SortFamily, Position: m.Position, Unit: m.Unit,
		Phone: m.Phone, Lang: m.Lang, Address: m.Address, Channel: m.Channel, User: m.User,
		Status: map[string]briefings.Status{
			"active": briefings.Active, "invited": briefings.Invited, "pending_approval": briefings.Pending,
			"left_unit": briefings.Left, "consent_withdrawn": briefings.Withdrawn,
		}[m.Status],
	}
	for _, r := range m.Roles {
		g, ok := roles[r]
		if !ok {
			if r != "member" {
				out.Tags = append(out.Tags, r)
			}
			continue
		}
		if r == "bao_cao_vien" || r == "tuyen_truyen_vien" {
			out.Tags = append(out.Tags, r)
		}
		if g.Role == briefings.RoleOrganizer || g.Role == briefings.RoleApprover {
			g.Scope = m.Unit
			if wider, ok := scopes[m.Unit]; ok {
				g.Scope = wider
			}
		}
		out.Roles = append(out.Roles, g)
	}
	return out
}

func (g group) group() briefings.Group {
	return briefings.Group{ID: g.ID, Name: briefings.Text{Vi: g.NameVi, En: g.NameEn}, Rule: briefings.GroupRule{
		PositionPrefix: g.Rule.PositionPrefix, Tag: g.Rule.Role, Under: g.Rule.Subtree,
	}}
}

func (b briefing) briefing(zone *time.Location) briefings.Briefing {
	at := b.PublishAt.In(zone)
	out := briefings.Briefing{
		ID: b.ID, Title: briefings.Text{Vi: b.TitleVi, En: b.TitleEn}, Topic: b.Topic, Label: briefings.Public,
		Body: briefings.Text{Vi: body(b.SummaryVi, b.BodyVi), En: body(b.SummaryEn, b.BodyEn)}, Source: b.SourceVi,
		Author: "M005", Created: at.AddDate(0, 0, -1), Status: briefings.BriefingActive,
		Cadence: briefings.Cadence{Every: briefings.Once, At: at}, Planned: at.AddDate(0, 0, -1),
	}
	if b.Status == "sent" {
		out.Status, out.Planned = briefings.BriefingFinished, at
		out.Editions = []briefings.Edition{{Occasion: briefings.OccasionAt(at), Due: at, State: briefings.EditionPut}}
	}
	return out
}

// body puts the summary in italics above the text.
func body(summary, text string) string {
	if text == "" {
		return ""
	}
	return "<i>" + html.EscapeString(summary) + "</i>\n\n" + html.EscapeString(text)
}

func (m meeting) meeting(zone *time.Location) briefings.Meeting {
	out := briefings.Meeting{
		ID: m.ID, DocType: m.DocType, DocNo: m.DocNo, Title: briefings.Text{Vi: m.TitleVi, En: m.TitleEn}, Kind: m.Kind, Issuer: m.Issuer,
		Starts: m.Starts.In(zone), Ends: m.Ends.In(zone), Deadline: m.Deadline.In(zone), Invited: m.AudienceText, Chair: m.Chair,
		Agenda: m.Agenda, Deputies: m.Deputies, Dress: m.Dress, Note: m.Notes, Contact: m.Contact, Periods: []briefings.Period{m.Period},
		Label: briefings.Public, Author: "M005", Status: briefings.MeetingOpen, Revision: 1,
		Opens: time.Duration(m.CheckIn.OpensBefore) * time.Minute,
	}
	out.Created = out.Deadline.AddDate(0, 0, -7)
	out.Announce, out.Invites = out.Created, out.Created
	for _, s := range m.Speakers {
		out.Speakers = append(out.Speakers, strings.TrimSuffix(s.Name+", "+s.Title, ", "))
	}
	for _, d := range m.Documents {
		out.Papers = append(out.Papers, d.Title)
	}
	for _, g := range m.Rule.Groups {
		out.Audience = append(out.Audience, briefings.Term{Kind: briefings.TermGroup, Name: g})
	}
	for _, id := range m.Rule.Exclude {
		out.Audience = append(out.Audience, briefings.Term{Kind: briefings.TermMember, Name: id, Exclude: true})
	}
	for _, v := range m.Venues {
		venue := briefings.Venue{
			ID: v.ID, Name: briefings.Text{Vi: v.Name}, Main: v.Main, Capacity: v.Capacity, Units: []briefings.UnitID{v.Unit},
			Officers: []briefings.MemberID{v.Officer}, Chair: v.Chair,
		}
		if v.Close != nil {
			opened := out.Starts.Add(-30 * time.Minute)
			venue.Door = &briefings.Door{PIN: "000000", Opened: opened, By: v.Officer}
			venue.Closing = &briefings.Closing{Headcount: v.Close.Headcount, Guests: v.Close.Guests, Remark: v.Close.Remark, By: v.Close.By, At: out.Ends}
			out.Status, out.ClosedAt = briefings.MeetingClosed, out.Ends
		}
		out.Venues = append(out.Venues, venue)
	}
	return out
}

func (r response) seat(m *briefings.Meeting, numbers map[briefings.MemberID]briefings.MemberNo, units map[briefings.MemberID]briefings.UnitID, names map[briefings.MemberID]string) briefings.Invitation {
	seat := briefings.Invitation{Meeting: m.ID, Member: r.Member, No: numbers[r.Member], Unit: units[r.Member], Venue: r.Venue}
	at := m.Created.Add(time.Duration(seat.No) * 20 * time.Minute)
	switch r.Answer {
	case "attending":
		seat.Answer = briefings.Answer{Choice: briefings.Accepted, At: at}
	case "absent":
		seat.Answer = briefings.Answer{Choice: briefings.Declined, Reason: r.Reason, At: at}
	case "proxy":
		seat.Answer = briefings.Answer{Choice: briefings.Delegated, At: at, Deputy: &briefings.Deputy{
			Member: r.Deputy, Name: names[r.Deputy], State: briefings.DeputyState(r.DeputyState), Asked: 1,
		}}
	}
	method := map[string]briefings.Method{"code": briefings.ByCode, "manual": briefings.ByOfficer}[r.Method]
	if r.Attendance == "present" || r.Attendance == "represented" {
		seat.CheckIn = &briefings.CheckIn{At: m.Starts.Add(-20 * time.Minute), Venue: r.Venue, Method: method, Deputy: r.Attendance == "represented"}
	}
	return seat
}
