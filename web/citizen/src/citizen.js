// What pages gain when scripts run; every page works without. No library, no request of its own.
(function () {
  'use strict';
  var each = function (selector, f) { Array.prototype.forEach.call(document.querySelectorAll(selector), f); };

  // Reading aloud, where the browser can speak. The paragraph being read is marked.
  var speech = window.speechSynthesis;
  each('[data-read]', function (button) {
    if (!speech || !window.SpeechSynthesisUtterance) return;
    var queue = [], current = null, said = button.textContent;
    var stop = function () {
      queue = [];
      speech.cancel();
      if (current) current.classList.remove('wz-reading');
      current = null;
      button.textContent = said;
      button.setAttribute('aria-pressed', 'false');
    };
    var next = function () {
      if (current) current.classList.remove('wz-reading');
      current = queue.shift();
      if (!current) return stop();
      var words = new SpeechSynthesisUtterance(current.innerText);
      words.lang = 'zh-CN';
      words.rate = 0.9;
      words.onend = next;
      words.onerror = stop;
      current.classList.add('wz-reading');
      speech.speak(words);
    };
    button.hidden = false;
    button.setAttribute('aria-pressed', 'false');
    button.addEventListener('click', function () {
      if (current) return stop();
      var parts = 'h1,h2,p,li,dt,dd,label,legend,.weui-cell__bd';
      each('main', function (main) {
        queue = Array.prototype.filter.call(main.querySelectorAll(parts), function (e) {
          return e.innerText.trim() && !e.querySelector(parts);
        });
      });
      button.textContent = '停止朗读';
      button.setAttribute('aria-pressed', 'true');
      next();
    });
    window.addEventListener('pagehide', stop);
  });

  // A form that came back says so first; a form on its way is not sent twice.
  each('[data-errors]', function (box) { box.focus(); });
  each('form', function (form) {
    form.addEventListener('submit', function () {
      each('button[type=submit]', function (b) { if (form.contains(b)) { b.classList.add('weui-btn_disabled'); b.setAttribute('aria-disabled', 'true'); } });
    });
  });
  window.addEventListener('pageshow', function () {
    each('button[aria-disabled]', function (b) { b.classList.remove('weui-btn_disabled'); b.removeAttribute('aria-disabled'); });
  });

  // What was typed stays on this phone for a week, or until a form led to another page; private fields never.
  var store = null;
  try { store = window.localStorage; } catch (e) { /* forbidden: nothing is kept */ }
  var load = function (path) {
    try { return JSON.parse(store.getItem('draft ' + path)) || {}; } catch (e) { return {}; }
  };
  if (store && document.referrer) {
    var came = document.createElement('a');
    came.href = document.referrer;
    if (came.host === location.host && came.pathname !== location.pathname && load(came.pathname).sent) store.removeItem('draft ' + came.pathname);
  }
  each('form[data-draft]', function (form) {
    if (!store) return;
    var fields = function () {
      return Array.prototype.filter.call(form.elements, function (e) {
        return e.name && e.name[0] !== '_' && !e.hasAttribute('data-private') && /^(text|textarea|select-one|date|number|radio|checkbox)$/.test(e.type);
      });
    };
    var draft = load(location.pathname);
    if (draft.values && Date.now() - draft.at < 6048e5 && !document.querySelector('[data-errors]')) {
      fields().forEach(function (e) {
        var v = draft.values[e.name];
        if (!v) return;
        if (e.type === 'radio' || e.type === 'checkbox') e.checked = v.indexOf(e.value) >= 0;
        else if (!e.value) e.value = v[0];
      });
    }
    var keep = function (sent) {
      var values = {};
      fields().forEach(function (e) {
        if ((e.type === 'radio' || e.type === 'checkbox') && !e.checked) return;
        if (e.value) (values[e.name] = values[e.name] || []).push(e.value);
      });
      try { store.setItem('draft ' + location.pathname, JSON.stringify({ at: Date.now(), sent: sent, values: values })); } catch (e) { /* full */ }
    };
    form.addEventListener('input', function () { keep(false); });
    form.addEventListener('submit', function () { keep(true); });
  });

  // How much of a long text is used.
  each('textarea[data-count]', function (area) {
    var out = document.createElement('p');
    out.className = 'wz-count';
    out.setAttribute('aria-hidden', 'true');
    var show = function () { out.textContent = area.value.length + '/' + area.maxLength; };
    area.parentNode.insertBefore(out, area.nextSibling);
    area.addEventListener('input', show);
    show();
  });

  // A sheet is kept by the server as one goes; its answer says which questions the answers so far ask for.
  each('form[data-save]', function (form) {
    if (!window.fetch || !window.URLSearchParams) return;
    var timer, running = false, again = false, sending = false, fresh = false, stop = window.AbortController && new AbortController(); // fresh: typed since the last saving began
    var said = form.querySelector('[data-saved]');
    var apply = function (now) {
      each('[data-q]', function (q) {
        var name = q.getAttribute('data-q'), shown = Object.prototype.hasOwnProperty.call(now.show, name);
        q.hidden = !shown;
        var optional = q.querySelector('.wz-field__label .wz-quiet,.wz-q__head .wz-quiet');
        if (optional && shown) optional.hidden = now.show[name];
      });
      said.textContent = now.saved;
    };
    var typed = function () {
      var body = new URLSearchParams();
      new FormData(form).forEach(function (v, k) { if (typeof v === 'string' && !/[.]drawn$/.test(k)) body.append(k, v); });
      fresh = false;
      return body;
    };
    var save = function () {
      if (sending) return;
      if (running) { again = true; return; }
      running = true;
      fetch(form.getAttribute('data-save'), { method: 'POST', body: typed(), credentials: 'same-origin', signal: stop ? stop.signal : undefined }).then(function (r) {
        if (!r.ok) throw r;
        return r.json();
      }).then(apply).catch(function () { said.textContent = '没有连上，填写的内容还在这一页，连上后会再保存'; }).then(function () {
        running = false;
        if (again) { again = false; save(); }
      });
    };
    form.addEventListener('input', function (e) {
      if (e.target.type === 'file') return;
      said.textContent = '正在保存…';
      fresh = true;
      clearTimeout(timer);
      timer = setTimeout(save, /^(radio|checkbox|select-one|date)$/.test(e.target.type) ? 0 : 700);
    });
    form.addEventListener('submit', function () {
      sending = true;
      clearTimeout(timer);
      if (stop) stop.abort(); // what is sent now is newer
    });
    window.addEventListener('pageshow', function () { sending = false; if (stop && stop.signal.aborted) stop = new AbortController(); });
    // Who leaves in the middle of a word loses nothing.
    document.addEventListener('visibilitychange', function () {
      if (document.hidden && fresh && !sending && navigator.sendBeacon) navigator.sendBeacon(form.getAttribute('data-save'), typed());
    });

    // A picked file goes at once.
    Array.prototype.forEach.call(form.querySelectorAll('input[type=file]'), function (input) {
      var button = input.parentNode.querySelector('[data-upload]');
      input.addEventListener('change', function () { if (input.files.length) { button.textContent = '正在上传…'; button.click(); } });
    });
  });

  // Places: what lies below the chosen one comes without a new page.
  each('form[data-areas] [data-place]', function (box) {
    var name = box.getAttribute('data-place'), words = ['', '选省份', '选城市', '选区县', '选街道、乡镇', '选社区、村'];
    box.addEventListener('change', function (e) {
      var select = e.target, code = select.value;
      while (select.nextElementSibling) box.removeChild(select.nextElementSibling);
      if (!code || !window.fetch) return;
      fetch(box.closest('form').getAttribute('data-areas') + '?of=' + encodeURIComponent(code), { credentials: 'same-origin' }).then(function (r) { return r.json(); }).then(function (list) {
        if (!list.length || select.value !== code) return;
        var next = select.cloneNode(false), add = function (value, text) { var o = document.createElement('option'); o.value = value; o.textContent = text; next.appendChild(o); };
        next.name = name + '.' + box.children.length;
        next.setAttribute('aria-label', words[list[0].level]);
        add('', words[list[0].level]);
        list.forEach(function (a) { add(a.code, a.name); });
        box.appendChild(next);
      }).catch(function () { /* the button below posts the same way */ });
    });
  });

  // Signing by finger, pen or mouse.
  each('[data-sign]', function (pad) {
    var canvas = pad.querySelector('canvas'), pen = canvas.getContext && canvas.getContext('2d');
    if (!pen || !window.PointerEvent) return;
    var drawn = false, last = null;
    pad.hidden = false;
    pen.lineWidth = 5;
    pen.lineCap = pen.lineJoin = 'round';
    var wipe = function () { pen.fillStyle = '#fff'; pen.fillRect(0, 0, canvas.width, canvas.height); drawn = false; };
    var at = function (e) { var b = canvas.getBoundingClientRect(); return [(e.clientX - b.left) * canvas.width / b.width, (e.clientY - b.top) * canvas.height / b.height]; };
    wipe();
    canvas.addEventListener('pointerdown', function (e) { last = at(e); canvas.setPointerCapture(e.pointerId); });
    canvas.addEventListener('pointermove', function (e) {
      if (!last) return;
      var now = at(e);
      pen.beginPath(); pen.moveTo(last[0], last[1]); pen.lineTo(now[0], now[1]); pen.stroke();
      last = now;
      drawn = true;
    });
    canvas.addEventListener('pointerup', function () { last = null; });
    pad.querySelector('[data-clear]').addEventListener('click', wipe);
    pad.querySelector('[data-use]').addEventListener('click', function () { pad.querySelector('input').value = drawn ? canvas.toDataURL('image/png') : ''; });
  });
})();
