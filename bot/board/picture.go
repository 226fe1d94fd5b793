package board

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"sync"
	"time"

	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"briefbot/briefings"
	"briefbot/briefings/i18n"
)

// The picture's measures, in pixels. It is read on a telephone, where a chat shows it about 400 points wide.
const (
	pictureWidth = 1280
	margin       = 32
	headHeight   = 132
	totalHeight  = 150
	rowHeight    = 54
	tableHead    = 48
)

var (
	night = color.RGBA{0x0a, 0x16, 0x28, 0xff}
	red   = color.RGBA{0x9b, 0x11, 0x17, 0xff}
	gold  = color.RGBA{0xf4, 0xc5, 0x42, 0xff}
	white = color.RGBA{0xff, 0xff, 0xff, 0xff}
	pale  = color.RGBA{0xc5, 0xd4, 0xe6, 0xff}
	fresh = color.RGBA{0x5f, 0xe0, 0x8a, 0xff}
	panel = color.RGBA{0x14, 0x28, 0x3f, 0xff}
	lamps = map[string]color.RGBA{
		"green": {0x41, 0xd6, 0x7c, 0xff}, "yellow": {0xff, 0xd6, 0x33, 0xff}, "red": {0xe5, 0x38, 0x3b, 0xff},
		"dark": {0x8f, 0xa5, 0xbd, 0xff}, "closed": {0x6d, 0xb1, 0xff, 0xff},
	}
)

// fonts are read once; both have every Vietnamese letter, which a test sees to.
var fonts = sync.OnceValues(func() (f [2]*opentype.Font, err error) {
	for i, ttf := range [][]byte{liberationsansregular.TTF, liberationsansbold.TTF} {
		if f[i], err = opentype.Parse(ttf); err != nil {
			return f, fmt.Errorf("read font: %w", err)
		}
	}
	return f, nil
})

// Picture draws the board of a meeting as a PNG, in the language of the printer. Like the page it names nobody.
func Picture(w io.Writer, p i18n.Printer, m *briefings.Meeting, r briefings.Roll, now time.Time) error {
	if p.Location != nil {
		now = now.In(p.Location)
	}
	f := compose(p, m, r, "", now)
	height := headHeight + totalHeight + tableHead + len(f.Tiles)*rowHeight + margin
	c := &canvas{RGBA: image.NewRGBA(image.Rect(0, 0, pictureWidth, height))}
	if err := c.paint(f, p); err != nil {
		return fmt.Errorf("draw board: %w", err)
	}
	if err := png.Encode(w, c.RGBA); err != nil {
		return fmt.Errorf("write picture: %w", err)
	}
	return nil
}

// canvas is a picture and the first thing that went wrong with it.
type canvas struct {
	*image.RGBA
	err error
}

func (c *canvas) paint(f face, p i18n.Printer) error {
	c.fill(c.Bounds(), night)
	c.fill(image.Rect(0, 0, pictureWidth, headHeight), red)
	c.fill(image.Rect(0, headHeight-5, pictureWidth, headHeight), gold)
	c.text(f.When+" · "+f.State+" · "+f.AsOf, margin, 44, pictureWidth-2*margin, 25, false, color.RGBA{0xff, 0xe9, 0xb0, 0xff}, left)
	c.text(f.Title, margin, 98, pictureWidth-2*margin, 40, true, white, left)

	wide := (pictureWidth - 2*margin) / (len(f.Totals) + 1)
	x := margin
	for i, n := range f.Totals {
		room, size, ink := wide, 56.0, white
		if i == 0 {
			room, size, ink = 2*wide, 76, fresh
		}
		value := n.Value
		if n.Note != "" {
			value += "  " + n.Note
		}
		c.text(value, x+room/2, headHeight+86, room-8, size, true, ink, middle)
		c.text(n.Label, x+room/2, headHeight+124, room-8, 23, false, pale, middle)
		x += room
	}

	top := headHeight + totalHeight
	columns := []int{margin + 725, margin + 845, margin + 955, margin + 1090, margin + 1216}
	for i, n := range append([]figure{{Label: f.Totals[0].Label}}, rowsOf(f)...) {
		at := columns[min(i, len(columns)-1)]
		label := n.Label
		if i == 0 {
			label = p.T("board.present_of")
		}
		c.text(label, at, top+34, 118, 19, false, pale, right)
	}
	for i, t := range f.Tiles {
		y := top + tableHead + i*rowHeight
		if i%2 == 0 {
			c.fill(image.Rect(margin-12, y, pictureWidth-margin+12, y+rowHeight), panel)
		}
		c.fill(image.Rect(margin, y+17, margin+20, y+37), lamps[t.Light])
		c.text(t.Name, margin+34, y+37, 560, 27, false, white, left)
		c.text(t.Present+"/"+t.Expected, columns[0], y+39, 150, 33, true, fresh, right)
		for k, n := range t.Rows {
			c.text(n.Value, columns[k+1], y+38, 100, 28, false, white, right)
		}
	}
	return c.err
}

// rowsOf are the figures that every tile has.
func rowsOf(f face) []figure {
	if len(f.Tiles) == 0 {
		return nil
	}
	return f.Tiles[0].Rows
}

func (c *canvas) fill(r image.Rectangle, ink color.Color) {
	draw.Draw(c.RGBA, r, image.NewUniform(ink), image.Point{}, draw.Src)
}

type align int

const (
	left align = iota
	middle
	right
)

// text writes a line at a base line. What is wider than its room is written smaller, and what would be unreadable then is cut.
func (c *canvas) text(s string, x, y, room int, size float64, bold bool, ink color.Color, how align) {
	if c.err != nil {
		return
	}
	f, err := fonts()
	if err != nil {
		c.err = err
		return
	}
	shape := f[0]
	if bold {
		shape = f[1]
	}
	const smallest = 0.72
	for scale := 1.0; ; scale -= 0.07 {
		face, err := opentype.NewFace(shape, &opentype.FaceOptions{Size: size * scale, DPI: 72, Hinting: font.HintingNone})
		if err != nil {
			c.err = err
			return
		}
		if font.MeasureString(face, s).Ceil() > room && scale > smallest {
			continue
		}
		for line := []rune(s); font.MeasureString(face, s).Ceil() > room && len(line) > 1; s = string(line) + "…" {
			line = line[:len(line)-1]
		}
		width := font.MeasureString(face, s)
		at := fixed.I(x)
		switch how {
		case middle:
			at -= width / 2
		case right:
			at -= width
		}
		(&font.Drawer{Dst: c.RGBA, Src: image.NewUniform(ink), Face: face, Dot: fixed.Point26_6{X: at, Y: fixed.I(y)}}).DrawString(s)
		return
	}
}
