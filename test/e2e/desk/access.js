// What a person who cannot see or does not use a mouse needs of a page; read from the browser, not from the source.

/** Roles whose elements do something and must therefore have a name. */
const acting = new Set(['textbox', 'searchbox', 'combobox', 'checkbox', 'radio', 'switch', 'spinbutton', 'slider', 'button', 'link', 'menuitem', 'tab', 'option', 'listbox'])

/** What is missing on a page: title, language, landmark, one heading, names. Empty when nothing is. */
export async function lacks(page) {
  const missing = await page.evaluate(() => {
    const out = []
    if (!document.title.trim()) out.push('a title')
    if (!document.documentElement.lang) out.push('a language')
    const seen = (el) => el.checkVisibility?.() ?? true
    const mains = [...document.querySelectorAll('main, [role=main]')].filter(seen)
    if (mains.length !== 1) out.push(`${mains.length} main landmarks`)
    const heads = [...document.querySelectorAll('h1')].filter(seen)
    if (heads.length !== 1) out.push(`${heads.length} first headings`)
    for (const img of document.querySelectorAll('img')) if (!img.hasAttribute('alt')) out.push(`a text for ${img.src}`)
    return out
  })
  const session = await page.context().newCDPSession(page)
  const { nodes } = await session.send('Accessibility.getFullAXTree')
  await session.detach()
  for (const n of nodes) {
    if (n.ignored || !acting.has(n.role?.value)) continue
    if (!(n.name?.value ?? '').trim()) missing.push(`a name for a ${n.role.value}: ${JSON.stringify(n.properties?.map((p) => [p.name, p.value?.value]).slice(0, 4))}`)
  }
  return missing
}

/**
 * Words whose contrast with what lies behind them is below 4.5:1 (3:1 for large ones; WCAG 2.2, 1.4.3). Runs in a page or
 * a frame; what is disabled is left out, as the rule does.
 */
export function faint(target) {
  return target.locator('body').evaluate((body) => {
    const parse = (c) => {
      const [r, g, b, a = 1] = c.match(/[\d.]+/g).map(Number)
      return { r, g, b, a }
    }
    const over = (top, under) => ({
      r: top.r * top.a + under.r * (1 - top.a),
      g: top.g * top.a + under.g * (1 - top.a),
      b: top.b * top.a + under.b * (1 - top.a),
      a: 1,
    })
    function behind(el) {
      const layers = []
      for (let at = el; at; at = at.parentElement) {
        const c = parse(getComputedStyle(at).backgroundColor)
        if (c.a > 0) layers.push(c)
        if (c.a === 1) break
      }
      return layers.reverse().reduce((under, top) => over(top, under), { r: 255, g: 255, b: 255, a: 1 })
    }
    const light = ({ r, g, b }) => {
      const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4))
      return 0.2126 * x + 0.7152 * y + 0.0722 * z
    }
    const out = new Set()
    const walk = document.createTreeWalker(body, NodeFilter.SHOW_TEXT)
    while (walk.nextNode()) {
      const text = walk.currentNode.textContent.trim()
      const el = walk.currentNode.parentElement
      if (!text || !el.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || el.closest('script, style, noscript, :disabled, [aria-disabled=true], .is-disabled')) continue
      const style = getComputedStyle(el)
      const ground = behind(el)
      const [a, b] = [light(over(parse(style.color), ground)), light(ground)].sort((x, y) => y - x)
      const ratio = (a + 0.05) / (b + 0.05)
      const size = parseFloat(style.fontSize)
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
      if (ratio < (large ? 3 : 4.5)) out.add(`${ratio.toFixed(2)}:1 “${text.slice(0, 20)}” ${style.color}`)
    }
    return [...out]
  })
}

/** Links and buttons that are smaller than a thumb needs, in CSS px. Links within a sentence are left out. */
export function small(target, least) {
  return target.locator('body').evaluate((body, least) => {
    const out = []
    for (const el of body.querySelectorAll('a, button, input:not([type=hidden]), select, textarea')) {
      if (!el.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue
      const box = (el.closest('label') ?? el).getBoundingClientRect() // a thumb may also hit the words beside a box to tick
      if (box.bottom < 0 || box.width < 2) continue // the way to skip shows itself on focus
      if (getComputedStyle(el).display === 'inline' && el.parentElement.textContent.trim() !== el.textContent.trim()) continue
      if (box.height < least - 0.5) out.push(`${Math.round(box.width)}×${Math.round(box.height)} “${(el.textContent || el.name || el.type).trim().slice(0, 16)}”`)
    }
    return out
  }, least)
}
