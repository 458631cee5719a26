import type { OrderView, PlanView, RepointView, SiteView } from '../../engine/views.ts'
import * as orders from '../api/orders.ts'
import type { Answer } from '../api/problem.ts'
import type { Action } from '../store/actions.ts'
import { addressList, type Field, type Values } from './fields.ts'

/** What came of it, or would: a pause has no plan. */
export type Outcome = PlanView | OrderView | RepointView | SiteView

export interface Spec {
  readonly title: string
  /** What it does, before anybody does it. */
  readonly lead: string
  readonly fields: readonly Field[]
  /** On the button that does it. */
  readonly verb: string
  /** Undefined: nothing of it can be told before. */
  readonly preview: ((values: Values) => Promise<Answer<Outcome>>) | undefined
  readonly perform: (values: Values) => Promise<Answer<Outcome>>
}

const reason: Field = { kind: 'text', name: 'reason', label: 'Reason', hint: 'Others read it here, in the log and in alerts.' }
const lasting = (initial: string): Field => ({ kind: 'span', name: 'for', label: 'For how long', initial, offers: ['15m', '1h', '4h', '1d'], hint: 'Then it ends by itself.' })
const value = (values: Values, name: string): string => values[name] ?? ''
const isTicked = (values: Values, name: string): boolean => values[name] === 'yes'

/** An order that can be tried dry. */
const ordered = (order: (values: Values, isDryRun: boolean) => Promise<Answer<Outcome>>): Pick<Spec, 'preview' | 'perform'> => ({
  preview: (values) => order(values, true),
  perform: (values) => order(values, false),
})

export const specOf = ({ kind, site, region }: Action): Spec => {
  const name = region?.region ?? ''
  const target = { site, region: name }
  switch (kind) {
    case 'drain':
      return {
        title: `Drain ${name}`,
        lead: 'Takes the region out of the records. When every name server answers without it and caches have let go, it is safe to work on.',
        fields: [lasting('1h'), reason, { kind: 'check', name: 'force', label: 'Even if too few are left', hint: 'The set is never emptied, whatever you tick.' }],
        verb: `Drain ${name}`,
        ...ordered((values, isDryRun) => orders.drain(target, { for: value(values, 'for'), reason: value(values, 'reason'), force: isTicked(values, 'force') }, isDryRun)),
      }
    case 'undrain':
      return { title: `Undrain ${name}`, lead: 'The region takes part again. It is published as soon as its checks say that it is up.', fields: [], verb: `Undrain ${name}`, ...ordered((_values, isDryRun) => orders.undrain(target, isDryRun)) }
    case 'force':
      return {
        title: `Force ${name}`,
        lead: 'Publishes or withholds the region whatever the checks say.',
        fields: [
          {
            kind: 'choice',
            name: 'to',
            label: 'To',
            options: [
              { value: 'down', text: 'down: withhold it' },
              { value: 'up', text: 'up: publish it, even if it does not serve' },
            ],
          },
          lasting('1h'),
          reason,
        ],
        verb: `Force ${name}`,
        ...ordered((values, isDryRun) => orders.force(target, { to: value(values, 'to') === 'up' ? 'up' : 'down', for: value(values, 'for'), reason: value(values, 'reason') }, isDryRun)),
      }
    case 'unforce':
      return { title: `End the force of ${name}`, lead: 'The checks decide again.', fields: [], verb: 'Let the checks decide', ...ordered((_values, isDryRun) => orders.unforce(target, isDryRun)) }
    case 'repoint':
      return {
        title: `Repoint ${name}`,
        lead: `Points ${region?.service ?? 'its service subdomain'} at a replacement. The main domain follows once the new addresses pass their checks.`,
        fields: [
          { kind: 'addresses', name: 'addresses', label: 'New addresses', hint: 'IPv4 and IPv6, separated by spaces.' },
          reason,
          { kind: 'check', name: 'keepOtherFamily', label: 'Keep the records of a family that is not named', hint: 'Otherwise they go: a dead address must not stay.' },
          { kind: 'check', name: 'unchecked', label: "Without asking the site's check first" },
        ],
        verb: `Repoint ${name}`,
        ...ordered((values, isDryRun) =>
          orders.repoint(target, { addresses: addressList(value(values, 'addresses')), reason: value(values, 'reason'), keepOtherFamily: isTicked(values, 'keepOtherFamily'), unchecked: isTicked(values, 'unchecked') }, isDryRun),
        ),
      }
    case 'pause':
      return {
        title: `Pause ${site}`,
        lead: 'Checks go on and decisions are made, but nothing is written until the pause ends. A region that fails meanwhile stays published.',
        fields: [{ kind: 'span', name: 'for', label: 'For how long', initial: '1h', offers: ['15m', '1h', '4h', '1d'], isOptional: true, hint: 'Empty: until somebody resumes it.' }, reason],
        verb: 'Pause',
        preview: undefined,
        perform: (values) => orders.pause(site, { ...(value(values, 'for') === '' ? {} : { for: value(values, 'for') }), reason: value(values, 'reason') }),
      }
    case 'resume':
      return { title: `Resume ${site}`, lead: 'What is decided is written again, at once if something waits.', fields: [], verb: 'Resume', preview: () => orders.reconcile(site, true), perform: () => orders.resume(site) }
    case 'reconcile':
      return { title: 'Reconcile now', lead: 'Reads the records, checks every address and decides, without waiting for the next turn.', fields: [], verb: 'Reconcile now', ...ordered((_values, isDryRun) => orders.reconcile(site, isDryRun)) }
  }
}
