import type { JSX } from 'preact'

/** Each differs in its outline, not in its colour alone. On a grid of 16. */
const shapes = {
  healthy: <><circle cx="8" cy="8" r="6.2" /><path d="m5.300 8.200 1.900 1.900 3.600-4" /></>,
  degraded: <><path d="M8 2.200 14.400 13.500H1.600Z" /><path d="M8 6.500v3.200" /><circle class="solid" cx="8" cy="11.600" r=".9" /></>,
  failed: <><path d="M5.400 1.800h5.200l3.600 3.600v5.200l-3.600 3.600H5.400l-3.600-3.600V5.400Z" /><path d="m5.800 5.800 4.400 4.400m0-4.400-4.400 4.400" /></>,
  blind: <><path d="M1.500 8S4 3.800 8 3.800 14.500 8 14.500 8 12 12.200 8 12.200 1.500 8 1.500 8Z" /><path d="m2.500 13.500 11-11" /></>,
  'provider-failing': <><path d="M4.300 12.200a2.900 2.900 0 0 1-.3-5.800 4.100 4.100 0 0 1 7.900-.5 3.200 3.200 0 0 1-.2 6.300" /><path d="m6.200 9.200 3.600 3.600m0-3.600-3.600 3.600" /></>,
  'fail-closed': <><rect x="3" y="7" width="10" height="7" rx="1" /><path d="M5.200 7V5a2.800 2.800 0 0 1 5.600 0v2" /></>,
  'fail-open': <><rect x="3" y="7" width="10" height="7" rx="1" /><path d="M5.200 7V4.600a2.800 2.800 0 0 1 5.400-1" /></>,
  paused: <><circle cx="8" cy="8" r="6.200" /><path d="M6.300 5.600v4.800m3.400-4.800v4.800" /></>,
  undecided: <><circle cx="8" cy="8" r="6.200" stroke-dasharray="2.400 2.400" /><path d="M6.200 6.300a1.900 1.900 0 1 1 2.600 1.800c-.5.200-.8.500-.8 1" /><circle class="solid" cx="8" cy="11.200" r=".8" /></>,
  drained: <><path d="M8 1.800v7.400m-3-2.900 3 3 3-3" /><path d="M2.200 9.800v3.200h11.600V9.800" /></>,
  up: <circle class="solid" cx="8" cy="8" r="5" />,
  down: <path d="m4 4 8 8m0-8-8 8" stroke-width="2.600" />,
  mixed: <><circle cx="8" cy="8" r="4.800" /><path class="solid" d="M8 3.200a4.800 4.800 0 0 1 0 9.600Z" /></>,
  unknown: <circle cx="8" cy="8" r="4.800" stroke-dasharray="2 2.200" />,
  withheld: <circle cx="8" cy="8" r="4.500" />,
  stale: <><circle cx="8" cy="8" r="6.200" /><path d="M8 4.500V8l2.400 1.600" /></>,
  check: <path d="m3 8.600 3.200 3.200L13 4.600" />,
  cross: <path d="m4 4 8 8m0-8-8 8" />,
  plus: <path d="M8 3v10M3 8h10" />,
  minus: <path d="M3 8h10" />,
  info: <><circle cx="8" cy="8" r="6.200" /><path d="M8 7.300v3.600" /><circle class="solid" cx="8" cy="5" r=".9" /></>,
  search: <><circle cx="7" cy="7" r="4.500" /><path d="m10.500 10.500 3.500 3.500" /></>,
  back: <path d="M9.500 3.500 5 8l4.500 4.500" />,
  link: <><path d="M6.700 9.300a2.700 2.700 0 0 0 3.800 0l2.300-2.300A2.700 2.700 0 0 0 9 3.200l-.9.900" /><path d="M9.300 6.700a2.700 2.700 0 0 0-3.800 0L3.200 9A2.700 2.700 0 0 0 7 12.800l.9-.9" /></>,
  sun: <><circle cx="8" cy="8" r="3" /><path d="M8 1.500v1.400m0 10.200v1.400M1.500 8h1.400m10.200 0h1.400M3.400 3.400l1 1m7.200 7.200 1 1m0-9.200-1 1m-7.200 7.200-1 1" /></>,
  moon: <path d="M13.500 9.600A6 6 0 0 1 6.400 2.500a6 6 0 1 0 7.100 7.100Z" />,
  auto: <><circle cx="8" cy="8" r="6.200" /><path class="solid" d="M8 1.800a6.200 6.200 0 0 1 0 12.400Z" /></>,
  write: <path d="m10.500 2.800 2.700 2.700-7.600 7.600-3.300.6.600-3.300Z" />,
  person: <><circle cx="8" cy="5" r="2.800" /><path d="M2.800 14c.4-3 2.500-4.500 5.200-4.500s4.800 1.500 5.200 4.500" /></>,
  eye: <><path d="M1.500 8S4 3.800 8 3.800 14.500 8 14.500 8 12 12.200 8 12.200 1.500 8 1.500 8Z" /><circle cx="8" cy="8" r="1.900" /></>,
  refresh: <><path d="M13.300 8a5.300 5.300 0 1 1-1.600-3.800" /><path d="M13.500 1.900v2.900h-2.900" /></>,
} as const

export type IconName = keyof typeof shapes

/** Says nothing by itself: a word stands beside it, or what it is in has a name. */
export const Icon = ({ name }: { readonly name: IconName }): JSX.Element => (
  <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    {shapes[name]}
  </svg>
)
