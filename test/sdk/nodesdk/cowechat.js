'use strict';

// co-wechat-api with co-wechat-oauth and the middleware wechat. It has no drafts and no publishing; these are added by
// its own means for what it lacks, API.mixin, as its documents show it.

const WeChatAPI = require('co-wechat-api');
const OAuth = require('co-wechat-oauth');
const wechat = require('wechat');
const { Account, base } = require('./box.js');

/** posts makes a method of the API object out of a path. */
const posts = (path) =>
  async function (input) {
    const { accessToken } = await this.ensureAccessToken();
    return this.request(`${this.prefix}${path}?access_token=${accessToken}`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, data: JSON.stringify(input),
    });
  };

const missing = {
  addDraft: 'draft/add', updateDraft: 'draft/update', getDraft: 'draft/get', listDrafts: 'draft/batchget', removeDraft: 'draft/delete',
  publish: 'freepublish/submit', getPublished: 'freepublish/get', getArticle: 'freepublish/getarticle', listPublished: 'freepublish/batchget',
  removePublished: 'freepublish/delete',
  addCategoryTemplate: 'template/api_add_template', // its own addTemplate is of the time before categories: without words
};
WeChatAPI.mixin(Object.fromEntries(Object.entries(missing).map(([name, path]) => [name, posts(path)])));

class CoWeChat extends Account {
  connect(made, mode) {
    this.api = new WeChatAPI(made.appid, made.secret);
    for (const name of ['prefix', 'snsPrefix', 'mpPrefix', 'customservicePrefix']) {
      this.api[name] = this.api[name].replace(/^https:\/\/[a-z]+\.weixin\.qq\.com/, base);
    }
    for (const sdk of [this.api, (this.oauth = new OAuth(made.appid, made.secret))]) {
      const request = sdk.request.bind(sdk); // some hosts are constants
      sdk.request = (url, opts, retry) => request(url.replace('https://api.weixin.qq.com', base), opts, retry);
    }
    const config = { token: made.token, appid: made.appid, encodingAESKey: mode === 'plain' ? '' : made.encoding_aes_key };
    this.middleware = wechat(config, (req, res) => {
      this.got.push(req.weixin);
      const answer = this.answer(req.weixin);
      if (answer === 'transfer') res.transfer2CustomerService();
      else res.reply(answer);
    });
  }

  handle(req, res, url) {
    req.query = Object.fromEntries(url.searchParams);
    return this.middleware(req, res, (err) => this.failed(res, err));
  }
}

module.exports = { CoWeChat };
