const escapes = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', s: ' ', '\\': '\\', '"': '"', "'": "'" }

/** The words of a command line by the rules of systemd.service(5); each with whether it was quoted. */
const split = (text) => {
  const words = []
  let [word, quote, isOpen, wasQuoted] = ['', '', false, false]
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]
    if (character === '\\') {
      const hex = /^x([0-9a-fA-F]{2})/.exec(text.slice(at + 1))
      const next = hex === null ? escapes[text[at + 1]] : String.fromCodePoint(Number.parseInt(hex[1], 16))
      if (next === undefined) throw new Error(`unknown escape in: ${text}`)
      word += next
      isOpen = true
      at += hex === null ? 1 : 3
    } else if (quote === '' && /\s/.test(character)) {
      if (isOpen) words.push({ word, wasQuoted })
      ;[word, isOpen, wasQuoted] = ['', false, false]
    } else if (character === quote) quote = ''
    else if (quote === '' && (character === '"' || character === "'") && !isOpen) [quote, isOpen, wasQuoted] = [character, true, true]
    else {
      word += character
      isOpen = true
    }
  }
  if (quote !== '') throw new Error(`unbalanced quotes in: ${text}`)
  return isOpen ? [...words, { word, wasQuoted }] : words
}

const specifiers = (name) => ({ '%': '%', n: name, N: name.replace(/\.[a-z]+$/, ''), p: name.replace(/(@.*)?\.[a-z]+$/, ''), i: /@(.*)\./.exec(name)?.[1] ?? '', t: '/run', S: '/var/lib', L: '/var/log', C: '/var/cache', E: '/etc' })

/** `%n` and its like. One that is not known here fails: better no lab than another command than systemd's. */
export const specified = (text, name) =>
  text.replaceAll(/%(.)/g, (whole, letter) => {
    const value = specifiers(name)[letter]
    if (value === undefined) throw new Error(`${name}: the lab does not know ${whole}`)
    return value
  })

/** One Exec line as arguments, `$VAR` and `${VAR}` replaced; `-` before it: its failure is none; `+` and `!`: as root. */
export const commandOf = (line, name, env) => {
  const [, prefix, text] = /^([-+!@:]*)(.*)$/s.exec(line)
  if (prefix.includes('@')) throw new Error(`${name}: the lab does not know @ before a command`)
  const args = split(specified(text, name)).flatMap(({ word, wasQuoted }) => {
    const whole = /^\$([A-Za-z_]\w*)$/.exec(word)
    if (whole !== null && !wasQuoted) return (env[whole[1]] ?? '').split(/\s+/).filter((each) => each !== '')
    return [word.replaceAll(/\$\$|\$\{(\w+)\}/g, (match, key) => (match === '$$' ? '$' : (env[key] ?? '')))]
  })
  return { args, mayFail: prefix.includes('-'), isPrivileged: /[+!]/.test(prefix) }
}
