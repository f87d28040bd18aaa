'use strict';

// node-easywechat 3. From its version 3 on it names no calls itself: client.postJson and client.get take WeChat's paths, and
// the SDK adds the token, sends, reads and judges the answer. Its address is a setting, http.baseURL.

const { OfficialAccount, ServerRequest, CacheInterface } = require('node-easywechat');
const { Account, base } = require('./box.js');

/** Memory is the SDK's cache without its files. */
class Memory extends CacheInterface {
  constructor() {
    super();
    this.kept = new Map();
  }

  async get(id) {
    return this.kept.get(id) ?? null;
  }

  async has(id) {
    return this.kept.has(id);
  }

  async set(id, data) {
    this.kept.set(id, data);
    return true;
  }

  async delete(id) {
    return this.kept.delete(id);
  }
}

class EasyWeChat extends Account {
  constructor(id, stable) {
    super(id);
    this.stable = stable;
  }

  connect(made, mode) {
    this.config = {
      app_id: made.appid, secret: made.secret, token: made.token, aes_key: mode === 'plain' ? '' : made.encoding_aes_key,
      use_stable_access_token: this.stable, http: { baseURL: base + '/' },
    };
    this.cache = new Memory();
    this.app = this.fresh();
    this.client = this.app.getClient();
  }

  fresh() {
    const app = new OfficialAccount(this.config);
    app.setCache(this.cache);
    return app;
  }

  /** handle makes an application for each request, as the SDK's documents do. */
  async handle(req, res) {
    try {
      const app = this.fresh();
      app.setRequest(await ServerRequest.createFromIncomingMessage(req));
      const server = app.getServer();
      server.with((message, next) => {
        this.got.push(message);
        return this.answer(message) || next(message);
      });
      const answer = await server.serve();
      res.writeHead(answer.getStatusCode(), answer.getHeaders());
      res.end(answer.getBody());
    } catch (err) {
      this.failed(res, err);
    }
  }

  /** post and get call a path; what WeChat refuses is thrown with its code. */
  async post(path, input) {
    return this.read(await this.client.postJson(path, input));
  }

  async get(path, params) {
    return this.read(await this.client.get(path, { params }));
  }

  /** upload sends a file as the SDK's form. */
  async upload(path, file, params, fields) {
    return this.read(await this.client.withFile(file, 'media').post(path, { params, data: fields }));
  }

  read(response) {
    // The SDK's own judge of failures is lost on the client that getClient makes; its documents look at the object.
    const answer = response.toObject();
    if (response.isFailed() || answer.errcode) throw Object.assign(new Error(response.toJson()), { code: answer.errcode });
    return answer;
  }
}

module.exports = { EasyWeChat };
