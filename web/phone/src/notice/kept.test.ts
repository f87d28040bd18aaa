import { describe, expect, it } from 'vitest'
import { forget, keep, known } from './kept'

const kept = keep({}, 'chen', { a: 'accept', b: 'reject' })

describe('an answer for good', () => {
  it.each([
    ['stands for the templates it was given for', 'chen', ['a', 'b'], { a: 'accept', b: 'reject' }],
    ['stands for one of them', 'chen', ['b'], { b: 'reject' }],
    ['does not stand when a new template is asked for', 'chen', ['a', 'c'], null],
    ['does not stand for somebody else', 'li', ['a'], null],
    ['does not stand for nothing', 'chen', [], null],
  ])('%s', (_, citizen, templates, want) => expect(known(kept, citizen, templates)).toEqual(want))

  it('can be taken back, one by one', () => {
    const less = forget(kept, 'chen', 'a')
    expect(known(less, 'chen', ['a'])).toBeNull()
    expect(known(less, 'chen', ['b'])).toEqual({ b: 'reject' })
  })
})
