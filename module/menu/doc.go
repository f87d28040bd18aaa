// Package menu is an account's menu under the chat: a draft that staff edit as a form, and the versions that were
// published to WeChat.
//
// Publishing is a job: the version is written first, then WeChat is asked, then the outcome is recorded; a refusal keeps
// the old menu and says which button WeChat did not like. Any version can be published again. WeChat's clients fetch a
// new menu within five minutes.
package menu
