/** What alerts may be about. */
export const alertKinds = [
  'region-down',
  'region-up',
  'degraded',
  'fail-open',
  'blind',
  'provider-failing',
  'name-servers-disagree',
  'certificate-expiring',
  'drain-ending',
  'promotion',
  'stale',
  'replication',
  'guard-refused',
  'site-failed',
] as const
export type AlertKind = (typeof alertKinds)[number]
