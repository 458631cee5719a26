import { existsSync, readdirSync, readFileSync } from 'node:fs'

const folders = ['/etc/systemd/system', '/run/systemd/system', '/usr/local/lib/systemd/system', '/lib/systemd/system']

/** Assignments of a unit file in order, as `[section, key, value]`; comments and continued lines as systemd.syntax(7) says. */
export const parseUnit = (text) => {
  let section = ''
  return text
    .replaceAll(/\\\n[ \t]*/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .flatMap((line) => {
      if (line === '' || /^[#;]/.test(line)) return []
      const heading = /^\[(.+)\]$/.exec(line)
      if (heading !== null) {
        section = heading[1]
        return []
      }
      const at = line.indexOf('=')
      if (at < 1) throw new Error(`no assignment: ${line}`)
      return [[section, line.slice(0, at).trim(), line.slice(at + 1).trim()]]
    })
}

const fileOf = (name) => folders.map((folder) => `${folder}/${name}`).find((file) => existsSync(file))
const dropIns = (name) =>
  folders
    .map((folder) => `${folder}/${name}.d`)
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).filter((file) => file.endsWith('.conf')).toSorted().map((file) => `${folder}/${file}`))

export const unitExists = (name) => fileOf(name) !== undefined

/** A unit with its drop-ins. An empty assignment forgets the ones before, as with systemd. */
export const loadUnit = (name) => {
  const file = fileOf(name)
  if (file === undefined) throw new Error(`there is no unit ${name}`)
  const values = new Map()
  for (const [section, key, value] of [file, ...dropIns(name)].flatMap((each) => parseUnit(readFileSync(each, 'utf8')))) {
    const place = `${section}.${key}`
    values.set(place, value === '' ? [] : [...(values.get(place) ?? []), value])
  }
  const all = (place) => values.get(place) ?? []
  return {
    name,
    file,
    all,
    last: (place, otherwise) => all(place).at(-1) ?? otherwise,
    /** All words of a list such as After=. */
    words: (place) => all(place).flatMap((value) => value.split(/\s+/)),
    keys: () => [...values.keys()],
  }
}

const unitMs = { us: 0.001, ms: 1, s: 1000, sec: 1000, second: 1000, seconds: 1000, '': 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 }

/** A time span as systemd.time(7) writes it, in milliseconds; infinity as such. */
export const spanMs = (text) => {
  if (text === 'infinity') return Number.POSITIVE_INFINITY
  const parts = [...text.matchAll(/\s*(\d+(?:\.\d+)?)\s*([a-z]*)/g)]
  if (parts.length === 0 || parts.map(([all]) => all).join('') !== text || parts.some(([, , unit]) => unitMs[unit] === undefined)) throw new Error(`no time span: ${text}`)
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * unitMs[unit], 0)
}
