// `npm run demo`: plays the two orders of product.md E1–E9 and one of software (S3–S8) through the front door of a started instance, or of one it starts itself,
// and prints a receipt. It signs in with the forms people use and then speaks HTTP with their sessions; it looks behind no curtain.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

type Running = {
  storefront: string
  backoffice: string
  api: string
  mailbox: string
  emulators: Record<string, unknown>
  logins: { role: string; email: string; password: string }[]
}
type Json = Record<string, any>
type Ask = (method: string, where: string, body?: object) => Promise<Json>

const root = path.resolve(import.meta.dirname, '../..')
const dataDir = path.resolve(root, process.env['DATA_DIR'] ?? '.data')
const receipt: string[] = []

/** Office Home & Business, and one year of an access right for servers. */
const OFFICE = 'EP2-06604'
const ACCESS_RIGHT = 'DG7GMGF0EM01:0001:commercial:P1Y:annual'

let own: { readonly child: ChildProcess; readonly folder: string } | undefined
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => void interrupted())
if (process.channel) {
  process.on('disconnect', () => void interrupted())
  process.channel.unref()
}

try {
  const running = (await reachable(path.join(dataDir, 'running.json'))) ?? (await startOwn())
  if (running.logins.length === 0)
    throw new Error(
      'The instance that is running here is not the demonstration: choose another DATA_DIR, and one of its own is started.',
    )
  console.log(`Playing against ${running.storefront}\n`)
  const manager = await signIn(running, 'Account manager (BSS)', '/bss/login')
  await playStorefront(running, manager)
  await playBackOffice(running)
  if (running.emulators['partner-center']) await playSoftware(running)
  console.log(`\nReceipt\n\n${receipt.map((line) => `  ${line}`.trimEnd()).join('\n')}\n`)
  if (!own) console.log(`Look at it: ${running.backoffice} and the mails at ${running.mailbox}\n`)
} catch (error) {
  console.error(`\nThe demonstration stopped: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
await endOwn()

async function startOwn(): Promise<Running> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'emporion-demo-'))
  console.log('No instance is running on this data folder: starting one of its own. It is gone afterwards.')
  const child = spawn(process.execPath, [path.join(root, 'src/main/start.ts')], {
    cwd: root,
    // Whatever is set for the real instance, its database and its mail server above all, is not for this one.
    env: { ...plainEnvironment(), DATA_DIR: folder, PORT: '0', DEMO: '1' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    detached: true,
  })
  own = { child, folder }
  for (
    let patience = 600;
    patience > 0 && child.exitCode === null && child.signalCode === null;
    patience -= 1
  ) {
    const found = await reachable(path.join(folder, 'running.json'))
    if (found) return found
    await delay(200)
  }
  throw new Error('The instance did not start.')
}

function plainEnvironment(): NodeJS.ProcessEnv {
  const ours = /^(SMTP_|MAIL|DATABASE_URL|EMPORION_|PUBLIC_URL|HOST$)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)))
}

async function interrupted(): Promise<void> {
  if (process.exitCode === 130) return
  process.exitCode = 130
  console.error('\nInterrupted.')
  await endOwn()
  process.exit()
}

/** Takes our own instance down, and its folder with it. */
async function endOwn(): Promise<void> {
  if (!own) return
  const { child, folder } = own
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await gone
  }
  fs.rmSync(folder, { recursive: true, force: true })
}

async function reachable(file: string): Promise<Running | undefined> {
  try {
    const found = JSON.parse(fs.readFileSync(file, 'utf8')) as Running
    return (await fetch(new URL('/health', found.storefront))).ok ? found : undefined
  } catch {
    return undefined
  }
}

/** A person with a session: signs in with the form, then asks and answers with the session's cookie. */
async function signIn(at: Running, role: string, door: string): Promise<Ask> {
  const login = at.logins.find((each) => each.role === role)
  if (!login) throw new Error(`There is no demonstration login for ${role}.`)
  const origin = new URL(at.storefront).origin
  const answer = await fetch(`${origin}${door}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin },
    body: new URLSearchParams({ email: login.email, password: login.password }),
  })
  const cookie = answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
  if (answer.status >= 400 || !cookie) throw new Error(`${login.email} could not sign in.`)
  return async (method, where, body) => {
    const reply = await fetch(`${at.api}${where}`, {
      method,
      headers: {
        cookie,
        origin,
        'content-type': 'application/json',
        ...(method === 'GET' ? {} : { 'idempotency-key': randomUUID() }),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const json = (reply.status === 204 ? {} : await reply.json()) as Json
    if (!reply.ok) throw new Error(`${method} ${where}: ${json['detail'] ?? reply.status}`)
    return json
  }
}

async function step<Result>(text: string, work: () => Promise<Result>): Promise<Result> {
  const began = performance.now()
  process.stdout.write(`${text} … `)
  const result = await work()
  const ms = Math.round(performance.now() - began)
  console.log(`${ms} ms`)
  receipt.push(`${text.padEnd(64)}${String(ms).padStart(6)} ms`)
  return result
}

async function playStorefront(at: Running, manager: Ask): Promise<void> {
  receipt.push('Storefront: a reseller buys three licences for an end customer')
  const ada = await step('Signing in as the reseller', () => signIn(at, 'Reseller', '/login'))
  const customer = await first(await ada('GET', '/accounts?q=Birchlane'), 'the end customer')
  const plan = await planOf(ada, OFFICE)
  const basket = await emptyBasket(ada)
  const items = await step('Three licences into the basket: three items', () =>
    ada('POST', `/baskets/${basket['id']}/items`, { planId: plan, quantity: 3 }),
  )
  await step('All three are for reselling, to the end customer', async () => {
    for (const item of items['items'] as Json[])
      await ada('PATCH', `/baskets/${basket['id']}/items/${item['id']}`, {
        isForResale: true,
        endCustomerId: customer['id'],
      })
  })
  await step('Service details: where the keys are sent', () =>
    ada('PUT', `/baskets/${basket['id']}/service-details`, {
      accountId: customer['id'],
      connector: 'microsoft-esd',
      options: { keyDeliveryEmail: 'keys@birchlane.example' },
    }),
  )
  const { orders } = await step('Completing the checkout', () =>
    ada('POST', `/baskets/${basket['id']}/checkout`, {}),
  )
  await report(ada, manager, (orders as Json[])[0]?.['id'])
}

/** What somebody left in the demonstration's basket would be ordered along. */
async function emptyBasket(ask: Ask): Promise<Json> {
  const basket = await ask('POST', '/baskets', {})
  for (const left of (basket['items'] ?? []) as Json[])
    await ask('DELETE', `/baskets/${basket['id']}/items/${left['id']}`)
  return basket
}

async function playSoftware(at: Running): Promise<void> {
  receipt.push('', 'Storefront: the same reseller buys a year of software for twelve people')
  const ada = await signIn(at, 'Reseller', '/login')
  const customer = await first(await ada('GET', '/accounts?q=Birchlane'), 'the end customer')
  const plan = await planOf(ada, ACCESS_RIGHT)
  const basket = await emptyBasket(ada)
  const added = await step('Twelve into the basket: one line, indicative price', () =>
    ada('POST', `/baskets/${basket['id']}/items`, { planId: plan, quantity: 12 }),
  )
  await step('For whom: the right price comes with the end customer', async () => {
    for (const item of added['items'] as Json[])
      await ada('PATCH', `/baskets/${basket['id']}/items/${item['id']}`, {
        isForResale: true,
        endCustomerId: customer['id'],
      })
  })
  await step('Service details: the Microsoft Customer Agreement', () =>
    ada('PUT', `/baskets/${basket['id']}/service-details`, {
      accountId: customer['id'],
      connector: 'partner-center',
      options: { agreement: 'on' },
    }),
  )
  const { orders } = await step('Completing the checkout', () =>
    ada('POST', `/baskets/${basket['id']}/checkout`, {}),
  )
  await reportSoftware(ada, (orders as Json[])[0]?.['id'])
}

/** Waits until the vendor has made the subscription and its term is invoiced in advance. */
async function reportSoftware(ask: Ask, orderId: string): Promise<void> {
  let subscriptions: Json[] = []
  let invoices: Json[] = []
  await step('Subscription and invoice in advance', () =>
    until(async () => {
      subscriptions = (await ask('GET', `/subscriptions?orderId=${orderId}`))['items']
      invoices = (await ask('GET', `/invoices?orderId=${orderId}`))['items']
      const failed = subscriptions.find((each) => each['provisioning'] === 'failed')
      if (failed) throw new Error(`${failed['number']}: ${failed['failureReason']}`)
      return subscriptions.some((each) => each['state'] === 'active') && invoices.length > 0
    }, 'a subscription that is active and invoiced'),
  )
  const order = await ask('GET', `/orders/${orderId}`)
  receipt.push(`Order ${order['number']}`)
  for (const { number, quantity, net } of subscriptions)
    receipt.push(`  Subscription ${number}   ${quantity} licences   ${net.amount} ${net.currency}`)
  for (const { number, total } of invoices)
    receipt.push(`  Invoice ${number}   ${total.amount} ${total.currency}`)
}

async function playBackOffice(at: Running): Promise<void> {
  receipt.push('', 'Back office: an account manager orders three licences on behalf of a customer')
  const manager = await step('Signing in as the account manager', () =>
    signIn(at, 'Account manager (BSS)', '/bss/login'),
  )
  const customer = await first(await manager('GET', '/accounts?q=Gasthof'), 'the end customer')
  const reseller = await first(await manager('GET', '/accounts?q=Alpenblick'), 'the reseller')
  const plan = await planOf(manager, OFFICE)
  const order = await step('Order on behalf: three items of quantity 1', () =>
    manager('POST', '/orders', { endCustomerId: customer['id'], lines: [{ planId: plan, quantity: 3 }] }),
  )
  await step('Sync Options, Save & Synchronize, OK: customer and reseller', async () => {
    const options = {
      [reseller['id']]: { email: 'vendor@nordlicht.example', role: 'Reseller' },
      [customer['id']]: {
        email: 'vendor@nordlicht.example',
        role: 'User',
        keyDeliveryEmail: 'resi@hirschen.example',
      },
    }
    for (const [id, values] of Object.entries(options)) {
      await manager('PUT', `/accounts/${id}/sync/microsoft-esd`, { options: values })
      await manager('POST', `/accounts/${id}/sync/microsoft-esd/synchronize`, {})
    }
    for (const id of Object.keys(options))
      await until(
        async () => (await manager('GET', `/accounts/${id}/sync/microsoft-esd`))['state'] === 'synchronized',
        'the vendor knows the account',
      )
  })
  await step('Execute', () => manager('POST', `/orders/${order['id']}/execute`, {}))
  await report(manager, manager, order['id'])
}

async function planOf(ask: Ask, sku: string): Promise<string> {
  const { items } = await ask('GET', `/plans?q=${encodeURIComponent(sku)}&limit=200`)
  const plan = (items as Json[]).find((each) => each['sku'] === sku && [null, 'DE'].includes(each['country']))
  if (!plan) throw new Error(`${sku} is not for sale here.`)
  return plan['id'] as string
}

async function first(list: Json, what: string): Promise<Json> {
  const [found] = list['items'] as Json[]
  if (!found) throw new Error(`${what} is not there.`)
  return found
}

async function until(isSo: () => Promise<boolean>, what: string): Promise<void> {
  for (let patience = 300; patience > 0; patience -= 1) {
    if (await isSo()) return
    await delay(100)
  }
  throw new Error(`Half a minute went by and still not: ${what}.`)
}

/** Waits for what the order causes, and writes down what is there: of mails, what the mail log says of each licence. */
async function report(ask: Ask, manager: Ask, orderId: string): Promise<void> {
  let assets: Json[] = []
  let invoices: Json[] = []
  const mails = new Map<string, Json>()
  await step('Keys, mails and invoice', () =>
    until(async () => {
      assets = (await ask('GET', `/assets?orderId=${orderId}`))['items']
      invoices = (await ask('GET', `/invoices?orderId=${orderId}`))['items']
      for (const { id, number } of assets) {
        const found = (await manager('GET', `/mails?q=${number}`))['items'] as Json[]
        const sent = found.find((mail) => mail['assetId'] === id && mail['state'] === 'sent')
        if (sent) mails.set(id, sent)
      }
      return assets.length === 3 && mails.size === 3 && invoices.length > 0
    }, 'three keys, three mails and the invoice'),
  )
  const order = await ask('GET', `/orders/${orderId}`)
  receipt.push(`Order ${order['number']}`)
  for (const { id, number, keyMask } of assets.toReversed()) {
    const { to = [], cc = [], bcc = [] } = mails.get(id) ?? {}
    receipt.push(`  Licence ${number}   ${keyMask}   mailed to ${[...to, ...cc, ...bcc].join(', ')}`)
  }
  for (const { number, total } of invoices)
    receipt.push(`  Invoice ${number}   ${total.amount} ${total.currency}`)
}
