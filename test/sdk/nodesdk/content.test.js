'use strict';

// Materials, mass messages and templates by co-wechat-api. It has no drafts and no publishing, and its statistics go to a
// constant host.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, describe, test } = require('node:test');
const { Account, base } = require('./box.js');

const skip = !base && 'SANDBOX names no running sandbox: use run.sh';
const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4//8/AAX+Av6nNYGEAAAAAElFTkSuQmCC', 'base64');
const refused = (promise, code) => assert.rejects(promise, (err) => err.name === 'WeChatAPIError' && err.code === code);

describe('co-wechat-api, content', { skip }, () => {
  const a = new Account('node-content');
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'sdk-'));
  after(() => {
    a.close();
    fs.rmSync(dir, { recursive: true });
  });

  test('materials', async () => {
    await a.open('safe');
    await a.next();
    const file = path.join(dir, 'cover.png');
    fs.writeFileSync(file, picture);
    const made = await a.api.uploadMaterial(file, 'image');
    assert.ok(made.media_id && made.url);
    assert.deepEqual(await a.api.getMaterial(made.media_id), picture);
    assert.equal((await a.api.getMaterialCount()).image_count, 1);
    assert.equal((await a.api.getMaterials('image', 0, 20)).item[0].media_id, made.media_id);
    await a.api.removeMaterial(made.media_id);
    await refused(a.api.getMaterial(made.media_id), 40007);
  });

  test('mass messages', async () => {
    await a.api.previewText(a.openid, '预览');
    const sent = await a.api.massSendText('通知', true);
    assert.ok(sent.msg_id);
    assert.equal((await a.next()).Event, 'MASSSENDJOBFINISH');
    assert.equal((await a.api.getMassMessageStatus(sent.msg_id)).msg_status, 'SEND_SUCCESS');
    assert.equal((await a.shown('text')).content, '通知');
  });

  test('templates', async () => {
    assert.deepEqual((await a.api.getAllPrivateTemplate()).template_list, []);
    await refused(a.api.sendTemplate(a.openid, 'none', '', '', { thing1: { value: 'x' } }), 40037);
  });
});
