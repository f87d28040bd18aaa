import { describe, expect, it } from 'vitest'
import { createScreens, readAddress, writeAddress } from './screens'

describe('address', () => {
  it.each([
    ['/?citizen=c1&account=zw', { citizen: 'c1', account: 'zw', panel: true, others: [] }],
    ['/?citizen=c1&panel=off', { citizen: 'c1', account: '', panel: false, others: [] }],
    ['/?citizen=c1&with=c2%2Cc3', { citizen: 'c1', account: '', panel: true, others: ['c2', 'c3'] }],
    ['/', { citizen: '', account: '', panel: true, others: [] }],
  ])('%s there and back', (url, want) => {
    expect(readAddress(url.slice(1))).toEqual(want)
    expect(writeAddress(want)).toBe(url)
  })
  it('keeps odd ids whole', () => {
    const odd = { citizen: 'a&b=c', account: '青', panel: true, others: [] }
    expect(readAddress(writeAddress(odd).slice(1))).toEqual(odd)
  })
  it('holds nobody twice and no more phones than fit', () => {
    expect(readAddress('?citizen=a&with=a,b,b,c,d').others).toEqual(['b', 'c'])
  })
})

describe('screens', () => {
  it('opens a chat over the list, whatever was open', () => {
    const s = createScreens()
    s.show('contacts')
    s.push({ name: 'account', account: 'zw' })
    s.openChat('zw')
    expect(s.place.tab).toBe('chats')
    expect(s.place.stack).toEqual([{ name: 'chat', account: 'zw' }])
    s.back()
    expect(s.top.value).toBeUndefined()
  })
  it('does not stack the same screen twice', () => {
    const s = createScreens()
    s.push({ name: 'account', account: 'zw' })
    s.push({ name: 'account', account: 'zw' })
    expect(s.place.stack).toHaveLength(1)
    s.push({ name: 'account', account: 'zw', ticket: 't' })
    expect(s.place.stack).toHaveLength(2)
  })
})
