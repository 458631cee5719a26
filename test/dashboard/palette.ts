/** Linear light of a colour such as `#0b5c9e`: red, green, blue in [0, 1]. */
export type Linear = readonly [number, number, number]

export const linearOf = (hex: string): Linear => {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return [channel(1), channel(3), channel(5)]
}

const luminance = ([red, green, blue]: Linear): number => 0.2126 * red + 0.7152 * green + 0.0722 * blue

/** WCAG 2.2, from 1 to 21. */
export const contrast = (a: string, b: string): number => {
  const [dark = 0, light = 0] = [luminance(linearOf(a)), luminance(linearOf(b))].toSorted((one, other) => one - other)
  return (light + 0.05) / (dark + 0.05)
}

type Matrix = readonly [Linear, Linear, Linear]

/** Viénot, Brettel and Mollon (1999): how dichromats see linear light. */
export const visions: Readonly<Record<'usual' | 'protanopia' | 'deuteranopia' | 'tritanopia', Matrix>> = {
  usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]],
  deuteranopia: [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]],
  tritanopia: [[1, 0.14461, -0.14461], [0, 0.85924, 0.14076], [0, 0.85924, 0.14076]],
}

const seen = (colour: Linear, [red, green, blue]: Matrix): Linear => {
  const dot = (row: Linear): number => Math.max(0, Math.min(1, row[0] * colour[0] + row[1] * colour[1] + row[2] * colour[2]))
  return [dot(red), dot(green), dot(blue)]
}

/** CIE 1976 L*a*b*, D65. */
const labOf = ([red, green, blue]: Linear): Linear => {
  const f = (t: number): number => (t > 216 / 24_389 ? Math.cbrt(t) : (24_389 / 27) * (t / 116) + 16 / 116)
  const x = f((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047)
  const y = f(0.2126 * red + 0.7152 * green + 0.0722 * blue)
  const z = f((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

/** How far apart two colours look to somebody: 2.3 is just noticeable, 10 is plain at a glance. */
export const difference = (a: string, b: string, vision: Matrix): number => {
  const [one, other] = [labOf(seen(linearOf(a), vision)), labOf(seen(linearOf(b), vision))]
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2])
}
