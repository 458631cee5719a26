import type { Observation } from './observation.ts'
import { printable } from './printable.ts'
import type { Refusal, WebhookRule } from './webhook-source.ts'
import { fitsWildcard } from './wildcard.ts'

type Fields = Observation['fields']

export type Mapping = { readonly kind: 'mapped'; readonly site: string; readonly region: string } | Refusal

/** No name of a site or region is longer: they are made of host names. */
const longestName = 253

const refused = (code: Refusal['code'], text: string): Refusal => ({ kind: 'refused', status: 422, code, text })

const fieldOf = (fields: Fields, name: string): string | undefined => (Object.hasOwn(fields, name) ? fields[name] : undefined)

const fits = ({ when }: WebhookRule, fields: Fields): boolean =>
  Object.entries(when).every(([name, pattern]) => {
    const value = fieldOf(fields, name)
    return value !== undefined && fitsWildcard(pattern, value)
  })

const list = (fields: Fields): string => {
  const shown = 24
  const all = Object.entries(fields)
  const some = all.slice(0, shown).map(([name, value]) => `${printable(name, 60)}="${printable(value, 60)}"`)
  return `${some.join(', ')}${all.length > shown ? `, and ${all.length - shown} more` : ''}`
}

const fill = (what: 'site' | 'region', template: string, fields: Fields): { readonly kind: 'name'; readonly name: string } | Refusal => {
  const missing = [...template.matchAll(/\{(?<name>[^{}]*)\}/g)].map(({ groups }) => groups?.['name'] ?? '').find((name) => (fieldOf(fields, name) ?? '') === '')
  if (missing !== undefined) {
    return refused('missing-field', `The ${what} is named by the field ${printable(missing, 100)}, which is missing or empty; there are ${list(fields)}.`)
  }
  const name = template.replaceAll(/\{([^{}]*)\}/g, (_, field: string) => fieldOf(fields, field) ?? '')
  return name.length <= longestName && printable(name, longestName) === name
    ? { kind: 'name', name }
    : refused('bad-name', `The ${what} would be "${printable(name, 80)}", which is no name: more than ${longestName} characters, or some that do not print.`)
}

/** Where an observation belongs, by the first rule that fits. */
export const mapRules = ({ fields }: Observation, rules: readonly WebhookRule[]): Mapping => {
  const rule = rules.find((each) => fits(each, fields))
  if (rule === undefined) {
    return refused('no-rule', `None of the ${rules.length} rules of this source fits: there are ${list(fields)}. Add a rule for it, or do not send it here.`)
  }
  const site = fill('site', rule.site, fields)
  if (site.kind === 'refused') return site
  const region = fill('region', rule.region, fields)
  if (region.kind === 'refused') return region
  return { kind: 'mapped', site: site.name, region: region.name }
}
