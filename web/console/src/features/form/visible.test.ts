import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Form, Values } from './api'
import { visible } from './visible'

interface Golden {
  form: Form
  cases: { label: string; shaped: Values; visible: Record<string, boolean> }[]
}

// The same file that the server's tests hold Go to.
const golden = JSON.parse(readFileSync(fileURLToPath(new URL('../../../../../kernel/form/testdata/golden.json', import.meta.url)), 'utf8')) as Golden[]

describe.each(golden)('$form.title', ({ form, cases }) => {
  it.each(cases)('$label', (c) => expect(visible(form, c.shaped)).toEqual(c.visible))
})
