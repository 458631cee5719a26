import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mapRules } from '../../src/webhooks/map-rules.ts'
import type { Observation } from '../../src/webhooks/observation.ts'
import type { WebhookRule } from '../../src/webhooks/webhook-source.ts'
import { fitsWildcard } from '../../src/webhooks/wildcard.ts'

describe('a pattern', () => {
  it.each([
    ['abc', 'abc', true],
    ['abc', 'abcd', false],
    ['abc', 'ABC', false],
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'anything', true],
    ['a*', 'a', true],
    ['a*', 'ba', false],
    ['*a', 'ba', true],
    ['*a', 'ab', false],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c', false],
    ['ab*ba', 'aba', false],
    ['*ab*ab*', 'abab', true],
    ['*ab*ab*', 'aba', false],
    ['**', '', true],
    ['a**b', 'ab', true],
    ['a.c', 'abc', false],
    ['(a+)+$', '(a+)+$', true],
  ])('%j on %j: %s', (pattern, text, expected) => {
    expect(fitsWildcard(pattern, text)).toBe(expected)
  })

  it('fits as a regular expression would', () => {
    const some = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 })
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 })
    fc.assert(fc.property(some, text, (pattern, given) => void expect(fitsWildcard(pattern, given)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(given))), { numRuns: 2000 })
  })

  it('takes no time to speak of, whatever it is', () => {
    const started = performance.now()
    expect(fitsWildcard(`${'*a'.repeat(200)}*b`, 'a'.repeat(100_000))).toBe(false)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

const observation = (fields: Readonly<Record<string, string>>): Observation => ({ fields, opinion: 'down', detail: '', eventAt: 0, monitor: 'm' })

describe('rules', () => {
  const rules: readonly WebhookRule[] = [
    { when: { monitor: 'Shop *', 'labels.region': 'msk' }, site: 'shop.example.com', region: 'msk' },
    { when: { monitor: 'Shop *' }, site: 'shop.example.com', region: '{labels.region}' },
    { when: { 'labels.site': '*' }, site: '{labels.site}.example.com', region: '{labels.dc}-{labels.rack}' },
  ]
  const map = (fields: Readonly<Record<string, string>>): unknown => mapRules(observation(fields), rules)

  it.each([
    ['the first that fits', { monitor: 'Shop in Moscow', 'labels.region': 'msk' }, 'shop.example.com', 'msk'],
    ['the next, with a field', { monitor: 'Shop elsewhere', 'labels.region': 'ams' }, 'shop.example.com', 'ams'],
    ['several fields, and text between', { monitor: 'x', 'labels.site': 'blog', 'labels.dc': 'ams', 'labels.rack': 'b2' }, 'blog.example.com', 'ams-b2'],
    ['a field that looks like a field', { monitor: 'Shop x', 'labels.region': '{monitor}' }, 'shop.example.com', '{monitor}'],
  ])('%s', (_, fields, site, region) => {
    expect(map(fields)).toEqual({ kind: 'mapped', site, region })
  })

  it.each([
    [
      { monitor: 'Blog', status: 'down' },
      'no-rule',
      'None of the 3 rules of this source fits: there are monitor="Blog", status="down". Add a rule for it, or do not send it here.',
    ],
    [{ monitor: 'Shop x' }, 'missing-field', 'The region is named by the field labels.region, which is missing or empty; there are monitor="Shop x".'],
    [{ monitor: 'Shop x', 'labels.region': '' }, 'missing-field', 'The region is named by the field labels.region, which is missing or empty; there are monitor="Shop x", labels.region="".'],
    [{ monitor: 'Shop x', 'labels.region': 'a\nb' }, 'bad-name', 'The region would be "a b", which is no name: more than 253 characters, or some that do not print.'],
    [{ monitor: 'Shop x', 'labels.region': 'é'.repeat(254) }, 'bad-name', `The region would be "${'é'.repeat(79)}…", which is no name: more than 253 characters, or some that do not print.`],
  ])('%j: %s', (fields, code, text) => {
    expect(map(fields)).toEqual({ kind: 'refused', status: 422, code, text })
  })

  it('take no field from the prototype of an object', () => {
    expect(mapRules(observation({ monitor: 'x' }), [{ when: { toString: '*' }, site: 's', region: 'r' }])).toMatchObject({ code: 'no-rule' })
    expect(mapRules(observation({ monitor: 'x' }), [{ when: {}, site: '{constructor}', region: 'r' }])).toMatchObject({ code: 'missing-field' })
  })

  it('tell of many long fields in few words, and nothing that a terminal would obey', () => {
    const fields = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`labels.${index}\u001B[31m${'n'.repeat(100)}`, `\u001B[2J\u202E${'v'.repeat(1000)}`]))
    const mapping = mapRules(observation(fields), rules)
    if (mapping.kind === 'mapped') throw new Error('mapped')
    expect(mapping.text).toContain(', and 476 more')
    expect(mapping.text.length).toBeLessThan(4000)
    expect(mapping.text).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })
})
