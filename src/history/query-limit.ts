import type { EventQuery } from '../engine/history-port.ts'

const mostEvents = 1000

/** How many events are given at once: from 1 to 1000. */
export const limitOf = ({ limit }: Pick<EventQuery, 'limit'>): number => Math.min(mostEvents, Math.max(1, Math.trunc(limit) || 1))
