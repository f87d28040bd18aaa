// What WeChat's browser itself does: says who it is, shows the title, goes to other addresses, and has WeixinJSBridge.
(function () {
  'use strict'
  var bridge = window.__weizheng
  if (!bridge || bridge.browser) return
  bridge.browser = true
  bridge.origin = __weizheng_origin

  try {
    Object.defineProperty(navigator, 'userAgent', { value: __weizheng_agent, configurable: true })
    Object.defineProperty(navigator, 'appVersion', { value: __weizheng_agent.replace(/^Mozilla\//, ''), configurable: true })
  } catch (e) { /* a browser that does not allow it still sent WeChat's name in the header */ }

  // The title bar and the back button of the phone.
  var told = ''
  function tell() {
    var args = {
      title: document.title,
      url: bridge.origin + location.pathname + location.search + location.hash,
      can_go_back: window.navigation ? window.navigation.canGoBack : history.length > 1,
    }
    var text = JSON.stringify(args)
    if (text === told) return
    told = text
    bridge.note('page', args)
  }
  function watch() {
    tell()
    new MutationObserver(tell).observe(document.head || document.documentElement,
      { childList: true, subtree: true, characterData: true })
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', watch)
  else watch()
  addEventListener('load', tell)
  addEventListener('hashchange', tell)
  addEventListener('popstate', tell)
  addEventListener('pageshow', function (event) { if (event.persisted) told = ''; tell() })
  ;['pushState', 'replaceState'].forEach(function (name) {
    var original = history[name]
    history[name] = function () {
      var result = original.apply(this, arguments)
      setTimeout(tell)
      return result
    }
  })

  // Absolute addresses of other origins open at the phone's host too, as far as they belong to an account.
  function foreign(address) {
    try {
      var u = new URL(address, location.href)
      if ((u.protocol === 'http:' || u.protocol === 'https:') && u.origin !== location.origin) {
        return u.origin === bridge.origin ? u.pathname + u.search + u.hash : '/__wechat/go?url=' + encodeURIComponent(u.href)
      }
    } catch (e) { /* no address at all */ }
    return ''
  }
  // goTo asks whether the phone may go there; where it may not, the phone says so and the page stays.
  function goTo(target) {
    if (target.indexOf('/__wechat/go') !== 0) {
      location.assign(target)
      return
    }
    fetch(target, { headers: { Accept: 'application/json' } }).then(function (r) { return r.json() }).then(function (r) {
      if (r.url) location.assign(r.url)
      else bridge.note('leave', { url: r.leave })
    }).catch(function () { location.assign(target) })
  }
  if (window.navigation) {
    window.navigation.addEventListener('navigate', function (event) {
      var target = event.cancelable && !event.formData && foreign(event.destination.url)
      if (!target) return
      event.preventDefault()
      setTimeout(function () { goTo(target) })
    })
  }
  document.addEventListener('click', function (event) {
    var link = event.target.closest && event.target.closest('a[href]')
    var target = link && !event.defaultPrevented && foreign(link.href)
    if (target) {
      event.preventDefault()
      goTo(target)
    } else if (link && link.target === '_blank') {
      link.target = '_self' // a phone has one page
    }
  })
  document.addEventListener('submit', function (event) {
    var target = foreign(event.target.action)
    if (target && target.indexOf('/__wechat/') !== 0) event.target.action = target
  }, true)

  bridge.on('back', function () { history.back() })
  bridge.on('reload', function () { location.reload() })
  bridge.on('font', function (args) { document.documentElement.style.webkitTextSizeAdjust = Math.round(args.scale * 100) + '%'
    document.documentElement.style.zoom = args.scale })
  window.close = function () { bridge.call('closeWindow').catch(function () {}) }

  // WeixinJSBridge, as far as old pages use it.
  var simple = {
    closeWindow: function () { return bridge.call('closeWindow').then(function () { return 'close_window:ok' }) },
    hideOptionMenu: function () { return menu('hide_option', 'hideOptionMenu:ok') },
    showOptionMenu: function () { return menu('show_option', 'showOptionMenu:ok') },
    hideToolbar: function () { return Promise.resolve('hideToolbar:ok') },
    showToolbar: function () { return Promise.resolve('showToolbar:ok') },
    getNetworkType: function () {
      return bridge.call('getNetworkType').then(function (r) { return 'network_type:' + r.network_type })
    },
    imagePreview: function (args) {
      return bridge.call('previewImage', { current: args.current, urls: args.urls }).then(function () { return 'imagePreview:ok' })
    },
    getBrandWCPayRequest: function (args) {
      return bridge.call('pay', { appid: args.appId || '', timestamp: String(args.timeStamp || ''), nonce: args.nonceStr || '',
        package: args.package || '', sign_type: args.signType || 'MD5', pay_sign: args.paySign || '' })
        .then(function () { return 'get_brand_wcpay_request:ok' }, function (e) {
          return 'get_brand_wcpay_request:' + (e.message === 'cancel' ? 'cancel' : 'fail')
        })
    },
  }
  function menu(action, message) {
    return bridge.call('menu', { action: action, items: [] }).then(function () { return message })
  }
  var handlers = {}
  window.WeixinJSBridge = {
    invoke: function (name, args, done) {
      var f = simple[name]
      var outcome = f ? f(args || {}) : Promise.resolve('system:function_not_exist')
      outcome.catch(function (e) { return name + ':fail ' + e.message })
        .then(function (message) { if (done) done({ err_msg: message }) })
    },
    call: function (name, args) { this.invoke(name, args) },
    on: function (name, f) { handlers[name] = f },
  }
  var share = { message: 'menu:share:appmessage', timeline: 'menu:share:timeline' }
  bridge.on('share', function (args) {
    var f = handlers[share[args.kind]]
    if (f) f({})
  })
  function ready() { document.dispatchEvent(new Event('WeixinJSBridgeReady')) }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', ready)
  else ready()
})()
