// The Microsoft ESD emulator: a process of its own that speaks OUR contract (ESD gateway protocol v1) over plain HTTP on loopback.
// Settings: ESD_PORT, ESD_CONTROL_PORT (0: a free one), ESD_DATA (a folder), ESD_LATENCY_MS.
import { control } from './control.ts'
import { faultList } from './faults.ts'
import { serve } from './http.ts'
import { seed } from './seed.ts'
import { service } from './service.ts'
import { openStore } from './store.ts'

const store = openStore(process.env['ESD_DATA'] ?? '.data/microsoft-esd')
seed(store)
const faults = faultList()
let ownUrl = ''
const front = await serve(
  Number(process.env['ESD_PORT'] ?? 0),
  service(store, faults, { latencyMs: Number(process.env['ESD_LATENCY_MS'] ?? 0), ownUrl: () => ownUrl }),
)
ownUrl = front.url
const back = await serve(Number(process.env['ESD_CONTROL_PORT'] ?? 0), control(store, faults))

const addresses = { service: front.url, control: back.url }
console.log(JSON.stringify(addresses))
process.send?.(addresses)

function stop(): void {
  front.server.close()
  back.server.close()
  store.close()
  process.exit(0)
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
if (process.channel) process.once('disconnect', stop)
