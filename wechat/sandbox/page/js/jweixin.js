// The JS-SDK (wx, jWeixin) of the local WeChat. In an ordinary browser it does nothing, as WeChat's does.
(function (root, factory) {
  var wx = factory(root)
  if (typeof module === 'object' && module.exports) module.exports = wx
  if (typeof define === 'function' && define.amd) define(function () { return wx })
  root.wx = root.jWeixin = wx
})(typeof window === 'undefined' ? this : window, function (window) {
  'use strict'
  if (window.jWeixin) return window.jWeixin
  var bridge = window.__weizheng
  var settings = null // of the last config
  var state = 'none' // none, asking, ok, failed
  var failure = null
  var readyList = []
  var errorHandler = null
  var shares = {} // kind → options of onMenuShare…
  var recordEnd = null
  var playEnd = null

  function finish(name, options, message, extra) {
    var result = Object.assign({}, extra, { errMsg: name + ':' + message })
    if (settings && settings.debug) window.console.log('[wx] ' + name, result)
    if (/^ok/.test(message)) { if (options.success) options.success(result) }
    else if (/^cancel/.test(message)) { if (options.cancel) options.cancel(result) }
    else if (options.fail) options.fail(result)
    if (options.complete) options.complete(result)
  }

  function permitted(name) {
    return state === 'ok' && settings.jsApiList.indexOf(name) >= 0
  }

  // api makes a function of wx: it waits for the configuration, checks the list, runs and reports.
  function api(name, run) {
    return function (options) {
      options = options || {}
      if (!bridge || !bridge.inside) return
      var start = function () {
        if (!permitted(name)) {
          finish(name, options, 'fail, the permission value is offline verifying')
          return
        }
        Promise.resolve().then(function () { return run(options) }).then(
          function (extra) { finish(name, options, 'ok', extra) },
          function (e) { finish(name, options, e.message === 'cancel' ? 'cancel' : 'fail ' + e.message) })
      }
      if (state === 'asking') readyList.push(start)
      else start()
    }
  }

  function plain(name, pick) {
    return api(name, function (o) { return bridge.call(name, pick ? pick(o) : {}).then(function () { return {} }) })
  }

  function localId(media) { return location.origin + '/__wechat/local/' + encodeURIComponent(media) }
  function mediaOf(id) { return decodeURIComponent(String(id || '').replace(/^.*\/__wechat\/local\//, '')) }

  function ask(path, body) {
    return fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
      .then(function (r) { return r.json() })
      .then(function (r) {
        if (r.error) throw new Error(r.error)
        return r
      })
  }

  function config(options) {
    settings = Object.assign({ debug: false, jsApiList: [] }, options)
    if (!bridge || !bridge.inside) return
    state = 'asking'
    failure = null
    ask('/__wechat/config', {
      appId: settings.appId, timestamp: settings.timestamp, nonceStr: settings.nonceStr, signature: settings.signature,
      path: location.pathname + location.search,
    }).then(
      function (r) { configured(r.errMsg) },
      function (e) { configured('config:fail,Error: ' + e.message) })
  }

  function configured(message) {
    state = message === 'config:ok' ? 'ok' : 'failed'
    if (settings.debug) window.console.log('[wx] config', message)
    if (state === 'failed') {
      failure = { errMsg: message }
      if (errorHandler) errorHandler(failure)
    }
    // WeChat calls ready after a failed configuration too; the calls in it then fail.
    var list = readyList
    readyList = []
    list.forEach(function (f) { f() })
    tags.forEach(function (tag) { tag.show() })
  }

  // Open tags. A tag shows its content once the configuration is right and lists it; before that it is empty, as in WeChat.
  var tags = []
  function listed(name) {
    return state === 'ok' && (settings.openTagList || []).indexOf(name) >= 0
  }
  function template(tag) {
    return Array.prototype.map.call(tag.querySelectorAll('script[type="text/wxtag-template"], template'), function (t) {
      return t.innerHTML
    }).join('')
  }
  // styled moves the content's styles to where the page's policy does not reach, as it does not in WeChat.
  function styled(root) {
    root.adoptedStyleSheets = Array.prototype.map.call(root.querySelectorAll('style'), function (style) {
      var sheet = new CSSStyleSheet()
      sheet.replaceSync(style.textContent)
      style.remove()
      return sheet
    })
  }
  function openTag(name, click) {
    if (!window.customElements || window.customElements.get(name)) return
    window.customElements.define(name, class extends HTMLElement {
      connectedCallback() {
        var tag = this
        tags.push(tag)
        // The content comes after the tag's beginning.
        if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', function () { tag.show() })
        else setTimeout(function () { tag.show() })
      }
      disconnectedCallback() { tags.splice(tags.indexOf(this), 1) }
      show() {
        var tag = this
        if (tag.shadowRoot || !listed(name) || !template(tag)) return
        var root = tag.attachShadow({ mode: 'open' })
        root.innerHTML = template(tag)
        styled(root)
        root.addEventListener('click', function () { click(tag) })
        tell(tag, 'ready', {})
      }
    })
  }
  function tell(tag, event, detail) { tag.dispatchEvent(new CustomEvent(event, { detail: detail })) }

  function subscribe(tag) {
    var ids = (tag.getAttribute('template') || '').split(',').map(function (id) { return id.trim() }).filter(Boolean)
    bridge.call('subscribe', { appid: settings.appId, templates: ids }).then(function (r) {
      var details = {}
      ids.forEach(function (id) { details[id] = JSON.stringify({ status: (r.choices || {})[id] || 'reject' }) })
      tell(tag, 'success', { errMsg: 'subscribe:ok', subscribeDetails: JSON.stringify(details) })
    }, function (e) {
      if (e.message === 'cancel') tell(tag, 'error', { errMsg: 'subscribe:cancel', errCode: '0' })
      else tell(tag, 'error', { errMsg: 'subscribe:fail', errCode: e.message })
    })
  }
  if (bridge && bridge.inside) openTag('wx-open-subscribe', subscribe)

  function upload(name) {
    return api(name, function (o) {
      return ask('/__wechat/upload', { appid: settings.appId, media_id: mediaOf(o.localId) })
        .then(function (r) { return { serverId: r.server_id, mediaUrl: '' } })
    })
  }

  function download(name) {
    return api(name, function (o) {
      return fetch(localId(o.serverId)).then(function (r) {
        if (!r.ok) throw new Error('invalid serverId')
        return { localId: localId(o.serverId) }
      })
    })
  }

  function shareData(o, kind) {
    return { kind: kind, title: o.title || document.title, desc: o.desc || '', link: o.link || '', img_url: o.imgUrl || '' }
  }

  // onShare keeps the options: their callbacks run when the citizen shares, not now.
  function onShare(name, kind) {
    return function (options) {
      options = options || {}
      if (!bridge || !bridge.inside) return
      var start = function () {
        if (!permitted(name)) {
          finish(name, options, 'fail, the permission value is offline verifying')
          return
        }
        shares[kind] = { name: name, options: options }
        bridge.call('share', shareData(options, kind)).catch(function (e) { finish(name, options, 'fail ' + e.message) })
      }
      if (state === 'asking') readyList.push(start)
      else start()
    }
  }

  function setShare(name, kind) {
    return api(name, function (o) { return bridge.call('share', shareData(o, kind)).then(function () { return {} }) })
  }

  function menu(name, action) {
    return api(name, function (o) {
      return bridge.call('menu', { action: action, items: o.menuList || [] }).then(function () { return {} })
    })
  }

  function voice(name) {
    return plain(name, function (o) { return { media_id: mediaOf(o.localId) } })
  }

  var wx = {
    config: config,
    ready: function (f) {
      if (state === 'ok' || state === 'failed') f()
      else readyList.push(f)
    },
    error: function (f) {
      errorHandler = f
      if (failure) f(failure)
    },
    checkJsApi: function (options) {
      if (!bridge || !bridge.inside) return
      var known = {}
      ;(options.jsApiList || []).forEach(function (name) { known[name] = typeof wx[name] === 'function' })
      finish('checkJsApi', options, 'ok', { checkResult: known })
    },

    updateAppMessageShareData: setShare('updateAppMessageShareData', 'message'),
    updateTimelineShareData: setShare('updateTimelineShareData', 'timeline'),
    onMenuShareAppMessage: onShare('onMenuShareAppMessage', 'message'),
    onMenuShareTimeline: onShare('onMenuShareTimeline', 'timeline'),
    onMenuShareQQ: onShare('onMenuShareQQ', 'qq'),
    onMenuShareWeibo: onShare('onMenuShareWeibo', 'weibo'),
    onMenuShareQZone: onShare('onMenuShareQZone', 'qzone'),

    chooseImage: api('chooseImage', function (o) {
      return bridge.call('chooseImage', { count: o.count || 9, sourceType: o.sourceType || ['album', 'camera'],
        sizeType: o.sizeType || ['original', 'compressed'] })
        .then(function (r) { return { localIds: (r.media_ids || []).map(localId), sourceType: 'album' } })
    }),
    previewImage: plain('previewImage', function (o) { return { current: o.current || '', urls: o.urls || [] } }),
    uploadImage: upload('uploadImage'),
    downloadImage: download('downloadImage'),
    getLocalImgData: api('getLocalImgData', function (o) {
      return fetch(localId(mediaOf(o.localId))).then(function (r) {
        if (!r.ok) throw new Error('invalid localId')
        return r.blob()
      }).then(function (blob) {
        return new Promise(function (resolve, reject) {
          var reader = new FileReader()
          reader.onload = function () { resolve({ localData: reader.result }) }
          reader.onerror = function () { reject(new Error('unreadable')) }
          reader.readAsDataURL(blob)
        })
      })
    }),

    startRecord: plain('startRecord'),
    stopRecord: api('stopRecord', function () {
      return bridge.call('stopRecord').then(function (r) { return { localId: localId(r.media_id) } })
    }),
    onVoiceRecordEnd: function (o) { recordEnd = o || {} },
    playVoice: voice('playVoice'),
    pauseVoice: voice('pauseVoice'),
    stopVoice: voice('stopVoice'),
    onVoicePlayEnd: function (o) { playEnd = o || {} },
    uploadVoice: upload('uploadVoice'),
    downloadVoice: download('downloadVoice'),
    translateVoice: api('translateVoice', function (o) {
      return bridge.call('translateVoice', { media_id: mediaOf(o.localId) })
        .then(function (r) { return { translateResult: r.text } })
    }),

    getNetworkType: api('getNetworkType', function () {
      return bridge.call('getNetworkType').then(function (r) { return { networkType: r.network_type } })
    }),
    getLocation: api('getLocation', function (o) {
      return bridge.call('getLocation', { type: o.type || 'wgs84' }).then(function (r) {
        return { latitude: r.latitude, longitude: r.longitude, speed: r.speed || 0, accuracy: r.accuracy || 30 }
      })
    }),
    openLocation: plain('openLocation', function (o) {
      return { latitude: Number(o.latitude), longitude: Number(o.longitude), name: o.name || '', address: o.address || '',
        scale: Number(o.scale) || 28, infoUrl: o.infoUrl || '' }
    }),

    hideOptionMenu: menu('hideOptionMenu', 'hide_option'),
    showOptionMenu: menu('showOptionMenu', 'show_option'),
    hideMenuItems: menu('hideMenuItems', 'hide'),
    showMenuItems: menu('showMenuItems', 'show'),
    hideAllNonBaseMenuItem: menu('hideAllNonBaseMenuItem', 'hide_all'),
    showAllNonBaseMenuItem: menu('showAllNonBaseMenuItem', 'show_all'),
    closeWindow: plain('closeWindow'),
    scanQRCode: api('scanQRCode', function (o) {
      return bridge.call('scanQRCode', { needResult: o.needResult ? 1 : 0, scanType: o.scanType || ['qrCode', 'barCode'] })
        .then(function (r) {
          if (!o.needResult) return {}
          return { resultStr: r.type === 'barcode' && r.result.indexOf(',') < 0 ? 'CODE_128,' + r.result : r.result }
        })
    }),

    chooseWXPay: api('chooseWXPay', function (o) {
      return bridge.call('pay', { appid: settings.appId, timestamp: String(o.timestamp || o.timeStamp || ''), nonce: o.nonceStr || '',
        package: o.package || '', sign_type: o.signType || 'MD5', pay_sign: o.paySign || '' }).then(function () { return {} })
    }),
    openAddress: api('openAddress', function () { return Promise.reject(new Error('not supported')) }),
    miniProgram: { getEnv: function (f) { f({ miniprogram: false }) } },
  }

  if (bridge) {
    bridge.on('share', function (args) {
      var share = shares[args.kind]
      if (!share) return
      if (share.options.trigger) share.options.trigger({})
      finish(share.name, share.options, args.cancel ? 'cancel' : 'ok')
    })
    bridge.on('voice_record_end', function (args) {
      if (recordEnd && recordEnd.complete) recordEnd.complete({ localId: localId(args.media_id) })
    })
    bridge.on('voice_play_end', function (args) {
      if (playEnd && playEnd.success) playEnd.success({ localId: localId(args.media_id) })
    })
  }
  return wx
})
