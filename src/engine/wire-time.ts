import type { Clock } from './ports.ts'

/** Milliseconds since the epoch as ISO 8601. */
export const isoOf = (wallMs: number | undefined): string | null => (wallMs === undefined || !Number.isFinite(wallMs) || Math.abs(wallMs) > 8.64e15 ? null : new Date(wallMs).toISOString())

/** Engine milliseconds as ISO 8601. */
export const isoAt = (at: number | undefined, { now, wallNow }: Pick<Clock, 'now' | 'wallNow'>): string | null => (at === undefined ? null : isoOf(wallNow() - (now() - at)))
