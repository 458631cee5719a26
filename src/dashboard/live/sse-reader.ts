export interface SseEvent {
  readonly id: string | undefined
  readonly data: string
}

/** Takes a stream of server-sent events apart, as it comes. A comment is nothing but a sign of life. */
export const sseReader = (): ((text: string) => readonly SseEvent[]) => {
  let rest = ''
  let id: string | undefined
  let data: string[] = []

  const take = (line: string): SseEvent | undefined => {
    if (line === '') {
      const event = data.length === 0 ? undefined : { id, data: data.join('\n') }
      data = []
      return event
    }
    const { name, value = '' } = /^(?<name>[^:]*)(?:: ?(?<value>.*))?$/s.exec(line)?.groups ?? {}
    if (name === 'id') id = value
    if (name === 'data') data.push(value)
    return undefined
  }

  return (text) => {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    return lines.flatMap((line) => take(line) ?? [])
  }
}
