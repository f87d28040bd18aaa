'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, describe, test } = require('node:test');
const { ask, day, files, picture, play, skip, until } = require('./box.js');
const { EasyWeChat } = require('./easywechat.js');

/** refused wants the SDK to call the answer failed, with WeChat's code. */
const refused = (promise, code) => assert.rejects(promise, { code });

for (const [id, stable] of [['easy-legacy', false], ['easy-stable', true]]) {
  describe(`node-easywechat, ${stable ? 'stable' : 'legacy'} tokens`, { skip }, () => {
    const a = new EasyWeChat(id, stable);
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'sdk-'));
    after(() => {
      a.close();
      fs.rmSync(dir, { recursive: true });
    });
    const file = (name, content) => {
      fs.writeFileSync(path.join(dir, name), content);
      return path.join(dir, name);
    };
    const ids = {};

    test('its server answers the echo, a follower comes', async () => {
      await a.open('safe');
      const m = await a.next();
      assert.deepEqual([m.Event, m.FromUserName], ['subscribe', a.openid]);
    });

    test('tokens', async () => {
      const token = await a.app.getAccessToken().getToken();
      assert.equal(await a.app.getAccessToken().getToken(), token);
      assert.ok((await a.get('/cgi-bin/getcallbackip')).ip_list.includes('127.0.0.1'));
      const again = await a.app.getAccessToken().refresh();
      if (stable) assert.equal(again, token);
      else assert.notEqual(again, token); // each call takes the place of the one before
      assert.ok((await a.post('/cgi-bin/openapi/quota/get', { cgi_path: '/cgi-bin/menu/create' })).quota.daily_limit);
    });

    test('menu', async () => {
      const button = [
        { name: '办事', sub_button: [{ type: 'view', name: '查询<&>', url: 'https://gov.example/?a=1&b=2' }, { type: 'click', name: '咨询', key: 'ASK' }] },
        { type: 'click', name: '我的', key: 'MINE' },
      ];
      assert.equal((await a.post('/cgi-bin/menu/create', { button })).errmsg, 'ok');
      const got = (await a.get('/cgi-bin/menu/get')).menu.button;
      assert.deepEqual([got[0].sub_button[0].name, got[0].sub_button[0].url], ['查询<&>', 'https://gov.example/?a=1&b=2']);
      await a.post('/cgi-bin/menu/addconditional', { button: [{ type: 'click', name: '安卓', key: 'A' }], matchrule: { client_platform_type: '2' } });
      assert.equal((await a.post('/cgi-bin/menu/trymatch', { user_id: a.openid })).button[0].name, '安卓');
      await a.act('/menu/tap', { path: [0] });
      assert.deepEqual(await a.next().then((m) => [m.Event, m.EventKey]), ['CLICK', 'A']);
      await refused(a.post('/cgi-bin/menu/create', { button: [] }), 40016);
      await a.get('/cgi-bin/menu/delete');
      await refused(a.get('/cgi-bin/menu/get'), 46003);
    });

    test('users and tags', async () => {
      const list = await a.get('/cgi-bin/user/get');
      assert.deepEqual([list.total, list.count, list.data.openid], [1, 1, [a.openid]]);
      await a.post('/cgi-bin/user/info/updateremark', { openid: a.openid, remark: '老张' });
      const user = await a.get('/cgi-bin/user/info', { openid: a.openid, lang: 'zh_CN' });
      assert.deepEqual([user.subscribe, user.remark, user.subscribe_scene], [1, '老张', 'ADD_SCENE_SEARCH']);
      assert.equal((await a.post('/cgi-bin/user/info/batchget', { user_list: [{ openid: a.openid }] })).user_info_list[0].openid, a.openid);
      await refused(a.get('/cgi-bin/user/info', { openid: 'oNobody' }), 40003);
      const { tag } = await a.post('/cgi-bin/tags/create', { tag: { name: '低保户' } });
      await a.post('/cgi-bin/tags/members/batchtagging', { openid_list: [a.openid], tagid: tag.id });
      assert.deepEqual((await a.post('/cgi-bin/tags/getidlist', { openid: a.openid })).tagid_list, [tag.id]);
      assert.deepEqual((await a.post('/cgi-bin/user/tag/get', { tagid: tag.id, next_openid: '' })).data.openid, [a.openid]);
      await a.post('/cgi-bin/tags/update', { tag: { id: tag.id, name: '长者' } });
      const kept = (await a.get('/cgi-bin/tags/get')).tags.find((t) => t.id === tag.id);
      assert.deepEqual([kept.name, kept.count], ['长者', 1]);
      await a.post('/cgi-bin/tags/members/batchuntagging', { openid_list: [a.openid], tagid: tag.id });
      await a.post('/cgi-bin/tags/delete', { tag: { id: tag.id } });
      await refused(a.post('/cgi-bin/tags/delete', { tag: { id: tag.id } }), 45159);
    });

    test('media', async () => {
      for (const [kind, [name, content]] of Object.entries({ image: ['a.png', files.image], voice: ['a.amr', files.voice], video: ['a.mp4', files.video], thumb: ['a.jpg', files.thumb] })) {
        const up = await a.upload('/cgi-bin/media/upload', file(name, content), { type: kind });
        assert.equal(up.type, kind);
        ids[kind] = up.media_id ?? up.thumb_media_id;
        const got = await a.client.get('/cgi-bin/media/get', { params: { media_id: ids[kind] }, responseType: kind === 'video' ? 'json' : 'arraybuffer' });
        assert.ok(!got.isFailed());
        if (kind === 'video') assert.ok(got.toObject().video_url);
        else assert.deepEqual(Buffer.from(got.getContent()), content);
      }
      await refused(a.upload('/cgi-bin/media/upload', file('text.png', 'text'), { type: 'image' }), 40005);
      await refused(a.get('/cgi-bin/media/get', { media_id: 'abc' }), 40007);
    });

    test('customer messages', async () => {
      const text = '您好 <&>\n<a href="https://gov.example">网页</a>';
      for (const [type, part] of Object.entries({
        text: { content: text },
        image: { media_id: ids.image },
        voice: { media_id: ids.voice },
        video: { media_id: ids.video, thumb_media_id: ids.thumb, title: '片', description: '说明' },
        music: { title: '歌', description: '词', musicurl: 'https://gov.example/m.mp3', hqmusicurl: 'https://gov.example/h.mp3', thumb_media_id: ids.thumb },
        news: { articles: [{ title: '题', description: '说明', url: 'https://gov.example/', picurl: 'https://gov.example/1.png' }] },
        msgmenu: { head_content: '满意吗', list: [{ id: '101', content: '满意' }], tail_content: '谢谢' },
        miniprogrampage: { title: '办事', appid: 'wx00000000000000aa', pagepath: 'pages/a', thumb_media_id: ids.thumb },
      })) {
        await a.act('/messages', { type: 'text', content: '开窗' });
        assert.equal((await a.next()).Content, '开窗');
        await a.post('/cgi-bin/message/custom/send', { touser: a.openid, msgtype: type, [type]: part });
        const shown = await a.shown(type === 'miniprogrampage' ? 'miniprogram' : type);
        assert.equal(shown.origin, 'custom');
        if (type === 'text') assert.equal(shown.content, text);
      }
      await a.act('/messages', { type: 'text', content: '在吗' });
      await a.next();
      await a.post('/cgi-bin/message/custom/typing', { touser: a.openid, command: 'Typing' });
      for (let n = 1; n <= 5; n++) await a.post('/cgi-bin/message/custom/send', { touser: a.openid, msgtype: 'text', text: { content: 'x' } });
      await refused(a.post('/cgi-bin/message/custom/send', { touser: a.openid, msgtype: 'text', text: { content: 'x' } }), 45047);
    });

    test('codes', async () => {
      for (const [scene, action, more] of [['7', 'QR_SCENE', { scene_id: 7 }], ['hall', 'QR_STR_SCENE', { scene_str: 'hall' }], ['8', 'QR_LIMIT_SCENE', { scene_id: 8 }], ['window', 'QR_LIMIT_STR_SCENE', { scene_str: 'window' }]]) {
        const code = await a.post('/cgi-bin/qrcode/create', { expire_seconds: action.includes('LIMIT') ? undefined : 3600, action_name: action, action_info: { scene: more } });
        const shown = await ask('GET', '/cgi-bin/showqrcode?ticket=' + encodeURIComponent(code.ticket));
        assert.match(shown.headers['content-type'], /^image\//);
        await play('POST', '/scan', { citizen: a.citizen, url: code.url });
        const m = await a.next();
        assert.deepEqual([m.Event, m.EventKey, m.Ticket], ['SCAN', scene, code.ticket]);
      }
    });

    let cover;
    test('materials', async () => {
      const cover0 = await a.upload('/cgi-bin/material/add_material', file('cover.png', picture), { type: 'image' });
      assert.ok(cover0.media_id && cover0.url);
      const got = await a.client.post('/cgi-bin/material/get_material', { json: { media_id: cover0.media_id }, responseType: 'arraybuffer' });
      assert.deepEqual(Buffer.from(got.getContent()), picture);
      const film = await a.upload('/cgi-bin/material/add_material', file('a.mp4', files.video), { type: 'video' }, { description: JSON.stringify({ title: '片', introduction: '说明' }) });
      assert.equal((await a.post('/cgi-bin/material/get_material', { media_id: film.media_id })).title, '片');
      const count = await a.get('/cgi-bin/material/get_materialcount');
      assert.deepEqual([count.image_count, count.video_count], [1, 1]);
      assert.equal((await a.post('/cgi-bin/material/batchget_material', { type: 'image', offset: 0, count: 20 })).item[0].media_id, cover0.media_id);
      await a.post('/cgi-bin/material/del_material', { media_id: film.media_id });
      await refused(a.post('/cgi-bin/material/get_material', { media_id: film.media_id }), 40007);
      assert.ok((await a.upload('/cgi-bin/media/uploadimg', file('inside.png', picture))).url);
      cover = cover0.media_id;
    });

    const draft = async (title) =>
      (await a.post('/cgi-bin/draft/add', { articles: [{ title, author: '青云', content: '<p>正文 & 说明</p>', thumb_media_id: cover, digest: '摘要' }] })).media_id;
    test('drafts and publishing', async () => {
      const id = await draft('办事指南');
      await a.post('/cgi-bin/draft/update', { media_id: id, index: 0, articles: { title: '办事指南（新）', content: '<p>新</p>', thumb_media_id: cover } });
      assert.equal((await a.post('/cgi-bin/draft/get', { media_id: id })).news_item[0].title, '办事指南（新）');
      assert.equal((await a.get('/cgi-bin/draft/count')).total_count, 1);
      assert.equal((await a.post('/cgi-bin/draft/batchget', { offset: 0, count: 20, no_content: 1 })).item[0].media_id, id);
      const { publish_id } = await a.post('/cgi-bin/freepublish/submit', { media_id: id });
      assert.equal((await a.next()).Event, 'PUBLISHJOBFINISH');
      const state = await a.post('/cgi-bin/freepublish/get', { publish_id });
      assert.deepEqual([state.publish_status, state.article_detail.item[0].idx], [0, 1]);
      assert.equal((await a.post('/cgi-bin/freepublish/getarticle', { article_id: state.article_id })).news_item[0].title, '办事指南（新）');
      assert.equal((await a.post('/cgi-bin/freepublish/batchget', { offset: 0, count: 20, no_content: 1 })).total_count, 1);
      await a.post('/cgi-bin/freepublish/delete', { article_id: state.article_id });
      const gone = await draft('不发了');
      await a.post('/cgi-bin/draft/delete', { media_id: gone });
      await refused(a.post('/cgi-bin/freepublish/submit', { media_id: gone }), 40007);
    });

    test('mass messages', async () => {
      await a.post('/cgi-bin/message/mass/preview', { touser: a.openid, msgtype: 'text', text: { content: '预览' } });
      const sent = await a.post('/cgi-bin/message/mass/sendall', { filter: { is_to_all: true }, mpnews: { media_id: await draft('群发') }, msgtype: 'mpnews', send_ignore_reprint: 0 });
      assert.equal((await a.next()).Event, 'MASSSENDJOBFINISH');
      assert.equal((await a.post('/cgi-bin/message/mass/get', { msg_id: sent.msg_id })).msg_status, 'SEND_SUCCESS');
      assert.equal((await a.shown('news')).origin, 'mass');
      await a.post('/cgi-bin/message/mass/delete', { msg_id: sent.msg_id, article_idx: 1 });
      await refused(a.post('/cgi-bin/message/mass/sendall', { filter: { is_to_all: true }, text: { content: '再来' }, msgtype: 'text' }), 45028);
    });

    test('templates and subscription notices', async () => {
      const { template_id } = await a.post('/cgi-bin/template/api_add_template', { template_id_short: '1002', keyword_name_list: ['事项名称', '办理结果'] });
      assert.equal((await a.get('/cgi-bin/template/get_all_private_template')).template_list[0].template_id, template_id);
      const data = { thing1: { value: '居住证办理' }, phrase3: { value: '准予办理' } };
      await a.post('/cgi-bin/message/template/send', { touser: a.openid, template_id, url: 'https://gov.example/1', data });
      assert.deepEqual(await a.next().then((m) => [m.Event, m.Status]), ['TEMPLATESENDJOBFINISH', 'success']);
      await refused(a.post('/cgi-bin/message/template/send', { touser: a.openid, template_id, data: { ...data, phrase3: { value: '准予办理这件事' } } }), 47003);
      await a.post('/cgi-bin/template/del_private_template', { template_id });
      const { priTmplId } = await a.post('/wxaapi/newtmpl/addtemplate', { tid: '1001', kidList: [1, 2], sceneDesc: '办事进度' });
      const notice = { touser: a.openid, template_id: priTmplId, data: { thing1: { value: '居住证办理' }, character_string2: { value: 'QY-1' } } };
      await refused(a.post('/cgi-bin/message/subscribe/bizsend', notice), 43101);
      await a.act('/subscribe', { choices: { [priTmplId]: 'accept' } });
      assert.equal((await a.next()).Event, 'subscribe_msg_popup_event');
      await a.post('/cgi-bin/message/subscribe/bizsend', notice);
      assert.equal((await a.next()).Event, 'subscribe_msg_sent_event');
    });

    test('statistics', async () => {
      const d = { begin_date: day(2), end_date: day(2) }; // yesterday's are ready at eight in the morning
      assert.equal((await a.post('/datacube/getusercumulate', d)).list.length, 1);
      for (const name of ['getusersummary', 'getarticlesummary', 'getarticletotal', 'getupstreammsg', 'getupstreammsghour', 'getinterfacesummary', 'getinterfacesummaryhour', 'getbizsummary']) {
        assert.ok(Array.isArray((await a.post('/datacube/' + name, d)).list), name);
      }
      await refused(a.post('/datacube/getusersummary', { begin_date: '2026-01-01', end_date: '2026-03-01' }), 61501);
    });

    test('web authorisation (node-socialite)', async () => {
      a.config.oauth = { redirect_url: a.home + '/back?x=1', scopes: ['snsapi_userinfo'] };
      const oauth = a.fresh().getOAuth();
      oauth._baseUrl = oauth._baseUrl.replace('https://api.weixin.qq.com', a.config.http.baseURL.replace(/\/$/, ''));
      const opened = await play('POST', '/open', { citizen: a.citizen, url: oauth.withState('abc').redirect() });
      const asked = await ask('POST', opened.url.split('#')[0], 'decision=allow', { 'content-type': 'application/x-www-form-urlencoded' });
      const back = new URL(asked.headers.location);
      assert.deepEqual([back.searchParams.get('state'), back.searchParams.get('x')], ['abc', '1']);
      const user = await oauth.userFromCode(back.searchParams.get('code'));
      assert.deepEqual([user.getId(), user.getNickname()], [a.openid, '张三']);
    });

    test('wx.config', async () => {
      const page = a.home + '/page?a=1&b=2';
      const c = await a.app.getUtils().buildJsSdkConfig(page);
      const host = new URL((await play('POST', '/open', { citizen: a.citizen, url: page })).url).origin;
      const check = async (signature) =>
        JSON.parse((await ask('POST', host + '/__wechat/config', JSON.stringify({ ...c, signature, path: '/page?a=1&b=2' }))).body).errMsg;
      assert.equal(await check(c.signature), 'config:ok');
      assert.equal(await check('0'.repeat(40)), 'config:invalid signature');
    });
  });
}

