package sandbox

import "strings"

// method is one method of the Bot API: its name, what it may be given, what it does.
type method struct {
	name   string
	params map[string]bool
	run    func(*Server, *call) (any, *refusal)
}

// Parameters that several methods share. The last three are names of former times that
// Telegram still takes.
const (
	paramsOfSending = "business_connection_id chat_id message_thread_id direct_messages_topic_id " +
		"disable_notification protect_content allow_paid_broadcast message_effect_id " +
		"suggested_post_parameters reply_parameters reply_to_message_id allow_sending_without_reply"
	paramsOfText    = "text parse_mode entities link_preview_options disable_web_page_preview"
	paramsOfCaption = "caption parse_mode caption_entities show_caption_above_media"
	paramsOfEditing = "business_connection_id chat_id message_id inline_message_id reply_markup"
	paramsOfProfile = "language_code"
)

// newMethods lists every method that the sandbox knows, by lower-case name.
func newMethods() map[string]*method {
	table := map[string]*method{}
	add := func(name string, run func(*Server, *call) (any, *refusal), params ...string) {
		table[strings.ToLower(name)] = &method{name: name, params: fields(params...), run: run}
	}
	add("getMe", (*Server).getMe)
	add("getUpdates", nil, "offset limit timeout allowed_updates") // run by Server.getUpdates: it is held
	add("setWebhook", (*Server).setWebhook, "url certificate ip_address max_connections allowed_updates drop_pending_updates secret_token")
	add("deleteWebhook", (*Server).deleteWebhook, "drop_pending_updates")
	add("getWebhookInfo", (*Server).getWebhookInfo)
	add("getChat", (*Server).getChat, "chat_id")

	add("sendMessage", (*Server).sendMessage, paramsOfSending, paramsOfText, "reply_markup")
	add("sendPhoto", (*Server).sendPhoto, paramsOfSending, paramsOfCaption, "photo has_spoiler reply_markup")
	add("sendDocument", (*Server).sendDocument, paramsOfSending, paramsOfCaption,
		"document thumbnail thumb disable_content_type_detection reply_markup")
	add("sendMediaGroup", (*Server).sendMediaGroup, paramsOfSending, "media")
	add("sendChatAction", (*Server).sendChatAction, "business_connection_id chat_id message_thread_id action")
	add("copyMessage", (*Server).copyMessage, paramsOfSending, paramsOfCaption, "from_chat_id message_id video_start_timestamp reply_markup")
	add("forwardMessage", (*Server).forwardMessage, "chat_id message_thread_id direct_messages_topic_id from_chat_id "+
		"video_start_timestamp disable_notification protect_content message_effect_id suggested_post_parameters message_id")

	add("editMessageText", (*Server).editMessageText, paramsOfEditing, paramsOfText)
	add("editMessageCaption", (*Server).editMessageCaption, paramsOfEditing, paramsOfCaption)
	add("editMessageMedia", (*Server).editMessageMedia, paramsOfEditing, "media")
	add("editMessageReplyMarkup", (*Server).editMessageReplyMarkup, paramsOfEditing)
	add("deleteMessage", (*Server).deleteMessage, "chat_id message_id")
	add("deleteMessages", (*Server).deleteMessages, "chat_id message_ids")
	add("answerCallbackQuery", (*Server).answerCallbackQuery, "callback_query_id text show_alert url cache_time")

	add("setMyCommands", (*Server).setMyCommands, "commands scope language_code")
	add("getMyCommands", (*Server).getMyCommands, "scope language_code")
	add("deleteMyCommands", (*Server).deleteMyCommands, "scope language_code")
	add("setMyName", (*Server).setMyName, "name", paramsOfProfile)
	add("getMyName", (*Server).getMyName, paramsOfProfile)
	add("setMyDescription", (*Server).setMyDescription, "description", paramsOfProfile)
	add("getMyDescription", (*Server).getMyDescription, paramsOfProfile)
	add("setMyShortDescription", (*Server).setMyShortDescription, "short_description", paramsOfProfile)
	add("getMyShortDescription", (*Server).getMyShortDescription, paramsOfProfile)
	add("getFile", (*Server).getFile, "file_id")
	return table
}
