import { addressTypes, type RRsetKey } from '../core/rrset.ts'
import type { Site } from '../core/site.ts'

/** The RRsets that a site's decision is about: of each name A before AAAA. */
export const keysOf = (site: Site): readonly RRsetKey[] => site.names.flatMap((name) => addressTypes.map((type) => ({ name, type })))
