package sandbox

// The objects of the Bot API as they travel. Only what the sandbox can produce is here.

type wireUser struct {
	ID           int64  `json:"id"`
	IsBot        bool   `json:"is_bot"`
	FirstName    string `json:"first_name"`
	LastName     string `json:"last_name,omitempty"`
	Username     string `json:"username,omitempty"`
	LanguageCode string `json:"language_code,omitempty"`
}

// wireBot is a bot as getMe shows it.
type wireBot struct {
	wireUser
	CanJoinGroups bool `json:"can_join_groups"`
	ReadsAll      bool `json:"can_read_all_group_messages"`
	Inline        bool `json:"supports_inline_queries"`
}

type wireChat struct {
	ID        int64  `json:"id"`
	Type      string `json:"type"`
	Title     string `json:"title,omitempty"`
	Username  string `json:"username,omitempty"`
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
}

// Entity is a formatted piece of a text. Offset and Length count UTF-16 code units.
type Entity struct {
	Type          string    `json:"type"`
	Offset        int       `json:"offset"`
	Length        int       `json:"length"`
	URL           string    `json:"url,omitempty"`
	User          *wireUser `json:"user,omitempty"`
	Language      string    `json:"language,omitempty"`
	CustomEmojiID string    `json:"custom_emoji_id,omitempty"`
}

type wirePhoto struct {
	FileID   string `json:"file_id"`
	UniqueID string `json:"file_unique_id"`
	Width    int    `json:"width"`
	Height   int    `json:"height"`
	Size     int    `json:"file_size,omitempty"`
}

type wireDocument struct {
	FileID   string `json:"file_id"`
	UniqueID string `json:"file_unique_id"`
	Name     string `json:"file_name,omitempty"`
	Mime     string `json:"mime_type,omitempty"`
	Size     int    `json:"file_size,omitempty"`
}

type wireSticker struct {
	FileID   string `json:"file_id"`
	UniqueID string `json:"file_unique_id"`
	Type     string `json:"type"`
	Width    int    `json:"width"`
	Height   int    `json:"height"`
	Animated bool   `json:"is_animated"`
	Video    bool   `json:"is_video"`
	Emoji    string `json:"emoji,omitempty"`
}

// Contact is a shared phone number. UserID is 0 for a card of somebody who is not on Telegram.
type Contact struct {
	Phone     string `json:"phone_number"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name,omitempty"`
	UserID    int64  `json:"user_id,omitempty"`
}

type wireLocation struct {
	Longitude float64 `json:"longitude"`
	Latitude  float64 `json:"latitude"`
}

type wireOrigin struct {
	Type       string    `json:"type"`
	Date       int64     `json:"date"`
	SenderUser *wireUser `json:"sender_user,omitempty"`
}

type wireMessage struct {
	MessageID       int           `json:"message_id"`
	From            *wireUser     `json:"from,omitempty"`
	Chat            wireChat      `json:"chat"`
	Date            int64         `json:"date"`
	EditDate        int64         `json:"edit_date,omitempty"`
	ForwardOrigin   *wireOrigin   `json:"forward_origin,omitempty"`
	ForwardFrom     *wireUser     `json:"forward_from,omitempty"`
	ForwardDate     int64         `json:"forward_date,omitempty"`
	ReplyTo         *wireMessage  `json:"reply_to_message,omitempty"`
	MediaGroupID    string        `json:"media_group_id,omitempty"`
	Protected       bool          `json:"has_protected_content,omitempty"`
	Text            string        `json:"text,omitempty"`
	Entities        []Entity      `json:"entities,omitempty"`
	Photo           []wirePhoto   `json:"photo,omitempty"`
	Document        *wireDocument `json:"document,omitempty"`
	Sticker         *wireSticker  `json:"sticker,omitempty"`
	Contact         *Contact      `json:"contact,omitempty"`
	Location        *wireLocation `json:"location,omitempty"`
	Caption         string        `json:"caption,omitempty"`
	CaptionEntities []Entity      `json:"caption_entities,omitempty"`
	ReplyMarkup     *inlineMarkup `json:"reply_markup,omitempty"`
}

type wireCallback struct {
	ID           string       `json:"id"`
	From         wireUser     `json:"from"`
	Message      *wireMessage `json:"message,omitempty"`
	ChatInstance string       `json:"chat_instance"`
	Data         string       `json:"data,omitempty"`
}

type wireMember struct {
	User   wireUser `json:"user"`
	Status string   `json:"status"`
	Until  *int64   `json:"until_date,omitempty"`
}

type wireMemberChange struct {
	Chat wireChat   `json:"chat"`
	From wireUser   `json:"from"`
	Date int64      `json:"date"`
	Old  wireMember `json:"old_chat_member"`
	New  wireMember `json:"new_chat_member"`
}

type wireUpdate struct {
	ID           int               `json:"update_id"`
	Message      *wireMessage      `json:"message,omitempty"`
	Callback     *wireCallback     `json:"callback_query,omitempty"`
	MyChatMember *wireMemberChange `json:"my_chat_member,omitempty"`
}

// Command is one line of the menu.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

type wireFile struct {
	FileID   string `json:"file_id"`
	UniqueID string `json:"file_unique_id"`
	Size     int    `json:"file_size"`
	Path     string `json:"file_path"`
}
