import type { ConfigInput } from './config-schema.ts'
import { errorAt, type Path, type Report } from './problem.ts'
import { didYouMean } from './suggest.ts'
import type { RuleInput } from './webhook-schema.ts'
import type { SourceMode } from '../core/word.ts'

const isTemplate = (text: string): boolean => text.includes('{')

const checkTemplate = (template: string, path: Path, report: Report): void => {
  if (/^(?:[^{}]|\{[^{}\s]+\})*$/.test(template)) return
  report(errorAt(path, 'a field is named in braces without spaces, such as {labels.region}'))
}

const regionsOf = (input: ConfigInput, site: string): readonly string[] => Object.keys(input.sites[site]?.regions ?? {})

const checkRule = (rule: RuleInput, siteNames: readonly string[], input: ConfigInput, path: Path, report: Report): void => {
  const { site, region } = rule
  if (isTemplate(site)) checkTemplate(site, [...path, 'site'], report)
  else if (!siteNames.includes(site)) return report(errorAt([...path, 'site'], `there is no site ${JSON.stringify(site)}${didYouMean(site, siteNames, 'there are')}`))
  if (isTemplate(region)) return checkTemplate(region, [...path, 'region'], report)
  const known = isTemplate(site) ? [...new Set(siteNames.flatMap((name) => regionsOf(input, name)))] : regionsOf(input, site)
  if (known.includes(region)) return
  const where = isTemplate(site) ? 'no site has a region' : `site "${site}" has no region`
  report({
    ...errorAt([...path, 'region'], `${where} ${JSON.stringify(region)}${didYouMean(region, known, 'there are')}`),
    restsOn: isTemplate(site) ? ['sites'] : ['sites', site, 'regions'],
  })
}

/** What rules name must be there. `siteNames`: of all sites, those included whose config could not be read. */
export const checkWebhookRules = (input: ConfigInput, siteNames: readonly string[], report: Report): void => {
  for (const [name, { rules = [] }] of Object.entries(input.webhooks)) {
    for (const [at, rule] of rules.entries()) checkRule(rule, siteNames, input, ['webhooks', name, 'rules', at], report)
  }
}

/** The webhooks that may speak of a site, and what their word weighs. */
export const sourcesOf = (site: string, webhooks: ConfigInput['webhooks']): Readonly<Record<string, SourceMode>> =>
  Object.fromEntries(
    Object.entries(webhooks)
      .filter(([, { type, rules = [] }]) => type === 'json' || rules.some((rule) => rule.site === site || isTemplate(rule.site)))
      .map(([name, { mode }]) => [name, mode]),
  )
