package bot

func (t *turn) startWeek() error { return nil }
