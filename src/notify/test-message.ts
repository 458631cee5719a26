import type { Message } from './templates/outgoing.ts'

/** What an operator asks for, to see that alerts arrive. */
export const testMessage = (id: string, target: string, at: number): Message => ({
  id,
  at,
  isTest: true,
  batch: {
    more: 0,
    items: [
      {
        wasOpen: false,
        begins: 1,
        ends: 0,
        alert: {
          kind: 'region-up',
          site: 'test',
          region: undefined,
          address: undefined,
          severity: 'info',
          isResolved: false,
          isAgain: false,
          key: `test/${target}`,
          title: `dns-failover: a test of "${target}"`,
          text: 'alerts arrive here; nothing is wrong',
          at,
          facts: {},
        },
      },
    ],
  },
})
