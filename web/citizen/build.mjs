// Builds dist/: the style sheet (WeUI purged to what the pages use, then our own), the script, and a manifest of their
// names. Names carry a digest of their content; each file has a .gz beside it, made at the highest level.
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import esbuild from 'esbuild'
import postcss from 'postcss'
import { PurgeCSS } from 'purgecss'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../..')
const target = ['chrome80', 'ios13']

// Every page template of every part: <floor>/<part>/<part>web/pages/*.html.
function pages(folder, depth = 0) {
  const found = []
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && depth < 4 && entry.name !== 'node_modules') found.push(...pages(path, depth + 1))
    else if (entry.name.endsWith('.html')) found.push(path)
  }
  return found
}
const floors = ['kernel', 'module', 'gateway'].map((f) => join(root, f)).filter((f) => statSync(f, { throwIfNoEntry: false }))
const content = [...pages(join(here, 'templates')), ...floors.flatMap((f) => pages(f)), join(here, 'src/citizen.js')]

// WeUI's dark theme, its removal of the focus ring and its margins between buttons go; sizes in px follow --k and --least.
const unwanted = /data-weui-theme|data-weui-mode|wx-root|weui-skin|:active:before|::?-webkit-search|hover|:focus|:visited|\.weui-btn \+ \.weui-btn/
function adapt(css) {
  const tree = postcss.parse(css)
  tree.walkAtRules('media', (at) => { if (/prefers-color-scheme|pointer|min-device/.test(at.params)) at.remove() })
  tree.walkRules((rule) => {
    rule.selectors = rule.selectors.filter((s) => !unwanted.test(s) || s.trim() === 'body')
    if (rule.selectors.length === 0 || rule.selector === '') rule.remove()
  })
  tree.walkRules((rule) => { if (rule.nodes.every((d) => d.prop?.startsWith('--'))) rule.remove() }) // ours are in citizen.css
  scale(tree)
  return tree.toString()
}
function scale(tree) {
  tree.walkDecls('font-size', (d) => {
    const px = /^(\d+(?:\.\d+)?)px$/.exec(d.value)
    if (px) d.value = `max(calc(${px[1]}px*var(--k)),var(--least))`
  })
}

function write(name, ending, text) {
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 10)
  const file = `${name}.${digest}.${ending}`
  const packed = gzipSync(text, { level: 9 })
  writeFileSync(join(here, 'dist', file), text)
  writeFileSync(join(here, 'dist', file + '.gz'), packed)
  console.log(`${file}  ${text.length} bytes, ${packed.length} packed`)
  return file
}

const weui = readFileSync(join(here, 'node_modules/weui/dist/style/weui.css'), 'utf8')
const [purged] = await new PurgeCSS().purge({
  content: content.map((path) => ({ raw: readFileSync(path, 'utf8'), extension: 'html' })),
  css: [{ raw: weui }], variables: false, keyframes: true, fontFace: true,
})
const own = postcss.parse(readFileSync(join(here, 'src/citizen.css'), 'utf8'))
scale(own)
const css = await esbuild.transform(adapt(purged.css) + own.toString(), { loader: 'css', minify: true, target, legalComments: 'none' })
const js = await esbuild.transform(readFileSync(join(here, 'src/citizen.js'), 'utf8'), { loader: 'js', minify: true, target })

for (const old of readdirSync(join(here, 'dist'))) {
  if (!old.startsWith('placeholder.')) rmSync(join(here, 'dist', old))
}
const manifest = { style: write('citizen', 'css', css.code), script: write('citizen', 'js', js.code) }
writeFileSync(join(here, 'dist/manifest.json'), JSON.stringify(manifest, null, 2) + '\n')
