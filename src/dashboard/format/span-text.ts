const units = [
  { ms: 86_400_000, word: 'd' },
  { ms: 3_600_000, word: 'h' },
  { ms: 60_000, word: 'min' },
  { ms: 1_000, word: 's' },
] as const

const short = (value: number): string => (value < 10 ? (Math.round(value * 10) / 10).toString() : Math.round(value).toString())

/** How long, in at most two units: `380 ms`, `1.4 s`, `12 min 5 s`, `3 h 20 min`, `4 d`. */
export const spanText = (ms: number): string => {
  const all = Math.max(0, ms)
  if (all < 1000) return `${Math.round(all)} ms`
  if (all < 59_500) return `${short(all / 1000)} s`
  const whole = Math.round(all / 1000) * 1000
  const at = units.findIndex((unit) => whole >= unit.ms)
  const unit = units[at]
  if (unit === undefined) return '0 s'
  const next = units[at + 1]
  const count = Math.floor(whole / unit.ms)
  const rest = next === undefined ? 0 : Math.floor((whole - count * unit.ms) / next.ms)
  return next === undefined || rest === 0 ? `${count} ${unit.word}` : `${count} ${unit.word} ${rest} ${next.word}`
}

/** How long ago or until, in one unit, for what changes under the reader's eyes: `12 s`, `3 min`, `5 h`, `4 d`. */
export const roughSpan = (ms: number): string => {
  const whole = Math.max(0, Math.round(ms / 1000)) * 1000
  const unit = units.find((each) => whole >= each.ms)
  return unit === undefined ? '0 s' : `${Math.floor(whole / unit.ms)} ${unit.word}`
}

export const agoText = (atMs: number, nowMs: number): string => (nowMs - atMs < 1000 ? 'just now' : `${roughSpan(nowMs - atMs)} ago`)

const two = (value: number): string => String(value).padStart(2, '0')

/** Time that runs down: `0:42`, `12:05`, `1:02:05`. */
export const countdownText = (ms: number): string => {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes}:${two(seconds % 60)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
}
