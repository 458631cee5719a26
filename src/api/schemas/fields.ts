import { z } from 'zod'

/*
 * What the fields of all views are made of.
 */

/** ISO 8601 in UTC. */
export const time = z.string().meta({ format: 'date-time' })
export const family = z.enum(['A', 'AAAA'])
export const opinion = z.enum(['up', 'down'])
export const state = z.enum(['unknown', 'up', 'down'])
export const texts = z.array(z.string())
/** In [0, 1]. */
export const share = z.number().min(0).max(1)
