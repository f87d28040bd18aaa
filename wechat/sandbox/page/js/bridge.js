// The bridge between a page and the phone that shows it; PHONE.md describes the messages. Outside of a phone it is inert.
(function () {
  'use strict'
  if (window.__weizheng) return
  var phone = window.parent !== window && /\.localhost$/.test(location.hostname) ? window.parent : null
  var waiting = {}
  var listeners = {}
  var last = 0

  function post(message) {
    // The phone checks who speaks by event.source; nothing in a message is secret from whoever frames the page.
    if (phone) phone.postMessage({ weizheng_phone: message }, '*')
  }

  var bridge = {
    inside: !!phone,
    origin: '',
    // call asks the phone for something; the promise fails with an Error whose message is "cancel" or says why.
    call: function (name, args) {
      if (!phone) return Promise.reject(new Error('not in WeChat'))
      return new Promise(function (resolve, reject) {
        var id = ++last
        waiting[id] = { resolve: resolve, reject: reject }
        var page = bridge.origin + location.pathname + location.search
        post({ call: name, id: id, args: args || {}, page: page })
      })
    },
    note: function (name, args) { post({ note: name, args: args || {} }) },
    on: function (name, f) { (listeners[name] = listeners[name] || []).push(f) },
  }

  window.addEventListener('message', function (event) {
    if (!phone || event.source !== phone || !event.data) return
    var message = event.data.weizheng_phone
    if (!message || typeof message !== 'object') return
    if (message.event) {
      (listeners[message.event] || []).forEach(function (f) { f(message.args || {}) })
      return
    }
    var asked = waiting[message.id]
    if (!asked) return
    delete waiting[message.id]
    if (message.error !== undefined) asked.reject(new Error(String(message.error)))
    else asked.resolve(message.result || {})
  })

  Object.defineProperty(window, '__weizheng', { value: bridge })
})()
