import { Worker } from 'node:worker_threads'
import type { Answer, FromWorker, HistoryRow, Question, Retention, ToWorker } from './messages.ts'
import { createQuestions } from './questions.ts'

export interface LinkOptions {
  readonly file: string
  readonly workerUrl: URL
  readonly run: string
  readonly retention: Retention
  now(): number
  wallNow(): number
  /** The file can be used, and its events go up to this id; undefined: it cannot, or nobody knows. */
  onFile(maxId: number | undefined): void
  /** Trouble began; said once, however long it lasts. */
  onTrouble(text: string): void
  /** It is over. */
  onRecovered(lastedMs: number): void
  onSetAside(text: string): void
  /** The next rows to be written; none: nothing is due. */
  take(): readonly HistoryRow[]
}

/** The worker, as the thread that checks sees it. No method waits or throws. */
export interface WorkerLink {
  /** To be called again and again: starts, retries, sends. */
  turn(): void
  /** Sends what is due at once, if the last batch has been written. */
  pump(): void
  /** Asked once all that is due has been written. */
  ask(question: Question): Promise<Answer>
  trouble(): string | undefined
  /** Sends all that is there, ends the worker, and waits for both until the signal aborts. */
  close(signal: AbortSignal): Promise<void>
}

const retryMs = 30_000
/** Without a word for so long the disk, or the machine, stands still. */
const silentMs = 15_000
const tidyEveryMs = 60_000
const tidyMoreMs = 2_000
/** Messages without a reply, and questions yet to be sent: what asks on while the disk stands still must not fill the memory. */
const mostOwed = 500
/** What the worker's JavaScript may use; SQLite's own memory is bounded by its cache. */
const heapMb = 256

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

