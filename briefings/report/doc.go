// Package report writes rolls as documents: JSON for scripts, aligned text for a terminal, and a workbook in the form that offices
// file (Biểu 02 with its annexes), each to an io.Writer.
//
// Every figure comes from a briefings.Roll and is written, never counted again; all words come from the catalogue. What people
// typed is text in every format: no name or remark can run as a formula.
package report
