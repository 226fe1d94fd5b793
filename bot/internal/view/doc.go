// Package view makes the texts of screens: pure functions from the domain's values and a voice to Telegram HTML. What a screen looks
// like is held by golden files, one a language.
package view
