/** A number in [0, 1) that is always the same for a text (FNV-1a): gives each address a phase of its own. */
export const phaseOf = (text: string): number => {
  let hash = 0x81_1c_9d_c5
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01_00_01_93)
  return (hash >>> 0) / 2 ** 32
}

/** One so near has come: a sum of fractions may be a hair short of it. Milliseconds. */
const hairMs = 0.001

/** The next regular turn after `now`: turns are `everyMs` apart, shifted by `phase` of that. */
export const nextTurn = (now: number, everyMs: number, phase: number): number => {
  const shift = phase * everyMs
  return (Math.floor((now + hairMs - shift) / everyMs) + 1) * everyMs + shift
}
