import { describe, expect, it } from 'vitest'
import { change, openMenu, pageItems, shown } from './pagemenu'

const ids = (s: typeof openMenu) => shown(s).map((i) => i.id)

describe('page menu', () => {
  it('starts with everything', () => {
    expect(shown(openMenu)).toHaveLength(pageItems.length)
  })
  it('hides and shows by name', () => {
    const less = change(openMenu, 'hide', ['menuItem:share:timeline', 'menuItem:copyUrl', 'menuItem:unknown'])
    expect(ids(less)).not.toContain('share-timeline')
    expect(ids(less)).not.toContain('copy')
    expect(shown(less)).toHaveLength(pageItems.length - 2)
    expect(ids(change(less, 'show', ['menuItem:copyUrl']))).toContain('copy')
  })
  it('keeps refresh, text size and complaint whatever a page says', () => {
    const basic = ['refresh', 'font', 'report']
    expect(ids(change(openMenu, 'hide', ['menuItem:refresh', 'menuItem:exposeArticle']))).toEqual(expect.arrayContaining(basic))
    expect(ids(change(openMenu, 'hide_all', []))).toEqual(basic)
  })
  it('both names of "open in a browser" mean the one entry', () => {
    expect(ids(change(openMenu, 'hide', ['menuItem:openWithQQBrowser']))).not.toContain('browser')
  })
  it('takes the button away and brings it back', () => {
    expect(change(openMenu, 'hide_option', []).option).toBe(false)
    expect(change(change(openMenu, 'hide_option', []), 'show_option', []).option).toBe(true)
  })
  it('does not change the state it was given', () => {
    change(openMenu, 'hide_all', [])
    expect(openMenu.hidden.size).toBe(0)
    expect(change(openMenu, 'nonsense', [])).toBe(openMenu)
  })
})
