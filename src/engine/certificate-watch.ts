import type { Address } from '../core/address.ts'
import { certificateMark } from '../core/certificate-marks.ts'
import type { CheckResult } from '../core/result.ts'
import type { SitePorts } from './ports.ts'

/** Says of each address once when its certificate comes below a mark, and again only after it was renewed. */
export const createCertificateWatch = (site: string, report: SitePorts['report']): ((address: Address, region: string | undefined, result: CheckResult) => void) => {
  const said = new Map<Address, number>()
  return (address, region, { certificateDays: days }) => {
    if (days === undefined) return
    const mark = certificateMark(days)
    if (mark === undefined) return void said.delete(address)
    if ((said.get(address) ?? Number.POSITIVE_INFINITY) <= mark) return
    said.set(address, mark)
    report({ site, kind: 'certificate-expiring', region, address, days })
  }
}
