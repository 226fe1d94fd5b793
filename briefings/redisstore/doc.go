// Package redisstore keeps the domain in Redis: the roll, briefings, meetings with their seats, activities and holidays.
//
// Values are JSON of the domain's types. Every key begins with the store's prefix, then a hash tag in braces: the keys of one tag
// lie in one slot of a Redis Cluster, and every script touches one tag only. {r} is the roll, {p} the publications, {i} the index
// of meetings, {m:<id>} one meeting, {a} the activities.
//
//	key                     type    fields → value                         written by
//	{r}:members             hash    number → Member                        UpdateMember, ApplyRoster
//	{r}:ids                 hash    member → number                        ApplyRoster
//	{r}:users               hash    account → number                       UpdateMember, ApplyRoster
//	{r}:phones              hash    +84… → number                          UpdateMember, ApplyRoster
//	{r}:units               hash    unit → Unit                            ApplyRoster
//	{r}:groups              hash    group → Group                          ApplyRoster
//	{r}:topics              hash    topic → Topic                          ApplyRoster
//	{r}:last                string  the last number given                  ApplyRoster
//	{r}:version             string  moves with every write to the above    UpdateMember, ApplyRoster
//	{r}:touched             zset    number → version of its last write     UpdateMember, ApplyRoster
//	{r}:parts               string  version of the last write to units,    ApplyRoster
//	                                groups and topics
//	{r}:links               hash    SHA-256 of the token → expiry, claim   NewLink, ClaimLink
//	{r}:linked              hash    member → SHA-256 of the one link       NewLink, ClaimLink
//	{p}:rows                hash    briefing → Briefing                    AddBriefing, UpdateBriefing
//	{p}:active              set     briefings that come by their cadence   AddBriefing, UpdateBriefing
//	{p}:last                string  the last number given                  AddBriefing
//	{i}:meetings            set     all meetings                           AddMeeting
//	{i}:open                set     meetings in the planner's sight        AddMeeting, UpdateMeeting, OpenMeetings (takes out)
//	{i}:last                string  the last number given                  AddMeeting
//	{m:<id>}:row            hash    json → Meeting, rev, ended (Unix ms)   AddMeeting, UpdateMeeting, Invite
//	{m:<id>}:seats          hash    member → Invitation                    Invite, UpdateInvitation
//	{m:<id>}:deputies       hash    deputy → member whose seat it is       UpdateInvitation
//	{m:<id>}:changes        string  moves with every write to the above    AddMeeting, UpdateMeeting, Invite, UpdateInvitation
//	{m:<id>}:opinion        hash    question/mark → how often              Opine
//	{m:<id>}:voters         set     member/question: asked once            Opine; expires
//	{m:<id>}:wrong:<user>   zset    moments of wrong codes (Unix ms)       Attempts, ResetAttempts; expires
//	{a}:rows                hash    activity → Activity                    AddActivity
//	{a}:days                zset    activity → moment (Unix s)             AddActivity
//	{a}:last                string  the last number given                  AddActivity
//	{h}:holidays            string  the list of Holiday                    UpdateHolidays
//	{h}:hours               string  the Hours, once somebody set them      UpdateHours
//	{s}:schema              string  the layout's number                    CheckSchema
//
// # Changes
//
// Every change has one shape: read, let the rule work on a copy, write by a script that refuses when the value moved meanwhile,
// and begin again. After twenty tries it is ErrConflict. A rule may therefore run several times and must not do anything but
// change its argument. A rule that returns ErrUnchanged writes nothing, and the caller gets the value as it is with a nil error;
// any other error, a Refusal among them, passes through.
//
// A nil error means that Redis acknowledged the write. Any error of the connection means that nobody knows: the change may stand.
// The rules of the domain are made so that the same change once more finds nothing to do.
//
// # Steps
//
// Only a meeting and the index of meetings are written in two steps, and seats and the mark that all are there. Their order, and
// what heals a crash in between, stands with AddMeeting and Invite.
package redisstore