for (const mode of ['plain', 'compatible', 'safe']) {
  describe(`node-easywechat, callbacks in ${mode} mode`, { skip }, () => {
    const a = new EasyWeChat('easy-' + mode, true);
    after(() => a.close());

    test('messages, events and replies', async () => {
      await a.open(mode);
      assert.equal((await a.next()).Event, 'subscribe');
      for (const [where, input, want] of [
        ['/messages', { type: 'text', content: '居住证 & <怎么办>' }, { MsgType: 'text', Content: '居住证 & <怎么办>' }],
        ['/messages', { type: 'voice', recognition: '你好' }, { MsgType: 'voice', Format: 'amr' }],
        ['/messages', { type: 'location', lat: 23.134521, lng: 113.358803, scale: 16, label: '广场' }, { Location_X: '23.134521', Label: '广场' }],
        ['/events', { event: 'CLICK', key: 'K&1' }, { MsgType: 'event', Event: 'CLICK', EventKey: 'K&1' }],
        ['/events', { event: 'scancode_waitmsg', key: 'K', scan_result: '1' }, { ScanCodeInfo: { ScanType: 'qrcode', ScanResult: '1' } }],
      ]) {
        await a.act(where, input);
        const m = await a.next();
        for (const [name, value] of Object.entries(want)) assert.deepEqual(m[name], value, `${name} of ${JSON.stringify(input)}`);
      }
      const card = { Title: '题 & <1>', Description: '说明', PicUrl: 'https://gov.example/1.png', Url: 'https://gov.example/?a=1&b=2' };
      for (const [type, answer] of [['text', '您好 <&>\n二'], ['news', { MsgType: 'news', ArticleCount: 1, Articles: { item: [card] } }]]) {
        a.answer = () => answer;
        await a.act('/messages', { type: 'text', content: type });
        await a.next();
        const shown = await a.shown(type);
        assert.equal(shown.origin, 'reply');
        if (type === 'text') assert.equal(shown.content, answer);
        else assert.deepEqual(shown.articles, [{ title: card.Title, description: card.Description, pic_url: card.PicUrl, url: card.Url }]);
      }
      a.answer = () => '';
      const before = (await a.chat()).length;
      await a.act('/messages', { type: 'text', content: '静默' });
      await a.next();
      await until('the delivery', async () => (await a.chat()).at(-1).delivery?.state === 'ok');
      assert.equal((await a.chat()).length, before + 1);
    });
  });
}
