import type { Config } from '../../config/config.ts'
import type { NotifyTarget } from '../../notify/target.ts'

/** Where alerts go, by the config. */
export const notifyTargets = ({ alerts }: Config): readonly NotifyTarget[] =>
  alerts.map(({ url, secret, ...target }) => ({ ...target, url: url.reveal(), secret: secret?.reveal() }))
