package briefings

// Label is how far a text may spread. It is asked before the content, and there is no value for secret material: such a text is
// refused and not kept.
type Label string

const (
	Public   Label = "public"   // công khai
	UnitOnly Label = "internal" // phổ biến trong đơn vị, only where the committee's own rule allows it
)

// CheckLabel refuses a missing label, and anything that is not one of the labels.
func CheckLabel(l Label) error {
	switch l {
	case Public, UnitOnly:
		return nil
	}
	return Refuse("send.ask_label")
}
