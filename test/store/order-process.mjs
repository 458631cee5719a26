// A process of its own that gives orders for the site of argv[3] in the state directory argv[2]: it drains the regions argv[4..], one after the other.
import { createOrderStore } from '../../dist/store/order-store.js'

const [dir, site, ...regions] = process.argv.slice(2)
const store = createOrderStore({ dir, wallNow: Date.now, log: (_, message) => process.stderr.write(`${message}\n`) })
for (const region of regions) await store.setDrain(site, region, { forMs: 3_600_000, reason: 'a test', by: `process ${process.pid}`, isForced: false })
