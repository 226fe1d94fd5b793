// Every sentence the page itself says, in both languages. What the bot says is never translated here.

const words = {
  vi: {
    skip: "Tới các điện thoại", reconnecting: "Đang kết nối lại…", clock: "Đồng hồ của hệ thống", steps: "Kịch bản",
    stepsLead: "Mỗi điện thoại là một đồng chí. Các gợi ý dưới đây có thể làm theo thứ tự, hoặc chọn việc tùy ý.",
    stepsNote: "Tên người, đơn vị và số điện thoại trong bản trình diễn đều là dữ liệu mẫu.",
    goTo: "Tới điện thoại này", pageLanguage: "Ngôn ngữ của trang", people: "Người đang xem",
    themeLight: "Chuyển sang giao diện sáng", themeDark: "Chuyển sang giao diện tối",
    bot: "bot", typing: "đang soạn", changePerson: "Đổi người", chatOf: "Điện thoại của {name}", messages: "Tin nhắn",
    larger: "Chữ lớn", more: "Tùy chọn khác", block: "Chặn bot", unblock: "Bỏ chặn bot", telegramLanguage: "Ngôn ngữ Telegram",
    blocked: "Bot đang bị chặn trên điện thoại này.", start: "BẮT ĐẦU", empty: "Chưa có tin nhắn. Chạm “Bắt đầu” để mở cuộc trò chuyện với bot.",
    write: "Tin nhắn", send: "Gửi", attach: "Đính kèm tệp", menu: "Danh mục lệnh", keyboard: "Bàn phím trả lời", noCommands: "Bot chưa đặt danh mục lệnh.",
    edited: "đã sửa", sending: "đang gửi", delivered: "đã tới bot", notSent: "chưa gửi được", reply: "Trả lời", cancelReply: "Bỏ trả lời", removeFile: "Bỏ tệp",
    asFile: "Gửi dưới dạng tệp", download: "Tải về", openPhoto: "Xem ảnh lớn", photo: "Ảnh", document: "Tài liệu", contact: "Số điện thoại", save: "Lưu ảnh", close: "Đóng", understood: "Đã rõ", cancel: "Thôi",
    share: "Chia sẻ", shareTitle: "Chia sẻ số điện thoại?", shareBody: "Bot sẽ nhận được tên và số {phone} của {name}.",
    newest: "Tới tin mới nhất", unread: "{n} tin chưa đọc", today: "Hôm nay",
    pick: "Chọn người cho điện thoại này", find: "Tên hoặc số điện thoại, có thể gõ không dấu", none: "Không tìm thấy ai.",
    andMore: "Còn {n} người nữa. Gõ thêm để lọc.", shown: "{n} người", here: "đang ở điện thoại này", elsewhere: "ở điện thoại khác", isBlocked: "đã chặn bot", noChat: "chưa trò chuyện",
    addPerson: "Thêm người mới", firstName: "Tên hiển thị", phone: "Số điện thoại", add: "Thêm", language: "Ngôn ngữ", vietnamese: "Tiếng Việt", english: "English",
    scan: "Quét bằng điện thoại của…", scanBody: "Như khi đưa điện thoại lên quét mã đang chiếu tại hội trường.", failed: "Chưa thực hiện được: {reason}", offline: "Không kết nối được với máy chủ.",
    outside: "Liên kết ngoài", dropHere: "Thả tệp vào đây", spoiler: "Chạm để xem", loading: "Đang tải…", older: "Tin cũ hơn", forwarded: "Chuyển tiếp từ {name}",
  },
  en: {
    skip: "Skip to the phones", reconnecting: "Reconnecting…", clock: "The service’s clock", steps: "Try this",
    stepsLead: "Each phone belongs to one person. Follow the suggestions below in order, or do as you like.",
    stepsNote: "All people, units and phone numbers in this demonstration are sample data.",
    goTo: "Go to this phone", pageLanguage: "Language of this page", people: "People shown",
    themeLight: "Switch to the light theme", themeDark: "Switch to the dark theme",
    bot: "bot", typing: "typing", changePerson: "Change person", chatOf: "Phone of {name}", messages: "Messages",
    larger: "Larger type", more: "More options", block: "Block the bot", unblock: "Unblock the bot", telegramLanguage: "Telegram language",
    blocked: "The bot is blocked on this phone.", start: "START", empty: "No messages yet. Tap “Start” to open the chat with the bot.",
    write: "Message", send: "Send", attach: "Attach a file", menu: "Commands", keyboard: "Reply keyboard", noCommands: "The bot has set no commands.",
    edited: "edited", sending: "sending", delivered: "delivered", notSent: "not sent", reply: "Reply", cancelReply: "Cancel reply", removeFile: "Remove file",
    asFile: "Send as a file", download: "Download", openPhoto: "Enlarge photo", photo: "Photo", document: "Document", contact: "Phone number", save: "Save photo", close: "Close", understood: "OK", cancel: "Cancel",
    share: "Share", shareTitle: "Share the phone number?", shareBody: "The bot will receive the name and number {phone} of {name}.",
    newest: "Go to the newest message", unread: "{n} unread", today: "Today",
    pick: "Choose who holds this phone", find: "Name or phone number, accents optional", none: "Nobody found.",
    andMore: "{n} more people. Type to narrow down.", shown: "Found: {n}", here: "on this phone", elsewhere: "on another phone", isBlocked: "blocked the bot", noChat: "no chat yet",
    addPerson: "Add a new person", firstName: "Name shown", phone: "Phone number", add: "Add", language: "Language", vietnamese: "Tiếng Việt", english: "English",
    scan: "Scan with the phone of…", scanBody: "As if that phone were held up to the code on the screen of the hall.", failed: "That did not work: {reason}", offline: "The server cannot be reached.",
    outside: "External link", dropHere: "Drop the file here", spoiler: "Tap to reveal", loading: "Loading…", older: "Earlier messages", forwarded: "Forwarded from {name}",
  },
};

let language = "vi";

export const pageLanguage = () => language;
export function setPageLanguage(lang) { language = words[lang] ? lang : "vi"; }

/** t returns the sentence of a key with its {placeholders} filled. */
export function t(key, values = {}) {
  return (words[language][key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** local picks the language of the page from a {"vi","en"} pair; a plain string stays as it is. */
export const local = (pair) => (typeof pair === "string" ? pair : pair?.[language] ?? pair?.vi ?? pair?.en ?? "");

/** applyWords fills every element that names its sentence: data-t the text, data-t-label/-title/-placeholder the attribute. */
export function applyWords(root = document) {
  const within = (selector) => [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)];
  for (const node of within("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of within("[data-t-label]")) node.setAttribute("aria-label", t(node.dataset.tLabel));
  for (const node of within("[data-t-title]")) node.title = t(node.dataset.tTitle);
  for (const node of within("[data-t-placeholder]")) node.placeholder = t(node.dataset.tPlaceholder);
}
