/** Never rounded up to all of it: `100%` is said only of what was there without a gap. */
export const percentText = (share: number | null): string => {
  if (share === null) return '–'
  if (share >= 1) return '100%'
  const percent = share * 100
  const digits = percent >= 99 ? 3 : percent >= 90 ? 2 : 1
  const scale = 10 ** digits
  return `${(Math.floor(percent * scale + 1e-7) / scale).toFixed(digits)}%`
}
