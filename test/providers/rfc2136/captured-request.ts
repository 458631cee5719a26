import type { Request } from '../../../src/providers/rfc2136/ask.ts'
import { opcode, recordType } from '../../../src/providers/rfc2136/numbers.ts'
import { addRecord, deleteRRset, exists, holds, isAbsent, zoneSection } from '../../../src/providers/rfc2136/update-parts.ts'

const { A, AAAA, CNAME, TXT } = recordType
const name = 'failover.example.com'
const mark = `_dns-failover-a.${name}`
const v4 = (last: number): Buffer => Buffer.from([192, 0, 2, last])

/** The captured update, built by our own parts. */
export const capturedRequest: Request = {
  opcode: opcode.UPDATE,
  questions: [zoneSection('example.com')],
  answers: [isAbsent(name, CNAME), holds(name, A, v4(1)), holds(name, A, v4(2)), isAbsent(mark, TXT), exists('www.example.com', AAAA)],
  authorities: [
    deleteRRset(name, A),
    addRecord(name, A, 60, v4(3)),
    addRecord(name, AAAA, 60, Buffer.from('20010db8000000000000000000000001', 'hex')),
    addRecord(mark, TXT, 60, Buffer.concat([Buffer.from([31]), Buffer.from('dns-failover v=1 ours=192.0.2.3')])),
  ],
}
