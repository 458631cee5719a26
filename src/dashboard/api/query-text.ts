/** `?a=1&b=2` of what is there; nothing of what is undefined or empty. */
export const queryText = (parts: Readonly<Record<string, string | number | undefined>>): string => {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parts)) if (value !== undefined && value !== '') query.set(name, String(value))
  return query.size === 0 ? '' : `?${query.toString()}`
}
