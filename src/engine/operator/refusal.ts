import type { Actor, Outcome, RefusalCode } from '../operations.ts'

export const refused = <T>(code: RefusalCode, text: string, advice?: string): Outcome<T> => ({ kind: 'refused', code, text, ...(advice === undefined ? {} : { advice }) })

/** Who ordered it, for people. */
export const byLine = ({ name, via }: Actor): string => `${name} (${via})`

/** An order that cannot be written down is not in force. */
export const saved = async (write: Promise<void>): Promise<Outcome<undefined>> => {
  try {
    await write
    return { kind: 'done', value: undefined }
  } catch (error) {
    return refused('not-saved', error instanceof Error ? error.message : String(error), 'nothing has changed; mend the state directory and give the order again')
  }
}
