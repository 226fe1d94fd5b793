// Package namelist reads a list of people as an officer writes or uploads it, one a line: codes or names, numbered or not, with or
// without accents, with a unit behind the name where two people share one.
package namelist
