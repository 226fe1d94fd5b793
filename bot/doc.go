// Package bot is everything Telegram: who is speaking, what they want, what they see, and the Sender that tells notices.
//
//	update ──▶ Bot.Handle ──▶ turn (who, rights, language) ──▶ a flow ──▶ facts written through ports
//	                                                              └────▶ the answer: a message, an edited card, a toast
//	notice ──▶ Sender.Send ──▶ the words, chosen now from the subject as it stands ──▶ Door
//
// The bot writes facts and never puts anything in the outbox: the planner finds what has to be told by comparing facts with what was
// put. What it needs of the outbox (progress, pause, resume, cancel) it asks for through its own ports.
//
// Rights are judged at every update from the sender's id, never from what a button carries. Every press of a button is answered.
package bot
