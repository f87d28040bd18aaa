import { describe, expect, it } from 'vitest'
import { actionOf } from './keys'

const press = (key: string, more = {}) => ({ key, altKey: false, ctrlKey: false, metaKey: false, ...more })

describe('a key', () => {
  it.each([
    ['? asks for help', press('?'), false, 'help'],
    ['? of a Chinese keyboard too', press('？'), false, 'help'],
    ['? is a letter while typing', press('?'), true, null],
    ['/ searches', press('/'), false, 'search'],
    ['/ is a letter while typing', press('/'), true, null],
    ['Alt+3 is the third tab, typing or not', press('3', { altKey: true }), true, 'find'],
    ['3 alone is nothing', press('3'), false, null],
    ['Ctrl+/ belongs to the browser', press('/', { ctrlKey: true }), false, null],
    ['Alt+← goes back', press('ArrowLeft', { altKey: true }), false, 'back'],
  ])('%s', (_, e, typing, want) => expect(actionOf(e, typing)).toBe(want))
})
