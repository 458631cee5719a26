import type { StatusPageConfig } from './config.ts'
import type { SiteInput } from './site-schema.ts'

/** The public status pages that are on, by site; headed by the site's name unless it says otherwise. */
export const buildStatusPages = (sites: Readonly<Record<string, SiteInput>>): Readonly<Record<string, StatusPageConfig>> =>
  Object.fromEntries(
    Object.entries(sites).flatMap(([site, { statusPage }]) => (statusPage === false ? [] : [[site, { title: statusPage === true ? site : statusPage.title }] as const])),
  )
