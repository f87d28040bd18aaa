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
})();
