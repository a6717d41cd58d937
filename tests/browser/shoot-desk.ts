// Pictures of every page of the back office, to look at: `node tests/browser/shoot-desk.ts <folder> [words of a page…]` against
// a running demonstration (`BASE=http://127.0.0.1:8080`). Wide and narrow, light and dark.
import { mkdirSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { PASSWORD } from '../../src/main/seed-data.ts'
import { openBrowser } from '../support/browser.ts'

const [folder, ...wanted] = process.argv.slice(2)
if (!folder) throw new Error('Say which folder the pictures go to.')
mkdirSync(folder, { recursive: true })
const base = `${process.env['BASE'] ?? 'http://127.0.0.1:8080'}/bss`
const looks = (process.env['LOOKS'] ?? '1440-light,390-light,1440-dark,390-dark').split(',')

/** The first record of each list, for the pages of one record. */
async function recordPages(page: Page): Promise<[string, string][]> {
  const pages: [string, string][] = []
  const first = async (name: string, list: string, prefix: string) => {
    await page.goto(`${base}${list}`)
    const link = page.locator(`main a[href^="/bss${prefix}"]`)
    const href = (await link.count()) > 0 ? await link.first().getAttribute('href') : undefined
    if (href) pages.push([name, href.replace('/bss', '')])
  }
  await first('account', '/accounts?kind=reseller', '/accounts/0')
  const account = pages.at(-1)?.[1]
  if (account) {
    pages.push(['account-sync', `${account}/sync/microsoft-esd`])
    const customer = account.split('/').at(-1)
    pages.push(['order-new', `/orders/new?customer=${customer}`])
  }
  await first('order', '/orders', '/orders/0')
  await first('order-waiting', '/orders?filter=waiting', '/orders/0')
  await first('asset', '/assets', '/assets/0')
  await first('asset-trouble', '/assets?filter=trouble', '/assets/0')
  await first('invoice', '/invoices', '/invoices/0')
  await first('product', '/products?filter=published', '/products/0')
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
  ['orders', '/orders'],
  ['order-new-whom', '/orders/new'],
  ['assets', '/assets'],
  ['invoices', '/invoices'],
  ['products', '/products'],
  ['product-groups', '/product-groups'],
  ['product-new-pool', '/products/new-pool'],
  ['setup', '/setup'],
  ['applications', '/setup/applications'],
  ['application-new', '/setup/applications/microsoft-esd/new'],
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
  for (const look of looks) {
    const [width = '1440', scheme] = look.split('-')
    await page.setViewportSize({ width: Number(width), height: width === '390' ? 844 : 900 })
    await page.emulateMedia({ colorScheme: scheme === 'dark' ? 'dark' : 'light' })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    if (wide > Number(width)) console.log(`${path} is ${wide} wide in ${width}`)
    await page.screenshot({ path: `${folder}/${name}-${look}.png`, fullPage: true })
  }
}
await browser.close()
