import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { contrast, difference, visions } from './palette.ts'

const css = await readFile(new URL('../../src/dashboard/styles/tokens.css', import.meta.url), 'utf8')

/** The colours under a selector, by name. */
const coloursUnder = (selector: string): Readonly<Record<string, string>> => {
  const at = css.indexOf(`${selector} {`)
  const block = css.slice(at, css.indexOf('}', at))
  return Object.fromEntries([...block.matchAll(/--(?<name>[\w-]+): (?<value>#[0-9a-f]{6});/g)].map(({ groups }) => [groups?.['name'] ?? '', groups?.['value'] ?? '']))
}

const themes = { light: coloursUnder(":root[data-theme='light']"), dark: coloursUnder(":root[data-theme='dark']") }
const tones = ['ok', 'warn', 'bad', 'held', 'unsure']
const grounds = ['page', 'surface', 'sunken']

const of = (theme: keyof typeof themes, name: string): string => {
  const colour = themes[theme][name]
  if (colour === undefined) throw new Error(`${theme} has no colour ${name}`)
  return colour
}

it('is as dark by the system as it is by choice', () => {
  expect(coloursUnder(":root:not([data-theme='light'])")).toEqual(themes.dark)
  expect(Object.keys(themes.light)).toEqual(Object.keys(themes.dark))
})

it.each(['light', 'dark'] as const)('has enough contrast in the %s theme: WCAG AA', (theme) => {
  const texts = ['ink', 'muted', 'accent', ...tones].flatMap((name) => grounds.map((ground) => [name, ground] as const))
  const onSoft = tones.flatMap((tone) => [tone, 'ink'].map((name) => [name, `${tone}-soft`] as const))
  const weak = [...texts, ...onSoft, ['on-accent', 'accent'] as const].filter(([name, ground]) => contrast(of(theme, name), of(theme, ground)) < 4.5)
  expect(weak).toEqual([])
  // Lines of what can be used, and bars: 3 to 1.
  expect(['edge', 'bar-ok', 'bar-warn', 'bar-bad'].filter((name) => contrast(of(theme, name), of(theme, 'surface')) < 3)).toEqual([])
})

it.each(['light', 'dark'] as const)('tells states apart in the %s theme, whatever colours somebody sees', (theme) => {
  const pairs = [
    ['bar-ok', 'bar-bad'],
    ['bar-ok', 'bar-warn'],
    ['bar-warn', 'bar-bad'],
    ['ok', 'bad'],
    ['ok', 'warn'],
  ] as const
  const alike = Object.entries(visions).flatMap(([vision, matrix]) => pairs.filter(([a, b]) => difference(of(theme, a), of(theme, b), matrix) < 10).map(([a, b]) => `${a} and ${b}, ${vision}: ${difference(of(theme, a), of(theme, b), matrix).toFixed(1)}`))
  expect(alike).toEqual([])
})