export const createWorkerLink = (options: LinkOptions): WorkerLink => {
  const { file, workerUrl, run, now, wallNow } = options
  const questions = createQuestions()
  let worker: Worker | undefined
  let isOpen = false
  let isClosing = false
  /** Told once nothing is left to send, or it cannot be. */
  let idle: readonly (() => void)[] = []
  let onClosed: (() => void) | undefined
  let trouble: { readonly text: string; readonly since: number } | undefined
  let triedAt = -Infinity
  let heardAt = now()
  let seq = 0
  let batch: { readonly seq: number; readonly rows: readonly HistoryRow[]; isSent: boolean } | undefined
  let tidyAt = now() + tidyMoreMs
  let awaited = 0

  const send = (message: ToWorker): void => {
    if (worker === undefined) return
    // Nothing is owed: the silence is counted from here.
    if (awaited === 0) heardAt = now()
    awaited++
    worker.postMessage(message, [])
  }

  const tellIdle = (): void => {
    const told = idle
    idle = []
    for (const each of told) each()
  }

  const fail = (text: string): void => {
    if (batch !== undefined) batch.isSent = false
    isOpen = false
    triedAt = now()
    if (trouble === undefined && !isClosing) {
      trouble = { text, since: now() }
      options.onTrouble(text)
    }
    tellIdle()
  }

  const pump = (): void => {
    if (!isOpen || batch?.isSent === true) return
    if (batch === undefined) {
      const rows = options.take()
      // After trouble even nothing is written, to see whether it goes.
      if (rows.length === 0) tellIdle()
      if (rows.length === 0 && (trouble === undefined || isClosing)) return
      batch = { seq: ++seq, rows, isSent: false }
    }
    batch.isSent = true
    send({ kind: 'write', run, seq: batch.seq, rows: batch.rows, wallMs: wallNow() })
  }

  const whenIdle = (then: () => void): void => {
    if (trouble !== undefined || worker === undefined) return then()
    idle = [...idle, then]
    pump()
  }

  const recover = (): void => {
    if (trouble === undefined) return
    const lastedMs = now() - trouble.since
    trouble = undefined
    options.onRecovered(lastedMs)
  }

  const hear = (message: FromWorker): void => {
    heardAt = now()
    awaited = Math.max(0, awaited - (message.kind === 'set-aside' ? 0 : 1))
    switch (message.kind) {
      case 'opened':
        isOpen = true
        options.onFile(message.maxId)
        return pump()
      case 'trouble':
        fail(message.text)
        return options.onFile(undefined)
      case 'set-aside':
        return options.onSetAside(message.text)
      case 'written':
        if (batch?.seq === message.seq) batch = undefined
        recover()
        return pump()
      case 'answer':
        return questions.settle(message.id, message.answer)
      case 'tidied':
        tidyAt = now() + (message.isMore ? tidyMoreMs : tidyEveryMs)
        return
      case 'closed':
        return onClosed?.()
    }
  }

  const lose = (which: Worker, text: string): void => {
    if (worker !== which) return
    worker = undefined
    awaited = 0
    triedAt = now()
    questions.settleAll({ kind: 'trouble', text })
    onClosed?.()
    fail(text)
    options.onFile(undefined)
  }

  const start = (): void => {
    triedAt = now()
    try {
      const made = new Worker(workerUrl, { workerData: file, resourceLimits: { maxOldGenerationSizeMb: heapMb } })
      worker = made
      made.on('message', hear)
      made.on('error', (error) => lose(made, `the thread that writes the history ended: ${messageOf(error)}`))
      made.on('exit', (code) => lose(made, `the thread that writes the history ended (exit code ${code})`))
      // A service that ends does not wait for it beyond `close`.
      made.unref()
      send({ kind: 'open', wallMs: wallNow() })
    } catch (error) {
      fail(`the thread that writes the history cannot be started: ${messageOf(error)}`)
      options.onFile(undefined)
    }
  }

  /** Always with a new thread: what is left open of a failed attempt goes with the old one, and with nothing else. */
  const retry = (): void => {
    if (now() - triedAt < retryMs || awaited > 0) return
    const old = worker
    worker = undefined
    old?.removeAllListeners('message')
    void old?.terminate()
    start()
  }

  return {
    turn: () => {
      if (isClosing) return
      if (worker === undefined || !isOpen) retry()
      if (awaited > 0 && now() - heardAt > silentMs && trouble === undefined) {
        trouble = { text: `${file}: nothing was heard of the disk for ${Math.round(silentMs / 1000)} s`, since: now() }
        options.onTrouble(trouble.text)
        options.onFile(undefined)
      }
      pump()
      if (isOpen && now() >= tidyAt) {
        tidyAt = Infinity
        const { eventsMs, minutesMs, hoursMs } = options.retention
        send({ kind: 'tidy', wallMs: wallNow(), retention: { eventsMs, minutesMs, hoursMs } })
      }
    },
    pump,
    ask: async (question) => {
      if (worker === undefined) return { kind: 'trouble', text: trouble?.text ?? 'the history is closed' }
      if (awaited + idle.length >= mostOwed) return { kind: 'trouble', text: `${mostOwed} questions wait for an answer already` }
      const { id, until, answer } = questions.put()
      // What came before is written before it is read.
      whenIdle(() => send({ kind: 'ask', id, question, until, wallMs: wallNow() }))
      return answer
    },
    trouble: () => trouble?.text,
    close: async (signal) => {
      isClosing = true
      const last = worker
      if (last === undefined) return
      const until = (listen: (done: () => void) => void): Promise<void> =>
        new Promise((resolve) => {
          if (signal.aborted) return resolve()
          signal.addEventListener('abort', () => resolve(), { once: true })
          listen(resolve)
        })
      await until(whenIdle)
      await until((done) => {
        onClosed = done
        send({ kind: 'close' })
        if (worker === undefined) done()
      })
      worker = undefined
      questions.settleAll({ kind: 'trouble', text: 'the history is closed' })
      // Not waited for: a thread that hangs in a system call cannot be ended.
      last.removeAllListeners('message')
      void last.terminate()
    },
  }
}
