/** What kind of call a request is. */
export type CallKind = 'zones' | 'zone' | 'list' | 'batch' | 'other'

/** What goes wrong with one request. */
export type Fault =
  /** Answered so; `isApplied`: after it was done as asked. A string is sent as HTML. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>>; readonly isApplied?: boolean }
  /** The connection is reset; `isApplied`: after it was done as asked. */
  | { readonly kind: 'reset'; readonly isApplied?: boolean }
  /** The head and half of the body come, then nothing more. */
  | { readonly kind: 'stalled' }
  /** Answered with another body. */
  | { readonly kind: 'altered'; readonly alter: (body: Page) => unknown }
  /** Somebody else does something first; then it is answered as usual. */
  | { readonly kind: 'meanwhile'; readonly act: () => void }

/** A list's answer. */
export interface Page {
  readonly success: boolean
  readonly errors: readonly unknown[]
  readonly messages: readonly unknown[]
  readonly result: readonly { readonly id: string }[]
  readonly result_info: { readonly page: number; readonly per_page: number; readonly count: number; readonly total_count: number }
}

export interface PlannedFault {
  readonly on: CallKind | 'any'
  /** How many such requests pass first. Default 0. */
  readonly skip?: number
  /** How many are hit. Default 1. */
  readonly times?: number
  readonly fault: Fault
}

/** The faults to come, as they are met. */
export const createFaults = (): { plan(fault: PlannedFault): void; next(kind: CallKind): Fault | undefined; clear(): void } => {
  let planned: readonly Required<PlannedFault>[] = []
  return {
    plan: (fault) => {
      planned = [...planned, { skip: 0, times: 1, ...fault }]
    },
    next: (kind) => {
      const first = planned.find(({ on }) => on === 'any' || on === kind)
      if (first === undefined) return undefined
      const left = first.skip > 0 ? { ...first, skip: first.skip - 1 } : { ...first, times: first.times - 1 }
      planned = planned.flatMap((each) => (each !== first ? [each] : left.times > 0 ? [left] : []))
      return first.skip > 0 ? undefined : first.fault
    },
    clear: () => {
      planned = []
    },
  }
}
