import type { Answer } from './messages.ts'

/** How long an answer is waited for. */
const answerMs = 5_000

interface Put {
  readonly id: number
  /** Milliseconds since the epoch, by this process's clock, as the worker reads it. */
  readonly until: number
  readonly answer: Promise<Answer>
}

/** Questions that wait for their answers, each for its time. */
export interface Questions {
  put(): Put
  settle(id: number, answer: Answer): void
  settleAll(answer: Answer): void
}

export const createQuestions = (): Questions => {
  const waiting = new Map<number, (answer: Answer) => void>()
  let last = 0
  return {
    put: () => {
      const id = ++last
      const answer = new Promise<Answer>((resolve) => {
        const timer = setTimeout(() => settle({ kind: 'trouble', text: `the history did not answer within ${answerMs / 1000} s` }), answerMs)
        const settle = (given: Answer): void => {
          clearTimeout(timer)
          waiting.delete(id)
          resolve(given)
        }
        waiting.set(id, settle)
      })
      return { id, until: Date.now() + answerMs, answer }
    },
    settle: (id, answer) => waiting.get(id)?.(answer),
    settleAll: (answer) => {
      for (const settle of waiting.values()) settle(answer)
    },
  }
}
