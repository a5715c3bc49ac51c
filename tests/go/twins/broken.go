// SPDX-License-Identifier: MIT

// Of the broken state of each twin.
package main

const pad = 0
