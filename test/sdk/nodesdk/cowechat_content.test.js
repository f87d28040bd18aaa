'use strict';

// Materials, drafts, publishing, mass messages, templates and statistics by co-wechat-api; drafts and publishing go through
// what cowechat.js adds to it.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, describe, test } = require('node:test');
const { day, picture, skip } = require('./box.js');
const { CoWeChat } = require('./cowechat.js');

const refused = (promise, code) => assert.rejects(promise, (err) => err.name === 'WeChatAPIError' && err.code === code);

describe('co-wechat-api, content', { skip }, () => {
  const a = new CoWeChat('node-content');
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'sdk-'));
  const file = path.join(dir, 'cover.png');
  fs.writeFileSync(file, picture);
  after(() => {
    a.close();
    fs.rmSync(dir, { recursive: true });
  });
  let cover;
  const draft = async (title) =>
    (await a.api.addDraft({ articles: [{ title, author: '青云', content: '<p>正文 & 说明</p>', thumb_media_id: cover, digest: '摘要' }] })).media_id;

  test('materials', async () => {
    await a.open('safe');
    await a.next();
    const made = await a.api.uploadMaterial(file, 'image');
    assert.ok(made.media_id && made.url);
    assert.deepEqual(await a.api.getMaterial(made.media_id), picture);
    assert.equal((await a.api.getMaterialCount()).image_count, 1);
    assert.equal((await a.api.getMaterials('image', 0, 20)).item[0].media_id, made.media_id);
    await a.api.removeMaterial(made.media_id);
    await refused(a.api.getMaterial(made.media_id), 40007);
    cover = (await a.api.uploadMaterial(file, 'image')).media_id;
  });

  test('drafts and publishing', async () => {
    const id = await draft('办事指南');
    await a.api.updateDraft({ media_id: id, index: 0, articles: { title: '办事指南（新）', content: '<p>新</p>', thumb_media_id: cover } });
    assert.equal((await a.api.getDraft({ media_id: id })).news_item[0].title, '办事指南（新）');
    assert.equal((await a.api.listDrafts({ offset: 0, count: 20, no_content: 1 })).item[0].media_id, id);
    const { publish_id } = await a.api.publish({ media_id: id });
    const event = await a.next();
    assert.equal(event.Event, 'PUBLISHJOBFINISH');
    const state = await a.api.getPublished({ publish_id });
    assert.deepEqual([state.publish_status, state.article_detail.count], [0, 1]);
    assert.equal((await a.api.getArticle({ article_id: state.article_id })).news_item[0].title, '办事指南（新）');
    assert.equal((await a.api.listPublished({ offset: 0, count: 20, no_content: 1 })).total_count, 1);
    await a.api.removePublished({ article_id: state.article_id });
    await refused(a.api.getDraft({ media_id: id }), 40007); // it vanished when it was published
    const gone = await draft('不发了');
    await a.api.removeDraft({ media_id: gone });
    await refused(a.api.publish({ media_id: gone }), 40007);
  });

  test('mass messages', async () => {
    await a.api.previewText(a.openid, '预览');
    const sent = await a.api.massSendNews(await draft('群发'), true);
    assert.ok(sent.msg_id && sent.msg_data_id);
    assert.equal((await a.next()).Event, 'MASSSENDJOBFINISH');
    assert.equal((await a.api.getMassMessageStatus(sent.msg_id)).msg_status, 'SEND_SUCCESS');
    assert.equal((await a.shown('news')).origin, 'mass');
    await a.api.deleteMass(sent.msg_id);
    await refused(a.api.massSendText('再来', true), 45028); // one a day to everybody
  });

  test('templates', async () => {
    const id = (await a.api.addCategoryTemplate({ template_id_short: '1002', keyword_name_list: ['事项名称', '办理结果'] })).template_id;
    assert.equal((await a.api.getAllPrivateTemplate()).template_list[0].template_id, id);
    const data = { thing1: { value: '居住证办理' }, phrase3: { value: '准予办理' } };
    const sent = await a.api.sendTemplate(a.openid, id, 'https://gov.example/1', '#173177', data);
    assert.ok(sent.msgid);
    const event = await a.next();
    assert.deepEqual([event.Event, event.Status], ['TEMPLATESENDJOBFINISH', 'success']);
    assert.equal((await a.shown('template')).title, '办结通知');
    await refused(a.api.sendTemplate(a.openid, 'none', '', '', data), 40037);
    await a.api.delPrivateTemplate(id);
    assert.deepEqual((await a.api.getAllPrivateTemplate()).template_list, []);
  });

  test('statistics', async () => {
    const d = day(2); // yesterday's are ready at eight in the morning
    assert.equal((await a.api.getUserCumulate(d, d)).list.length, 1);
    for (const name of ['getUserSummary', 'getArticleSummary', 'getArticleTotal', 'getUserRead', 'getUserShare', 'getUpstreamMsg', 'getUpstreamMsgHour',
      'getUpstreamMsgDist', 'getInterfaceSummary', 'getInterfaceSummaryHour']) {
      assert.ok(Array.isArray((await a.api[name](d, d)).list), name);
    }
    await refused(a.api.getUserSummary('2026-01-01', '2026-03-01'), 61501);
  });
});
