import type { OurSettings } from './peers/ours.ts'

/** Three failures withdraw an address, however fast they come: one alone never does. */
const fall = 3

/** As fast as it goes. */
export const fastest: OurSettings = { every: '250ms', timeout: '500ms', confirmSpan: '0s', fall }
/** As the fastest PowerDNS has them. */
export const equal: OurSettings = { every: '1s', timeout: '1s', confirmSpan: '0s', fall }
/** As they are without a word in the config. */
export const usual: OurSettings = { every: '5s', timeout: '2s', confirmSpan: '1s', fall }
