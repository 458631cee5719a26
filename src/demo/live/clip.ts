/** Colours and the like, which take no room. */
const escape = new RegExp(String.raw`\u001B\[[\d;]*m`, 'y')

/** The text as far as it fits into so many columns; of ASCII, with or without colours. */
export const clip = (text: string, columns: number): string => {
  let shown = ''
  let used = 0
  for (let at = 0; at < text.length; ) {
    escape.lastIndex = at
    const code = escape.exec(text)?.[0]
    if (code === undefined && used === columns) return text.includes('\u001B') ? `${shown}\u001B[0m` : shown
    const next = code ?? text.charAt(at)
    if (code === undefined) used += 1
    shown += next
    at += next.length
  }
  return shown
}
