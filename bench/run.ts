// `npm run bench`: measures, never asserts. Each figure stands beside a baseline of the same run, because machines are noisy.

import { databaseUrl } from '#platform/postgres/address.ts'
import { startTestServer } from '../tests/support/database.ts'
import { benchCheckout } from './checkout.ts'

const server = await startTestServer()
process.env['TEST_DATABASE_URL'] = databaseUrl(server.address)
await benchCheckout()
if (!server.adopted) await server.stop()
process.exit(0)
