// The Partner Center emulator: a process of its own that serves Microsoft's commerce, pricing and identity hosts on loopback.
// Settings: PC_PORT, PC_CONTROL_PORT (0: a free one), PC_DATA (a folder), PC_SEED.
import { control, seedWorld } from './control.ts'
import { serve } from './http.ts'
import { service } from './service.ts'
import { openStore } from './store.ts'
import { makeWorld } from './world.ts'

const store = openStore(process.env['PC_DATA'] ?? '.data/partner-center')
const world = makeWorld(store, process.env['PC_SEED'] || 'emporion')
seedWorld(world)
const front = await serve(Number(process.env['PC_PORT'] ?? 0), service(world))
const back = await serve(Number(process.env['PC_CONTROL_PORT'] ?? 0), control(world))

const addresses = {
  service: {
    commerce: `${front.url}/commerce`,
    pricing: `${front.url}/pricing`,
    login: `${front.url}/login`,
  },
  control: back.url,
}
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
