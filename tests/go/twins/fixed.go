// SPDX-License-Identifier: MIT

// Of the fixed state of each twin: two lines, since some machines fetch pairs of lines.
package main

const pad = 128
