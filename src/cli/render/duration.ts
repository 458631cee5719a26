/** How long something took, for people: `3.2 ms`, `45 ms`, `2.5 s`, `90 s`. */
export const tookText = (ms: number): string => {
  if (ms < 10) return `${Math.round(ms * 10) / 10} ms`
  if (ms < 1000) return `${Math.round(ms)} ms`
  return ms < 10_000 ? `${Math.round(ms / 100) / 10} s` : `${Math.round(ms / 1000)} s`
}

/** A moment as the local time of day: `14:03:12`. */
export const clockText = (iso: string): string => {
  const date = new Date(iso)
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':')
}
