/* The board's script, in the language of browsers of 2011: a hall's television is seldom younger. */
(function () {
  'use strict';

  var body = document.body;
  var shape = body.getAttribute('data-shape');
  var path = location.pathname.replace(/\/+$/, '');
  var ask = location.search;
  var heard = new Date().getTime();
  var ended = false;
  var places = {}, looks = {};

  function each(list, act) { for (var i = 0; i < list.length; i++) { act(list[i], i); } }
  function byId(id) { return document.getElementById(id); }
  function setText(node, text) {
    if (node.textContent !== text) { node.textContent = text; return true; }
    return false;
  }
  function show(node, on) { if (node) { node.className = on ? '' : 'off'; } }

  each(document.querySelectorAll('[data-text]'), function (n) { places[n.getAttribute('data-text')] = n; });
  each(document.querySelectorAll('[data-class]'), function (n) { looks[n.getAttribute('data-class')] = n; });

  function notice(text) {
    var n = byId('notice');
    setText(n, text);
    n.className = text ? '' : 'off';
  }

  /* What came is put in its places. A board that is built otherwise is loaded anew. */
  function draw(e) {
    var key;
    if (e.shape !== shape) { location.reload(); return; }
    for (key in e.texts) {
      if (Object.prototype.hasOwnProperty.call(e.texts, key) && places[key]) { setText(places[key], e.texts[key]); }
    }
    for (key in e.classes) {
      if (Object.prototype.hasOwnProperty.call(e.classes, key) && looks[key]) {
        var paged = looks[key].className.indexOf(' away') >= 0 ? ' away' : '';
        if (looks[key].className !== e.classes[key] + paged) { looks[key].className = e.classes[key] + paged; }
      }
    }
    door(e.screen);
  }

  var code = null; /* what the door shows, until when */

  function door(s) {
    if (!byId('door')) { return; }
    show(byId('door'), !!s);
    show(byId('nodoor'), !s);
    if (!s) { code = null; return; }
    if (byId('qr').getAttribute('src') !== s.qr) { byId('qr').setAttribute('src', s.qr); }
    setText(byId('code'), s.code.substr(0, 3) + ' ' + s.code.substr(3));
    code = { until: new Date().getTime() + s.left, step: s.step };
  }

  /* Where there are more venues than fit, sheets of them take turns. */
  var tiles = document.querySelectorAll('.tile');
  var per = parseInt(body.getAttribute('data-per'), 10);
  var sheets = Math.ceil(tiles.length / per), sheet = -1;

  function turn() {
    if (sheets < 2) { return; }
    var wide = window.innerWidth > 800;
    sheet = (sheet + 1) % sheets;
    each(tiles, function (t, i) {
      var away = wide && Math.floor(i / per) !== sheet;
      t.className = t.className.replace(/ away/g, '') + (away ? ' away' : '');
    });
    setText(byId('sheet'), wide ? (sheet + 1) + '/' + sheets : '');
  }
  turn();
  setInterval(turn, 12000);

  function end() {
    ended = true;
    notice(body.getAttribute('data-gone'));
  }

  function hear(text) {
    heard = new Date().getTime();
    notice('');
    if (text) { draw(JSON.parse(text)); }
  }

  /* Once a second: the bar of the code runs, and silence is said. */
  setInterval(function () {
    if (code && byId('left')) {
      byId('left').style.width = Math.max(0, Math.min(100, (code.until - new Date().getTime()) * 100 / code.step)) + '%';
    }
    if (!ended && new Date().getTime() - heard > 12000) { notice(body.getAttribute('data-lost')); }
  }, 1000);

  function poll() {
    var x = new XMLHttpRequest();
    x.open('GET', path + '/state' + ask);
    x.onreadystatechange = function () {
      if (x.readyState !== 4) { return; }
      if (x.status === 200) { hear(x.responseText); }
      if (x.status === 404) { end(); return; }
      setTimeout(poll, 2000);
    };
    x.send();
  }

  function listen() {
    var source = new EventSource(path + '/events' + ask);
    source.onmessage = function (m) { hear(m.data); };
    source.addEventListener('beat', function () { hear(''); });
    source.addEventListener('gone', function () { source.close(); end(); });
    source.onerror = function () { /* a browser gives up for good where it is refused; we do not */
      if (source.readyState === 2 && !ended) { source.close(); poll(); }
    };
  }

  if (window.EventSource) { listen(); } else { poll(); }
}());
