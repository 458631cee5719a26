/**
 * Keeps a label to a bounded number of values, for some come from outside: the first ones by themselves, all further
 * ones as `other`.
 */
export const createBoundedLabel = (most: number): ((value: string) => string) => {
  const known = new Set<string>()
  return (value) => {
    if (known.has(value)) return value
    if (known.size >= most) return 'other'
    known.add(value)
    return value
  }
}
