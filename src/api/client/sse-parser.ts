/** What one block of server-sent events says. */
export interface SseMessage {
  readonly id: string | undefined
  readonly data: string
}

/** Characters of one message, at most; a stream that goes beyond is none. */
const longestMessage = 1_048_576

export type SseStep = { readonly kind: 'messages'; readonly messages: readonly SseMessage[] } | { readonly kind: 'too-long' }

const messageOf = (block: string): SseMessage | undefined => {
  const fields = block.split('\n').map((line) => /^(?<name>\w*)(?:: ?(?<value>.*))?$/s.exec(line)?.groups)
  const valuesOf = (name: string): readonly string[] => fields.filter((field) => field?.['name'] === name).map((field) => field?.['value'] ?? '')
  const data = valuesOf('data')
  return data.length === 0 ? undefined : { id: valuesOf('id').at(-1), data: data.join('\n') }
}

/** Takes a stream of server-sent events (WHATWG HTML, section 9.2) apart, as it comes. */
export const sseParser = (): ((text: string) => SseStep) => {
  let rest = ''
  return (text) => {
    rest = (rest + text).replaceAll('\r\n', '\n')
    const blocks = rest.split('\n\n')
    rest = blocks.pop() ?? ''
    if (rest.length > longestMessage) return { kind: 'too-long' }
    return { kind: 'messages', messages: blocks.flatMap((block) => messageOf(block) ?? []) }
  }
}
