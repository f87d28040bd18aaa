// Package part is the contract of the house: what one folder adds to it. Read it first.
//
// Every kernel and module package has a face folder Xweb whose part.go returns one Part on one screen. The app builds
// the parts in the order of app/parts.go, runs their migrations in that order, mounts their routes, registers their
// jobs, and hands the lists (Targets, Cards, Counts, …) to whoever asks for them through Lists. The types here are made
// of ids, text and links, so that an early part can show what a later one has without knowing it.
//
// Promises: no init functions, no globals, no setters after construction. A part that is not in app/parts.go does not
// exist.
package part

import (
	"context"
	"encoding/json"

	"weizheng/platform/db"
	"weizheng/platform/job"
	"weizheng/platform/web"
)

// Part is everything that one folder adds to the house. Zero fields add nothing.
type Part struct {
	// Name is the folder's word: the same in table, permission, console feature.
	Name string

	Schema      db.Schema       // numbered goose migrations (0001_name.sql); the zero value for none
	Texts       json.RawMessage // text.zh.json: message keys of this part
	Permissions []Permission
	Settings    []Setting

	Routes        []web.Route
	Topics        []Topic
	Jobs          func(*job.Jobs) // registers the part's job handlers
	Sweeps        []Sweep
	Services      []Service
	Responders    []Responder
	Subscriptions []Subscription
	Guards        []Guard
	Effects       []Effect
	Commands      []Command

	Targets   []Targets
	Blocks    []Block
	Cards     []Card
	Actions   []Action
	Searchers []Searcher
	MyItems   []MyItems
	DataHeld  []DataHeld
	Counts    []Count
	Health    []Health
}

// Permission is a right that a role can hold, "<noun>.<verb>". Text is what staff read.
type Permission struct{ Key, Text string }

// SettingType is how a setting's text form is read and checked.
type SettingType string

// The types of settings. Durations are written as Go writes them (72h30m).
const (
	SettingText     SettingType = "text"
	SettingInt      SettingType = "int"
	SettingBool     SettingType = "bool"
	SettingDuration SettingType = "duration"
	SettingJSON     SettingType = "json"
)

// SettingScope is how far down a setting may be given its own value: a narrower value wins.
type SettingScope string

// The scopes, from widest to narrowest.
const (
	ScopeInstallation SettingScope = "installation"
	ScopeUnit         SettingScope = "unit"
	ScopeAccount      SettingScope = "account"
)

// Setting declares one setting `<part>.<name>`.
type Setting struct {
	Name    string
	Type    SettingType
	Unit    string // of the number, in words a person reads: 天, 次/分钟
	Default string
	Text    string // what it does, one Chinese sentence
	Source  string // the law, standard or reason of the default
	Scope   SettingScope
	Min     int64 // for SettingInt, when Max > Min
	Max     int64
}

// Service is a long-lived thing that starts in the order of the parts and stops in reverse.
type Service struct {
	Name  string
	Start func(ctx context.Context) error // returns once started; ctx ends when the house stops
	Stop  func(ctx context.Context) error // within ctx's budget
}

// Topic is a kind of hint that browsers may listen to, "<noun>".
type Topic struct {
	Name       string
	Permission string // who may listen: anybody who holds it somewhere (hints carry no content)
}
