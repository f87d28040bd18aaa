'use strict';

// The running sandbox that SANDBOX names, and an account in it whose server is an SDK's own handler.

const http = require('node:http');

const base = process.env.SANDBOX;

/** ask sends a request; a phone's host is reached where the sandbox is. */
function ask(method, address, body, headers = {}) {
  const url = new URL(address, base);
  const home = new URL(base);
  return new Promise((resolve, reject) => {
    const req = http.request(
      { method, host: home.hostname, port: home.port, path: url.pathname + url.search, headers: { host: url.host, ...headers } },
      (res) => {
        const parts = [];
        res.on('data', (part) => parts.push(part));
        res.on('end', () => resolve({ status: res.statusCode, headers: res.headers, body: Buffer.concat(parts) }));
      },
    );
    req.on('error', reject);
    req.end(body);
  });
}

/** play calls the sandbox's own API. */
async function play(method, path, input) {
  const res = await ask(method, '/sandbox/api' + path, input && JSON.stringify(input));
  if (res.status >= 300) throw new Error(`${method} ${path}: ${res.status} ${res.body}`);
  return JSON.parse(res.body);
}

/** until polls; the deadline makes a hang a failure. */
async function until(what, look) {
  for (const end = Date.now() + 15_000; Date.now() < end; ) {
    const found = await look();
    if (found) return found;
    await new Promise((next) => setTimeout(next, 10));
  }
  throw new Error('not within 15 s: ' + what);
}

/**
 * Account is an Official Account in the sandbox. A class of one SDK gives it connect(made, mode), which makes the SDK's
 * objects from what the sandbox answered, and handle(req, res, url), its server.
 */
class Account {
  constructor(id) {
    this.id = id;
    this.citizen = id + '-zhang';
    this.got = [];
    this.answer = () => '';
  }

  /** open registers the account, lets its address be checked and has a citizen follow it. */
  async open(mode) {
    const made = (
      await play('POST', '/accounts', {
        id: this.id, name: '青云 ' + this.id, kind: 'service', verified: true, mode, principal: 'strangers', miniprograms: ['wx00000000000000aa'],
      })
    ).account;
    this.appid = made.appid;
    this.connect(made, mode);
    this.server = http.createServer((req, res) => {
      const url = new URL(req.url, 'http://x');
      if (url.pathname !== '/wx') return res.end('<!doctype html><html><head></head></html>');
      return this.handle(req, res, url);
    });
    await new Promise((ready) => this.server.listen(0, '127.0.0.1', ready));
    const host = '127.0.0.1:' + this.server.address().port;
    this.home = 'http://' + host;
    const patched = await play('PATCH', '/accounts/' + this.id, { callback: this.home + '/wx', oauth_domain: host, js_domains: [host] });
    if (patched.account.callback_state !== 'ok') throw new Error('the SDK does not answer the echo');
    await play('POST', '/citizens', { id: this.citizen, name: '张三' });
    this.openid = (await play('POST', '/follow', { account: this.id, citizen: this.citizen })).openid;
    return this;
  }

  /** failed ends a callback that the SDK cannot read; the waiting test gets the error. */
  failed(res, err) {
    res.statusCode = 500;
    res.end(String(err));
    this.got.push({ failed: err });
  }

  close() {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  act(path, more) {
    return play('POST', path, { account: this.id, citizen: this.citizen, ...more });
  }

  /** next waits for a callback. */
  async next() {
    const message = await until('a callback', () => this.got.shift());
    if (message.failed) throw message.failed;
    return message;
  }

  async chat() {
    return (await play('GET', `/chat?limit=500&account=${this.id}&citizen=${this.citizen}`)).items;
  }

  /** shown waits for the newest item of the chat to be of a type. */
  shown(type) {
    return until(`a ${type} in the chat`, async () => {
      const last = (await this.chat()).at(-1);
      return last && last.type === type && last.from !== 'citizen' && last;
    });
  }
}

const files = {
  image: Buffer.from('\x89PNG\r\n\x1a\n0000', 'latin1'),
  voice: Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(32 * 50, 0)]),
  video: Buffer.from('\x00\x00\x00\x18ftypmp42aaaa', 'latin1'),
  thumb: Buffer.from('\xff\xd8\xff\xe0aaaa', 'latin1'),
};
for (let at = 6; at < files.voice.length; at += 32) files.voice[at] = 0x3c;

const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4//8/AAX+Av6nNYGEAAAAAElFTkSuQmCC', 'base64');

/** day is the civil day n days before today, in China, as the statistics want it. */
const day = (n) => new Date(Date.now() + 8 * 3_600_000 - n * 86_400_000).toISOString().slice(0, 10);

const skip = !base && 'SANDBOX names no running sandbox: use run.sh';

module.exports = { Account, ask, base, day, files, picture, play, skip, until };
