import type { Lag } from './freshness.ts'

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`

/** How far a region is behind, and whom. */
export const lagText = ({ lagMs, writer, ahead }: Pick<Lag, 'lagMs' | 'writer' | 'ahead'>): string => {
  const whose = writer === ahead ? '' : ` in what ${writer} writes`
  return lagMs === undefined ? `has no heartbeat of ${writer}, which ${ahead} has` : `is ${seconds(lagMs)} behind ${ahead}${whose}`
}
