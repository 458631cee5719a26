import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { interpolate } from '../../src/config/interpolate.ts'

const env = { A: 'one', EMPTY: '', INJECT: '"}\nkey: value', NESTED: '${A}' }

describe('variables', () => {
  it.each([
    ['plain', 'plain'],
    ['${A}', 'one'],
    ['<${A}${A}>', '<oneone>'],
    ['${EMPTY}', ''],
    ['${EMPTY:-two}', 'two'],
    ['${NONE:-two}', 'two'],
    ['${NONE:-}', ''],
    ['${A:-two}', 'one'],
    ['$${A}', '${A}'],
    ['$A $ {A} $$', '$A $ {A} $$'],
    ['${INJECT}', '"}\nkey: value'],
    ['${NESTED}', '${A}'],
  ])('%s', (text, expected) => {
    expect(interpolate(text, env)).toMatchObject({ text: expected, faults: [] })
  })

  it.each(['${NONE}', '${', '${}', '${1A}', '${A-b}', '${A B}', '${toString}'])('%s is a fault', (text) => {
    const read = interpolate(text, env)
    expect(read.text).toBe(text)
    expect(read.faults).toHaveLength(1)
  })

  it('text without a variable stays as it is, and an escaped one comes back whole', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(interpolate(text.replaceAll('${', '$${'), env).text.replaceAll('$${', '${')).toBe(text.replaceAll('$${', '${'))
      }),
    )
  })
})
