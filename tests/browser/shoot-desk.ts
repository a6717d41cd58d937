// Pictures of every page of the back office, to look at: `node tests/browser/shoot-desk.ts <folder> [names of pages…]` against
// a running demonstration (`BASE=http://127.0.0.1:8080`) in which something has happened. Wide and narrow, light and dark.
import { mkdirSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { PASSWORD } from '../../src/main/seed-data.ts'
import { openBrowser } from '../support/browser.ts'
import { shootLooks } from '../support/looks.ts'

const [folder, ...wanted] = process.argv.slice(2)
if (!folder) throw new Error('Say which folder the pictures go to.')
mkdirSync(folder, { recursive: true })
const base = `${process.env['BASE'] ?? 'http://127.0.0.1:8080'}/bss`

/** The first record of each list, for the pages of one record. */
async function recordPages(page: Page): Promise<[string, string][]> {
  const pages: [string, string][] = []
  const first = async (name: string, list: string, prefix: string, which: 'first' | 'last' = 'first') => {
    await page.goto(`${base}${list}`)
    const link = page.locator(`main a[href^="/bss${prefix}"]`)
    const href = (await link.count()) > 0 ? await link[which]().getAttribute('href') : undefined
    if (href) pages.push([name, href.replace('/bss', '')])
  }
  await first('account', '/accounts?q=Brightside', '/accounts/0')
  const account = pages.at(-1)?.[1]
  if (account) {
    for (const tab of ['users', 'customers', 'orders', 'assets', 'subscriptions', 'invoices', 'sync'])
      pages.push([`account-${tab}`, `${account}/${tab}`])
    for (const connector of ['microsoft-esd', 'partner-center'])
      pages.push([`account-sync-${connector}`, `${account}/sync/${connector}`])
    pages.push(['account-block', `${account}/block`], ['account-contact-new', `${account}/contacts/new`])
  }
  await first('account-customer', '/accounts?q=Birchlane', '/accounts/0')
  const customer = pages.at(-1)?.[1]
  if (customer) {
    pages.push(['account-merge', `${customer}/merge`])
    pages.push(['order-new', `/orders/new?customer=${customer.split('/').at(-1)}`])
    pages.push(['notes', `/notes/account/${customer.split('/').at(-1)}`])
    pages.push(['history', `/history/account/${customer.split('/').at(-1)}`])
    await first('account-contact', customer, `${customer}/contacts/0`)
  }
  await first('account-blocked', '/accounts?state=blocked', '/accounts/0')
  await first('account-import', '/accounts/import', '/accounts/import/0')
  await first('order', '/orders', '/orders/0')
  for (const standing of ['waiting', 'held', 'open', 'trouble', 'cancelled'])
    await first(`order-${standing}`, `/orders?filter=${standing}`, '/orders/0')
  await first('order-queued', '/order-queue', '/orders/0')
  await first('asset', '/assets', '/assets/0')
  await first('asset-trouble', '/assets?filter=trouble', '/assets/0')
  await first('subscription', '/subscriptions', '/subscriptions/0')
  await first('subscription-trouble', '/subscriptions?filter=trouble', '/subscriptions/0')
  await first('invoice', '/invoices', '/invoices/0')
  await first('invoice-credit', '/invoices?kind=credit', '/invoices/0')
  await first('price-sheet', '/setup/price-sheets', '/setup/price-sheets/0')
  await first('price-sheet-checked', '/setup/price-sheets?state=checked', '/setup/price-sheets/0', 'last')
  await first('bulk-action', '/bulk-actions', '/bulk-actions/0')
  await first('product', '/products?filter=published', '/products/0')
  await first('product-software', '/products?filter=published&kind=subscription', '/products/0')
  const software = pages.at(-1)?.[1]
  if (software) pages.push(['product-prices', `${software}/prices`])
  await first('product-group', '/product-groups', '/product-groups/0')
  await first('application', '/setup/applications', '/setup/applications/0')
  const application = pages.at(-1)?.[1]
  if (application) await first('catalogue-run', application, '/setup/applications/runs/')
  await first('conversion-rule', '/setup/conversion', '/setup/conversion/0')
  await first('price-list', '/setup/price-lists', '/setup/price-lists/0')
  const priceList = pages.find(([name]) => name === 'price-list')?.[1]
  if (priceList) {
    pages.push(['price-list-rule-new', `${priceList}/rules/new`])
    await first('price-list-rule', priceList, `${priceList}/rules/0`)
  }
  await first('volume-discount', '/setup/volume-discounts', '/setup/volume-discounts/0')
  await first('promotion', '/setup/promotions', '/setup/promotions/0')
  await first('notification', '/setup/notifications', '/setup/notifications/')
  await first('webhook', '/setup/webhooks', '/setup/webhooks/0')
  await first('user', '/users', '/users/0')
  await first('role', '/setup/roles', '/setup/roles/a')
  return pages
}

const lists: [string, string][] = [
  ['dashboard', '/'],
  ['accounts', '/accounts'],
  ['roles', '/setup/roles'],
  ['role-new', '/setup/roles/new'],
  ['api-keys', '/setup/api-keys'],
  ['webhooks', '/setup/webhooks'],
  ['api-keys-everybody', '/setup/api-keys/everybody'],
  ['accounts-nothing', '/accounts?q=nobody+has+this'],
  ['account-new', '/accounts/new'],
  ['account-imports', '/accounts/import'],
  ['search', '/search?q=birch'],
  ['search-nothing', '/search?q=nobody+has+this'],
  ['orders', '/orders'],
  ['order-queue', '/order-queue'],
  ['order-new-whom', '/orders/new'],
  ['assets', '/assets'],
  ['subscriptions', '/subscriptions'],
  ['renewals', '/renewals'],
  ['billing-run', '/billing-run'],
  ['invoices', '/invoices'],
  ['payments', '/payments'],
  ['credit-invoices', '/invoices?kind=credit'],
  ['products', '/products'],
  ['product-groups', '/product-groups'],
  ['product-group-new', '/product-groups/new'],
  ['product-new-pool', '/products/new-pool'],
  ['exports', '/exports'],
  ['bulk-actions', '/bulk-actions'],
  ['setup', '/setup'],
  ['applications', '/setup/applications'],
  ['application-new', '/setup/applications/microsoft-esd/new'],
  ['application-new-partner-center', '/setup/applications/partner-center/new'],
  ['price-sheets', '/setup/price-sheets'],
  ['conversion', '/setup/conversion'],
  ['conversion-new', '/setup/conversion/new'],
  ['price-lists', '/setup/price-lists'],
  ['price-list-new', '/setup/price-lists/new'],
  ['volume-discounts', '/setup/volume-discounts'],
  ['volume-discount-new', '/setup/volume-discounts/new'],
  ['promotions', '/setup/promotions'],
  ['promotion-new', '/setup/promotions/new'],
  ['taxes', '/setup/taxes'],
  ['number-series', '/setup/number-series'],
  ['product-types', '/setup/product-types'],
  ['payment-methods', '/setup/payment-methods'],
  ['key-pools', '/setup/key-pools'],
  ['notifications', '/setup/notifications'],
  ['users', '/users'],
  ['jobs', '/jobs'],
  ['mails', '/mails'],
  ['audit', '/audit'],
  ['not-found', '/nowhere'],
]

const browser = await openBrowser()
const context = await browser.newContext({ reducedMotion: 'reduce' })
const page = await context.newPage()
page.setDefaultTimeout(15_000)
page.on('console', (message) => message.type() === 'error' && console.log(page.url(), message.text()))
page.on('pageerror', (error) => console.log(page.url(), error.message))
await page.goto(`${base}/login`)
await page.screenshot({ path: `${folder}/login.png` })
await page.fill('input[name=email]', 'admin@nordlicht.example')
await page.fill('input[name=password]', PASSWORD)
await page.click('button:has-text("Sign in")')
await page.waitForURL(/\/bss\/?$/)
const found = await recordPages(page)
for (const [name, path] of [...lists, ...found]) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  await page.goto(`${base}${path}`, { waitUntil: 'load' })
  await shootLooks(page, folder, name)
}
await browser.close()
