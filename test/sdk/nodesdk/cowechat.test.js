'use strict';

const assert = require('node:assert/strict');
const { after, describe, test } = require('node:test');
const { ask, files, play, skip, until } = require('./box.js');
const { CoWeChat } = require('./cowechat.js');

/** refused wants the SDK to throw WeChat's code. */
const refused = (promise, code) => assert.rejects(promise, (err) => err.name === 'WeChatAPIError' && err.code === code);

describe('co-wechat-api', { skip }, () => {
  const a = new CoWeChat('node-api');
  after(() => a.close());

  test('its server answers the echo, a follower comes', async () => {
    await a.open('safe');
    const m = await a.next();
    assert.equal(m.Event, 'subscribe');
    assert.equal(m.FromUserName, a.openid);
  });

  test('tokens', async () => {
    const first = await a.api.ensureAccessToken();
    assert.equal((await a.api.ensureAccessToken()).accessToken, first.accessToken);
    assert.ok((await a.api.getIp()).ip_list.includes('127.0.0.1'));
    await play('PUT', '/faults', { faults: [{ path: '/cgi-bin/tags/get', account: a.id, kind: 'revoke' }] });
    assert.ok((await a.api.getTags()).tags); // the SDK fetches another by itself
    assert.notEqual((await a.api.ensureAccessToken()).accessToken, first.accessToken);
  });

  test('menu', async () => {
    const menu = {
      button: [
        { name: '办事', sub_button: [{ type: 'view', name: '查询<&>', url: 'https://gov.example/?a=1&b=2' }, { type: 'click', name: '咨询', key: 'ASK' }] },
        { type: 'click', name: '我的', key: 'MINE' },
      ],
    };
    assert.equal((await a.api.createMenu(menu)).errmsg, 'ok');
    const got = (await a.api.getMenu()).menu.button;
    assert.equal(got[0].sub_button[0].url, menu.button[0].sub_button[0].url);
    assert.equal(got[0].sub_button[0].name, '查询<&>');
    await a.act('/menu/tap', { path: [1] });
    const tap = await a.next();
    assert.deepEqual([tap.Event, tap.EventKey], ['CLICK', 'MINE']);
    await refused(a.api.createMenu({ button: [] }), 40016);
    await a.api.removeMenu();
    await refused(a.api.getMenu(), 46003);
  });

  test('users and tags', async () => {
    const list = await a.api.getFollowers();
    assert.deepEqual([list.total, list.count, list.data.openid], [1, 1, [a.openid]]);
    await a.api.updateRemark(a.openid, '老张');
    const user = await a.api.getUser({ openid: a.openid, lang: 'zh_CN' });
    assert.deepEqual([user.subscribe, user.remark, user.subscribe_scene, user.nickname], [1, '老张', 'ADD_SCENE_SEARCH', undefined]);
    assert.equal((await a.api.batchGetUsers([a.openid])).user_info_list[0].openid, a.openid);
    await refused(a.api.getUser('oNobody'), 40003);
    const { tag } = await a.api.createTags('低保户');
    await a.api.batchTagging([a.openid], tag.id);
    assert.deepEqual((await a.api.getIdList(a.openid)).tagid_list, [tag.id]);
    assert.deepEqual((await a.api.getUsersFromTag(tag.id)).data.openid, [a.openid]);
    await a.api.updateTag(tag.id, '长者');
    const kept = (await a.api.getTags()).tags.find((t) => t.id === tag.id);
    assert.deepEqual([kept.name, kept.count], ['长者', 1]);
    await a.api.batchUnTagging([a.openid], tag.id);
    await a.api.deleteTag(tag.id);
    await refused(a.api.deleteTag(tag.id), 45159);
  });

  const ids = {};
  test('media', async () => {
    for (const [kind, content] of Object.entries(files)) {
      const up = await a.api.uploadMedia(content, kind, `文件.${kind}`, 'application/octet-stream');
      assert.equal(up.type, kind);
      ids[kind] = up.media_id ?? up.thumb_media_id;
      const got = await a.api.getMedia(ids[kind]);
      if (kind === 'video') {
        assert.deepEqual((await ask('GET', got.video_url)).body, content);
      } else {
        assert.deepEqual(got, content);
      }
    }
    await refused(a.api.uploadMedia(Buffer.from('text'), 'image', 'a.png', 'image/png'), 40005);
    await refused(a.api.getMedia('abc'), 40007);
  });

  test('customer messages', async () => {
    const send = {
      text: () => a.api.sendText(a.openid, '您好 <&>\n<a href="https://gov.example">网页</a>'),
      image: () => a.api.sendImage(a.openid, ids.image),
      voice: () => a.api.sendVoice(a.openid, ids.voice),
      video: () => a.api.sendVideo(a.openid, ids.video, ids.thumb),
      music: () => a.api.sendMusic(a.openid, { title: '歌', description: '词', musicurl: 'https://gov.example/m.mp3', hqmusicurl: 'https://gov.example/h.mp3', thumb_media_id: ids.thumb }),
      news: () => a.api.sendNews(a.openid, [{ title: '题', description: '说明', url: 'https://gov.example/', picurl: 'https://gov.example/1.png' }]),
      miniprogram: () => a.api.sendMiniProgram(a.openid, { title: '办事', appid: 'wx00000000000000aa', pagepath: 'pages/a', thumb_media_id: ids.thumb }),
    };
    for (const [type, call] of Object.entries(send)) {
      await a.act('/messages', { type: 'text', content: '开窗' });
      assert.equal((await a.next()).Content, '开窗');
      await call();
      const shown = await a.shown(type);
      assert.equal(shown.origin, 'custom');
      if (type === 'text') assert.equal(shown.content, '您好 <&>\n<a href="https://gov.example">网页</a>');
    }
    for (let n = 2; n <= 5; n++) await a.api.sendText(a.openid, 'x');
    await refused(a.api.sendText(a.openid, 'x'), 45047);
  });

  test('codes', async () => {
    for (const [scene, call] of [['7', () => a.api.createTmpQRCode(7, 3600)], ['hall', () => a.api.createTmpQRCode('hall', 3600)],
      ['8', () => a.api.createLimitQRCode(8)], ['window', () => a.api.createLimitQRCode('window')]]) {
      const code = await call();
      const picture = await ask('GET', a.api.showQRCodeURL(encodeURIComponent(code.ticket)));
      assert.match(picture.headers['content-type'], /^image\//);
      await play('POST', '/scan', { citizen: a.citizen, url: code.url });
      const m = await a.next();
      assert.deepEqual([m.Event, m.EventKey, m.Ticket], ['SCAN', scene, code.ticket]);
    }
  });

  test('web authorisation (co-wechat-oauth)', async () => {
    const opened = await play('POST', '/open', { citizen: a.citizen, url: a.oauth.getAuthorizeURL(a.home + '/back?x=1', 'abc', 'snsapi_userinfo') });
    const asked = await ask('POST', opened.url.split('#')[0], 'decision=allow', { 'content-type': 'application/x-www-form-urlencoded' });
    assert.equal(asked.status, 302);
    const back = new URL(asked.headers.location);
    assert.deepEqual([back.searchParams.get('state'), back.searchParams.get('x')], ['abc', '1']);
    const token = await a.oauth.getAccessToken(back.searchParams.get('code'));
    assert.deepEqual([token.data.openid, token.data.scope], [a.openid, 'snsapi_userinfo']);
    assert.equal((await a.oauth.getUser({ openid: a.openid, lang: 'zh_CN' })).nickname, '张三');
    assert.equal((await a.oauth.verifyToken(a.openid, token.data.access_token)).errcode, 0);
    assert.equal((await a.oauth.refreshAccessToken(token.data.refresh_token)).data.openid, a.openid);
    await refused(a.oauth.getAccessToken(back.searchParams.get('code')), 40163);
  });

  test('wx.config', async () => {
    const page = a.home + '/page?a=1&b=2';
    const c = await a.api.getJsConfig({ url: page, jsApiList: [] });
    const host = new URL((await play('POST', '/open', { citizen: a.citizen, url: page })).url).origin;
    const check = async (signature) =>
      JSON.parse((await ask('POST', host + '/__wechat/config', JSON.stringify({ ...c, signature, path: '/page?a=1&b=2' }))).body).errMsg;
    assert.equal(await check(c.signature), 'config:ok');
    assert.equal(await check('0'.repeat(40)), 'config:invalid signature');
  });
});

for (const mode of ['plain', 'compatible', 'safe']) {
  describe(`wechat, callbacks in ${mode} mode`, { skip }, () => {
    const a = new CoWeChat('node-' + mode);
    after(() => a.close());

    test('messages and events', async () => {
      await a.open(mode);
      assert.equal((await a.next()).Event, 'subscribe');
      for (const [path, input, want] of [
        ['/messages', { type: 'text', content: '居住证 & <怎么办>' }, { MsgType: 'text', Content: '居住证 & <怎么办>' }],
        ['/messages', { type: 'text', content: '满意', menu_id: '101' }, { bizmsgmenuid: '101' }],
        ['/messages', { type: 'voice', recognition: '你好' }, { MsgType: 'voice', Format: 'amr' }],
        ['/messages', { type: 'location', lat: 23.134521, lng: 113.358803, scale: 16, label: '广场' }, { Location_X: '23.134521', Location_Y: '113.358803', Scale: '16', Label: '广场' }],
        ['/messages', { type: 'link', title: '题', url: 'https://gov.example/?a=1&b=2' }, { Title: '题', Url: 'https://gov.example/?a=1&b=2' }],
        ['/events', { event: 'CLICK', key: 'K&1' }, { MsgType: 'event', Event: 'CLICK', EventKey: 'K&1' }],
        ['/events', { event: 'SCAN', scene: 'hall' }, { Event: 'SCAN', EventKey: 'hall' }],
        ['/events', { event: 'LOCATION', lat: 23.1, lng: 113.3 }, { Event: 'LOCATION' }],
        ['/events', { event: 'scancode_waitmsg', key: 'K', scan_result: '1' }, { ScanCodeInfo: { ScanType: 'qrcode', ScanResult: '1' } }],
      ]) {
        await a.act(path, input);
        const m = await a.next();
        for (const [name, value] of Object.entries(want)) assert.deepEqual(m[name], value, `${name} of ${JSON.stringify(input)}`);
        assert.equal(m.FromUserName, a.openid);
      }
    });

    test('replies', async () => {
      const image = (await a.api.uploadMedia(files.image, 'image', 'a.png', 'image/png')).media_id;
      const thumb = (await a.api.uploadMedia(files.thumb, 'thumb', 'a.jpg', 'image/jpeg')).thumb_media_id;
      const card = { title: '题 & <1>', description: '说明', picurl: 'https://gov.example/1.png', url: 'https://gov.example/?a=1&b=2' };
      for (const [type, answer] of [
        ['text', '您好 <&>\n二'],
        ['image', { type: 'image', content: { mediaId: image } }],
        ['music', { title: '歌', description: '词', musicUrl: 'https://gov.example/m.mp3', hqMusicUrl: 'https://gov.example/h.mp3', thumbMediaId: thumb }],
        ['news', [card]],
        ['system', [card, card]], // two cards in answer to a text
      ]) {
        a.answer = () => (type === 'music' ? { type: 'music', content: answer } : answer);
        await a.act('/messages', { type: 'text', content: type });
        await a.next();
        const shown = await a.shown(type);
        if (type !== 'system') assert.equal(shown.origin, 'reply');
        if (type === 'text') assert.equal(shown.content, '您好 <&>\n二');
        if (type === 'news') assert.deepEqual(shown.articles, [{ title: card.title, description: card.description, pic_url: card.picurl, url: card.url }]);
      }
      for (const answer of ['', 'transfer']) {
        a.answer = () => answer;
        const before = (await a.chat()).length;
        await a.act('/messages', { type: 'text', content: '静默' });
        await a.next();
        await until('the delivery', async () => (await a.chat()).at(-1).delivery?.state === 'ok');
        assert.equal((await a.chat()).length, before + 1, `${answer || 'nothing'} shows something`);
      }
      await a.act('/unfollow', {});
      assert.equal((await a.next()).Event, 'unsubscribe');
    });
  });
}
