import { ask, machinePid, onMachine } from './machine.mjs'

/** Faults of a region's web server. */
export const kill = (region) => ask(region, { verb: 'kill', unit: 'apache2' })
export const freeze = (region) => ask(region, { verb: 'freeze', unit: 'apache2' })
export const unfreeze = (region) => ask(region, { verb: 'unfreeze', unit: 'apache2' })

const brokenFile = '/etc/apache2/conf-enabled/lab-broken.conf'

/** Answers 500 to whatever is asked, at once and also on connections that are open. */
export const breakWeb = (region) => onMachine(region, ['/bin/sh', '-c', `echo 'Redirect 500 /' >${brokenFile} && apachectl graceful`])

/** Ends a freeze and a break; what was killed or switched off is started, not healed. */
export const healWeb = async (region) => {
  if (machinePid(region) === undefined) return
  await unfreeze(region)
  await onMachine(region, ['/bin/sh', '-c', `if [ -e ${brokenFile} ]; then rm ${brokenFile}; if pidof -q apache2; then apachectl graceful; fi; fi`])
}
