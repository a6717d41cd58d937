// `npm run demo`: plays the two orders of product.md E1–E9 through the front door of a started instance, or of one it starts itself,
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
  logins: { role: string; email: string; password: string }[]
}
type Json = Record<string, any>

const root = path.resolve(import.meta.dirname, '../..')
const dataDir = path.resolve(root, process.env['DATA_DIR'] ?? '.data')
const receipt: string[] = []

const { running, stop } = await findInstance()
try {
  await playStorefront(running)
  await playBackOffice(running)
  console.log(`\nReceipt\n${receipt.map((line) => `  ${line}`).join('\n')}\n`)
} catch (error) {
  console.error(`\nThe demonstration stopped: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
} finally {
  await stop()
}

async function findInstance(): Promise<{ running: Running; stop(): Promise<void> }> {
  const known = await reachable(path.join(dataDir, 'running.json'))
  if (known) return { running: known, stop: async () => {} }
  console.log('No instance is running here: starting one of its own, in a folder of its own.')
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'emporion-demo-'))
  const child = spawn(process.execPath, [path.join(root, 'src/main/start.ts')], {
    cwd: root,
    env: { ...process.env, DATA_DIR: folder, PORT: '0', DATABASE_URL: '' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  for (let patience = 300; patience > 0; patience -= 1) {
    const found = await reachable(path.join(folder, 'running.json'))
    if (found) return { running: found, stop: () => ended(child, folder) }
    if (child.exitCode !== null) break
    await delay(200)
  }
  throw new Error('The instance did not start.')
}

async function reachable(file: string): Promise<Running | undefined> {
  try {
    const found = JSON.parse(fs.readFileSync(file, 'utf8')) as Running
    return (await fetch(new URL('/health', found.storefront))).ok ? found : undefined
  } catch {
    return undefined
  }
}

async function ended(child: ChildProcess, folder: string): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
  fs.rmSync(folder, { recursive: true, force: true })
}

/** A person with a session: signs in with the form, then asks and answers with the session's cookie. */
async function signIn(
  at: Running,
  role: string,
  door: string,
): Promise<(method: string, where: string, body?: object) => Promise<Json>> {
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

async function playStorefront(at: Running): Promise<void> {
  receipt.push('Storefront: a reseller buys three licences for an end customer')
  const ada = await step('Signing in as the reseller', () => signIn(at, 'Reseller', '/login'))
  const customer = await first(await ada('GET', '/accounts?q=Birchlane'), 'the end customer')
  const plan = await germanPlan(ada)
  const basket = await ada('POST', '/baskets', {})
  // What somebody left in the demonstration's basket would be ordered along.
  for (const left of (basket['items'] ?? []) as Json[])
    await ada('DELETE', `/baskets/${basket['id']}/items/${left['id']}`)
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
  await report(at, ada, (orders as Json[])[0]?.['id'], 'keys@birchlane.example')
}

async function playBackOffice(at: Running): Promise<void> {
  receipt.push('', 'Back office: an account manager orders three licences on behalf of a customer')
  const manager = await step('Signing in as the account manager', () =>
    signIn(at, 'Account manager (BSS)', '/bss/login'),
  )
  const customer = await first(await manager('GET', '/accounts?q=Gasthof'), 'the end customer')
  const reseller = await first(await manager('GET', '/accounts?q=Alpenblick'), 'the reseller')
  const plan = await germanPlan(manager)
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
  await report(at, manager, order['id'], 'resi@hirschen.example')
}

async function germanPlan(ask: (method: string, where: string) => Promise<Json>): Promise<string> {
  const { items } = await ask('GET', '/plans?limit=200')
  const plan = (items as Json[]).find((each) => each['sku'] === 'EP2-06604' && each['country'] === 'DE')
  if (!plan) throw new Error('Office Home & Business is not for sale here.')
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

async function report(
  at: Running,
  ask: (method: string, where: string) => Promise<Json>,
  orderId: string,
  address: string,
): Promise<void> {
  const seen = async () =>
    ((await (await fetch(`${at.mailbox}/api/mails?q=${encodeURIComponent(address)}`)).json()) as Json[])
      .length
  let order: Json = {}
  const invoicesOf = async () =>
    ((await ask('GET', '/invoices?limit=200'))['items'] as Json[]).filter(
      (each) =>
        JSON.stringify(each).includes(orderId) || JSON.stringify(each).includes(String(order['number'])),
    )
  await step('Keys, mails and invoice', async () => {
    await until(async () => {
      order = await ask('GET', `/orders/${orderId}`)
      return (await invoicesOf()).length > 0 && (await seen()) >= 3
    }, 'three mails and the invoice')
  })
  const assets = ((await ask('GET', '/assets?limit=200'))['items'] as Json[]).filter(
    (each) =>
      JSON.stringify(each).includes(orderId) || JSON.stringify(each).includes(String(order['number'])),
  )
  receipt.push(`Order ${order['number']}`)
  for (const asset of assets)
    receipt.push(`  ${asset['number']}  ${asset['keyMask'] ?? asset['key'] ?? ''}  mailed to ${address}`)
  for (const invoice of await invoicesOf())
    receipt.push(`  Invoice ${invoice['number']}: ${invoice['total']?.amount} ${invoice['total']?.currency}`)
}
