// Pages of the Storefront, one visitor at a time, signed in, as the web process serves them; the processor time the web process takes
// for a visit, which a busy machine changes least; and how many statements it asks of the database, told by the database's own log.
import fs from 'node:fs'
import http from 'node:http'
import { addToBasket } from '#flows/ordering/add-to-basket.ts'
import { assignItems, giveServiceDetails } from '#flows/ordering/change-basket.ts'
import { placeOrder } from '#flows/ordering/place-order.ts'
import type { AccountId, PlanId } from '#kernel/ids.ts'
import { PASSWORD } from '../src/main/seed-data.ts'
import { startSite } from '../tests/support/site.ts'
import { startWorld, type World } from '../tests/support/world.ts'
import { measure, table } from './measure.ts'
import { cpuMs, processOf } from './processes.ts'

const BUYER = 'ada@brightside.example'
const WARM_UP = 150
const VISITS = 500
const AIM_MS = 20

type Page = { readonly name: string; readonly where: string }

/** `logFile` is where the database, which is ours alone, writes its log. */
export async function benchPages(logFile: string): Promise<string> {
  const world = await startWorld()
  const pages = await furnish(world)
  const site = await startSite(world)
  try {
    const cookie = await signIn(site.url)
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    const visit = ({ where }: Page) => ask(agent, site.url + where, cookie)
    const web = process.platform === 'linux' ? processOf(process.pid, 'src/main/server.ts') : 0
    // A server that has been up for a while: what pages share is compiled, whichever is asked first.
    for (const page of pages) await measure(1, Array<Page>(WARM_UP).fill(page), visit)
    const rows: string[][] = []
    for (const page of pages) {
      const before = cpuMs(web)
      const { p50, p99 } = await measure(1, Array<Page>(VISITS).fill(page), visit)
      const worked = before === undefined ? undefined : ((cpuMs(web) ?? 0) - before) / VISITS
      const asked = await countStatements(world, logFile, () => visit(page))
      rows.push([
        page.name,
        p50.toFixed(1),
        p99.toFixed(1),
        p99 <= AIM_MS ? '' : `over ${AIM_MS}`,
        worked?.toFixed(1) ?? '',
        String(asked.statements),
        String(asked.transactions),
      ])
    }
    return [
      `Storefront pages, one visitor, signed in, ${VISITS} visits each; statements with session and frame`,
      table(['', 'p50 ms', 'p99 ms', '', 'web CPU ms', 'statements', 'transactions'], rows),
    ].join('\n')
  } finally {
    site.close()
    await world.close()
  }
}

/** An order of three licences with keys and invoice, and another basket on its way through the checkout. */
async function furnish(world: World): Promise<Page[]> {
  const sql = world.app.db.pool
  const [plan] = await sql<{ id: PlanId; productId: string }[]>`
    select id, product_id from plan where sku = 'EP2-06604' and country = 'DE'`
  const [customer] = await sql<{ id: AccountId }[]>`select id from account where name like 'Birchlane%'`
  if (!plan || !customer) throw new Error('invariant broken: the demonstration has both')
  const ada = await world.portal(BUYER)
  const fill = async () => {
    const { basketId, items } = await addToBasket(world.app, ada, { planId: plan.id, quantity: 3 })
    const itemIds = items.map(({ id }) => id)
    const assignments = [{ itemIds, isForResale: true, endCustomerId: customer.id }]
    await assignItems(world.app, ada, { basketId, assignments })
    return basketId
  }
  const basketId = await fill()
  await giveServiceDetails(world.app, ada, {
    basketId,
    accountId: customer.id,
    connector: 'microsoft-esd',
    options: { keyDeliveryEmail: 'keys@birchlane.example' },
  })
  const [order] = await placeOrder(world.app, ada, { basketId })
  await world.run()
  const [licence] = await sql<
    { id: string }[]
  >`select id from asset where order_id = ${order?.id ?? null} limit 1`
  const [invoice] = await sql<{ id: string }[]>`select id from invoice where order_id = ${order?.id ?? null}`
  await fill()
  return [
    // No page: what a visit costs before anything is asked of us.
    { name: '(health check)', where: '/health' },
    { name: 'home', where: '/' },
    { name: 'product list', where: '/products' },
    { name: 'product', where: `/products/${plan.productId}` },
    { name: 'basket', where: '/basket' },
    { name: 'checkout review', where: '/checkout/review' },
    { name: 'order', where: `/orders/${order?.id}` },
    { name: 'licences', where: '/licences' },
    { name: 'licence', where: `/licences/${licence?.id}` },
    { name: 'invoices', where: '/invoices' },
    { name: 'invoice', where: `/invoices/${invoice?.id}` },
  ]
}

/** As a browser asks, over a connection that stays open. Node's `fetch` would unpack every page and pause for its own garbage. */
function ask(agent: http.Agent, url: string, cookie: string): Promise<void> {
  const headers = { cookie, accept: 'text/html', 'accept-encoding': 'gzip, deflate, br' }
  return new Promise((resolve, reject) => {
    http
      .get(url, { agent, headers }, (answer) => {
        answer.resume()
        answer.once('error', reject)
        answer.once('end', () =>
          answer.statusCode === 200 ? resolve() : reject(new Error(`${url} answered ${answer.statusCode}`)),
        )
      })
      .once('error', reject)
  })
}

async function signIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: url },
    body: new URLSearchParams({ email: BUYER, password: PASSWORD }),
  })
  const [cookie] = answer.headers.getSetCookie()
  if (answer.status !== 303 || !cookie) throw new Error(`signing in answered ${answer.status}`)
  return cookie.split(';')[0] ?? ''
}

/** Lets the server log every statement during `work` and counts those of the web process; `begin` and its like are counted apart. */
async function countStatements(
  { app }: World,
  logFile: string,
  work: () => Promise<void>,
): Promise<{ statements: number; transactions: number }> {
  const sql = app.db.pool
  const logAll = async (what: 'all' | 'none') => {
    await sql.unsafe(`alter system set log_statement = '${what}'`)
    await sql`select pg_reload_conf()`
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await logAll('all')
  const from = fs.statSync(logFile).size
  await work()
  const lines = fs.readFileSync(logFile).subarray(from).toString('utf8').split('\n')
  const web = await sql<
    { pid: number }[]
  >`select pid from pg_stat_activity where application_name = 'emporion web'`
  await logAll('none')
  const ofWeb = lines.filter((line) => web.some(({ pid }) => line.includes(` [${pid}] LOG:`)))
  return {
    statements: ofWeb.filter((line) => line.includes(' execute ')).length,
    transactions: ofWeb.filter((line) => line.includes('statement: begin')).length,
  }
}
