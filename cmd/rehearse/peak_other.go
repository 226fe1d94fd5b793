//go:build !unix

package main

// peak and peakAfter are not known here.
func (c *child) peak() int64      { return 0 }
func (c *child) peakAfter() int64 { return 0 }
