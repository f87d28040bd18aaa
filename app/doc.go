// Package app is the only wiring place: it builds the house's services in order, lists all parts in parts.go, starts
// them and stops them in reverse within a budget, and runs the demo. Nothing here decides anything about the domain.
package app
