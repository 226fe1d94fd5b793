package sample

import (
	"time"

	"briefbot/briefings"
)

// file is sample.json as it is written.
type file struct {
	Units      []unit     `json:"units"`
	Members    []member   `json:"members"`
	Groups     []group    `json:"groups"`
	Topics     []topic    `json:"topics"`
	Briefings  []briefing `json:"briefings"`
	Meetings   []meeting  `json:"meetings"`
	Activities []activity `json:"activities"`
	Holidays   []holiday  `json:"holidays"`
	Fixtures   Fixtures   `json:"fixtures"`
	Expected   Expected   `json:"expected"`
}

func (f file) names() map[briefings.MemberID]string {
	names := map[briefings.MemberID]string{}
	for _, m := range f.Members {
		names[m.ID] = m.FullName
	}
	return names
}

type unit struct {
	ID         briefings.UnitID   `json:"id"`
	Parent     briefings.UnitID   `json:"parent_id"`
	Type       string             `json:"type"`
	NameVi     string             `json:"name_vi"`
	NameEn     string             `json:"name_en"`
	ShortVi    string             `json:"short_name_vi"`
	AdminCode  string             `json:"admin_code"`
	Order      int                `json:"sort_order"`
	From       string             `json:"valid_from"`
	To         string             `json:"valid_to"`
	Successors []briefings.UnitID `json:"successor_ids"`
}

type member struct {
	ID         briefings.MemberID `json:"id"`
	FullName   string             `json:"full_name"`
	Position   string             `json:"position_vi"`
	Unit       briefings.UnitID   `json:"unit_id"`
	Roles      []string           `json:"roles"`
	Address    string             `json:"address_form_vi"`
	Phone      string             `json:"phone_e164"`
	SortGiven  string             `json:"sort_given"`
	SortFamily string             `json:"sort_family"`
	User       briefings.UserID   `json:"telegram_user_id"`
	Channel    briefings.Channel  `json:"channel"`
	Lang       briefings.Lang     `json:"lang"`
	Status     string             `json:"status"`
}

type group struct {
	ID     briefings.GroupID `json:"id"`
	NameVi string            `json:"name_vi"`
	NameEn string            `json:"name_en"`
	Rule   struct {
		PositionPrefix string           `json:"position_prefix_vi"`
		Role           string           `json:"role"`
		Subtree        briefings.UnitID `json:"unit_subtree"`
	} `json:"rule"`
	Size int `json:"expected_active_members"`
}

type topic struct {
	ID        briefings.TopicID `json:"id"`
	Slug      string            `json:"slug"`
	NameVi    string            `json:"name_vi"`
	NameEn    string            `json:"name_en"`
	Mandatory bool              `json:"mandatory"`
}

type briefing struct {
	ID        briefings.BriefingID `json:"id"`
	Topic     briefings.TopicID    `json:"topic_id"`
	Status    string               `json:"status"`
	PublishAt time.Time            `json:"publish_at"`
	TitleVi   string               `json:"title_vi"`
	TitleEn   string               `json:"title_en"`
	SummaryVi string               `json:"summary_vi"`
	SummaryEn string               `json:"summary_en"`
	BodyVi    string               `json:"body_vi"`
	BodyEn    string               `json:"body_en"`
	SourceVi  string               `json:"source_vi"`
}

type meeting struct {
	ID       briefings.MeetingID `json:"id"`
	DocType  string              `json:"doc_type"`
	DocNo    string              `json:"doc_no"`
	Issuer   briefings.UnitID    `json:"issuer_unit_id"`
	TitleVi  string              `json:"title_vi"`
	TitleEn  string              `json:"title_en"`
	Kind     string              `json:"kind"`
	Period   briefings.Period    `json:"report_period"`
	Starts   time.Time           `json:"starts_at"`
	Ends     time.Time           `json:"ends_at"`
	Deadline time.Time           `json:"rsvp_deadline"`
	Chair    string              `json:"chair_vi"`
	Speakers []struct {
		Name  string `json:"name_vi"`
		Title string `json:"title_vi"`
	} `json:"speakers"`
	Agenda []string `json:"agenda_vi"`
	Rule   struct {
		Groups  []string `json:"groups"`
		Exclude []string `json:"exclude_members"`
	} `json:"audience_rule"`
	AudienceText string `json:"audience_text_vi"`
	Documents    []struct {
		Title string `json:"title_vi"`
	} `json:"documents"`
	Dress    string `json:"dress_vi"`
	Notes    string `json:"notes_vi"`
	Contact  string `json:"contact_vi"`
	Deputies bool   `json:"proxy_allowed"`
	CheckIn  struct {
		OpensBefore int `json:"opens_minutes_before"`
	} `json:"checkin"`
	Venues    []venue    `json:"venues"`
	Responses []response `json:"responses"`
}

