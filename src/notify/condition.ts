import type { Alert } from './alert.ts'
import type { SiteFacts } from './site-facts.ts'

/** Something that is wrong now, and what is said of it. */
export interface Condition extends Omit<Alert, 'site' | 'isResolved' | 'isAgain' | 'at'> {
  /** It is told once more when this changes. */
  readonly mark?: string
  /** What is said once it is over; `after` is what is known then. */
  readonly end: (after: SiteFacts) => Pick<Alert, 'kind' | 'title'>
}

/** Of a whole site. */
export const nowhere = { region: undefined, address: undefined }
