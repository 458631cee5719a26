import { didYouMean } from './suggest.ts'

/** A variable of the environment that stands in the config. */
export interface Expansion {
  readonly name: string
  readonly value: string
}

export interface Interpolated {
  readonly text: string
  readonly expansions: readonly Expansion[]
  /** What is wrong, each with the piece of the text it is about. */
  readonly faults: readonly { readonly needle: string; readonly message: string }[]
}

const reference = /\$\$\{|\$\{(?:(?<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?<fallback>[^}]*))?\})?/g

/**
 * Replaces `${VAR}` and `${VAR:-default}` (the default also stands in for an empty variable, as in a shell);
 * `$${` is `${` itself. Runs after parsing, on one scalar, so that no value can add keys or end a quote.
 */
export const interpolate = (text: string, env: NodeJS.ProcessEnv): Interpolated => {
  const expansions: Expansion[] = []
  const faults: { needle: string; message: string }[] = []
  const replaced = text.replaceAll(reference, (match: string, ...rest: unknown[]) => {
    if (match === '$${') return '${'
    const { name, fallback } = rest.at(-1) as { name?: string; fallback?: string }
    if (name === undefined) {
      faults.push({ needle: match, message: 'a variable is written ${NAME} or ${NAME:-default}; for the characters ${ themselves write $${' })
      return match
    }
    const value = Object.hasOwn(env, name) ? env[name] : undefined
    if (fallback !== undefined && (value === undefined || value === '')) return fallback
    if (value === undefined) {
      const near = didYouMean(name, Object.keys(env), '').replace(/^; : .*$/s, '')
      faults.push({ needle: match, message: `the environment has no variable ${name}${near.startsWith('; did') ? near : `; set it, or write \${${name}:-default}`}` })
      return match
    }
    expansions.push({ name, value })
    return value
  })
  return { text: replaced, expansions, faults }
}