type venue struct {
	ID       briefings.VenueID  `json:"id"`
	Name     string             `json:"name_vi"`
	Unit     briefings.UnitID   `json:"unit_id"`
	Main     bool               `json:"is_main"`
	Capacity int                `json:"capacity"`
	Chair    string             `json:"chair_vi"`
	Officer  briefings.MemberID `json:"officer_member_id"`
	Close    *struct {
		Headcount int                `json:"headcount_in_room"`
		Guests    int                `json:"guests"`
		By        briefings.MemberID `json:"closed_by"`
		Remark    string             `json:"remark_vi"`
	} `json:"close"`
}

type response struct {
	Member      briefings.MemberID `json:"member_id"`
	Venue       briefings.VenueID  `json:"venue_id"`
	Answer      string             `json:"rsvp"`
	Reason      briefings.Reason   `json:"reason_code"`
	Deputy      briefings.MemberID `json:"proxy_member_id"`
	DeputyState string             `json:"proxy_state"`
	Attendance  string             `json:"attendance"`
	Method      string             `json:"checkin_method"`
}

type activity struct {
	ID          briefings.ActivityID `json:"id"`
	Date        string               `json:"date"`
	Unit        briefings.UnitID     `json:"unit_id"`
	Family      briefings.Family     `json:"family"`
	Form        briefings.Form       `json:"form"`
	Topic       briefings.TopicID    `json:"topic_id"`
	Sessions    int                  `json:"sessions"`
	Attendances int                  `json:"attendances"`
	By          briefings.MemberID   `json:"reported_by"`
}

type holiday struct {
	Date   string `json:"date"`
	NameVi string `json:"name_vi"`
	NameEn string `json:"name_en"`
}

// Fixtures are pairs of what people type and what it must mean.
type Fixtures struct {
	Search []struct {
		Typed string               `json:"typed"`
		Must  []briefings.MemberID `json:"must_find"`
		May   []briefings.MemberID `json:"may_also_find"`
	} `json:"search_equivalents"`
	Phones []struct {
		Typed string `json:"typed"`
		E164  string `json:"e164"`
	} `json:"phone_equivalents"`
	Refused []struct {
		Classification string `json:"classification"`
		Expect         string `json:"expect"`
	} `json:"refused_documents"`
}

// Tally is a count of seats as the sample states it.
type Tally struct {
	Invited     int `json:"invited"`
	Present     int `json:"present"`
	Represented int `json:"represented"`
	Excused     int `json:"excused"`
	Unexcused   int `json:"unexcused"`
}

// Answers is a count of answers as the sample states it.
type Answers struct {
	Attending int `json:"attending"`
	Absent    int `json:"absent"`
	Proxy     int `json:"proxy"`
	NoReply   int `json:"no_reply"`
}

// Figures are what a meeting of the sample must come to.
type Figures struct {
	Invited    int                         `json:"invited"`
	Answers    Answers                     `json:"rsvp"`
	Attendance Tally                       `json:"attendance"`
	Attended   int                         `json:"present_or_represented"`
	Rate       string                      `json:"rate_text_vi"`
	ByVenue    map[briefings.VenueID]Tally `json:"by_venue"`
	Guests     int                         `json:"guests"`
	Headcount  int                         `json:"headcount_all_venues"`
}

// Expected are the figures that must come out of the sample.
type Expected struct {
	MT1        Figures                             `json:"MT1"`
	MT2        Figures                             `json:"MT2"`
	MT3        Figures                             `json:"MT3"`
	Activities map[string]map[string]briefings.Sum `json:"activities"`
	Target     struct {
		PerPerson int                        `json:"target_per_person"`
		People    int                        `json:"people"`
		Done      map[briefings.MemberID]int `json:"done"`
		Reached   []briefings.MemberID       `json:"reached"`
	} `json:"target_tuyen_truyen_vien_2026"`
	ByName  []string `json:"name_sort_first_10_by_given_name"`
	Members struct {
		Total     int            `json:"total"`
		ByStatus  map[string]int `json:"by_status"`
		Reachable int            `json:"reachable_on_telegram"`
	} `json:"members"`
	Homonyms [][]briefings.MemberID `json:"homonyms"`
}
