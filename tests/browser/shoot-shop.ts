// Pictures of the Storefront's pages, to look at: `node tests/browser/shoot-shop.ts <folder> [words of a page…]`. It opens a shop of its
// own. Wide and narrow, light and dark.
import { mkdirSync } from 'node:fs'
import { shootLooks } from '../support/looks.ts'
import { addToBasket, openShopfront } from '../support/shopper.ts'
import { sellSoftware } from '../support/software-for-sale.ts'

const [folder, ...wanted] = process.argv.slice(2)
if (!folder) throw new Error('Say which folder the pictures go to.')
mkdirSync(folder, { recursive: true })
const shop = await openShopfront()
try {
  const sale = await sellSoftware(shop.world, [
    'DG7GMGF0EM03',
    'DG7GMGF0EM08',
    'DG7GMGF0EM20',
    'DG7GMGF0EM30',
  ])
  const product = (code: string) => `/products/${sale.products.get(code)}`
  const visit = await shop.visit('ada@brightside.example')
  const { problems } = visit
  let { page } = visit
  const shoot = async (name: string) => {
    if (wanted.length > 0 && !wanted.some((word) => name.includes(word))) return
    await shootLooks(page, folder, name)
    await page.setViewportSize({ width: 1280, height: 900 })
  }
  const go = (path: string) => page.goto(`${shop.url}${path}`, { waitUntil: 'load' })
  await go('/')
  await shoot('home')
  await go('/products')
  await shoot('products')
  await go('/products?q=nobody+has+this')
  await shoot('products-nothing')
  for (const code of ['EM03', 'EM08', 'EM20', 'EM30']) {
    await go(product(`DG7GMGF0${code}`))
    if (code === 'EM03') await page.locator('summary:has-text("Why this price?")').first().click()
    await shoot(`product-${code}`)
  }
  await go(`${product('DG7GMGF0EM03')}?country=BR&currency=BRL`)
  await shoot('product-no-price')
  const choose = async (code: string, plan: number, quantity: string) => {
    await go(product(code))
    await page.locator('main a:text-is("Choose")').nth(plan).click()
    await page.waitForURL(/plans/)
    await page.fill('input[name=quantity]', quantity)
    await page.waitForURL(/quantity/)
    await page.waitForTimeout(500)
  }
  await choose('DG7GMGF0EM08', 3, '12')
  await shoot('plan')
  await page.click('button:has-text("Add to basket")')
  await page.waitForURL(`${shop.url}/basket`)
  await choose('DG7GMGF0EM03', 0, '10')
  await page.click('button:has-text("Add to basket")')
  await page.waitForURL(`${shop.url}/basket`)
  await go('/basket')
  await shoot('basket-indicative')
  await page.fill('input[role=combobox]', 'Kav')
  await page.locator('[role=option]:has-text("Kav")').click()
  await page.click('button:has-text("Use this customer")')
  await page.locator('main button:text-is("Choose another")').first().waitFor()
  await page.locator('summary:has-text("Why this price?")').first().click()
  await shoot('basket-right')
  await page.locator('main article a:text-is("Change")').first().click()
  await page.waitForURL(/basket\/items/)
  await shoot('basket-item')
  await go('/checkout')
  await shoot('checkout-service')
  await page.locator('main input[type=checkbox]').first().check()
  await page.click('button:has-text("Save and continue")')
  await page.waitForURL(/review/)
  await shoot('checkout-review')
  await shop.world.app.db.pool.unsafe('update price_sheet_row set retail = retail * 1.02')
  await go('/checkout/review')
  await shoot('checkout-prices')
  await page.click('button:has-text("Go on with the new prices")')
  await page.waitForURL(/review/)
  await page.click('button:has-text("Complete order")')
  await page.waitForURL(/\/orders\/[0-9a-f-]{36}/)
  await shoot('order-moving')

  // Licences for a customer that is not there yet.
  await addToBasket(page, shop.url, 'Office Home & Business 2024', 3)
  await shoot('basket-licences')
  await go('/checkout')
  await shoot('checkout-items')
  await page.locator('main input[type=checkbox]').first().check()
  await page.click('button:has-text("Continue")')
  await page.waitForURL(/checkout\/customer/)
  await shoot('checkout-customer')
  const everywhere = ['orders', 'licences', 'subscriptions', 'invoices', 'customers', 'profile', 'users']
  for (const list of everywhere) {
    await go(`/${list}`)
    await shoot(list)
  }
  const first = async (name: string, list: string, prefix: string) => {
    await go(list)
    const href = await page.locator(`main a[href^="${prefix}"]`).first().getAttribute('href')
    await go(href ?? list)
    await shoot(name)
    return href
  }
  const customer = await first('customer', '/customers', '/customers/0')
  for (const [name, path] of [
    ['contact-new', `${customer}/contacts/new`],
    ['customer-new', '/customers/new'],
    ['own-contact-new', '/profile/contacts/new'],
    ['not-found', '/nowhere'],
    ['not-found-order', '/orders/01a21bb3-34b2-7c30-b5e7-58a162d92569'],
  ] as const) {
    await go(path)
    await shoot(name)
  }
  const out = await shop.open()
  page = out.page
  for (const name of ['login', 'forgot', 'reset-password']) {
    await go(`/${name}`)
    await shoot(name)
  }

  const own = await shop.visit('paul@lindner.example')
  page = own.page
  await choose('DG7GMGF0EM08', 3, '3')
  await page.click('button:has-text("Add to basket")')
  await page.waitForURL(`${shop.url}/basket`)
  await shoot('basket-direct')
  await go('/checkout')
  await page.locator('main input[type=checkbox]').first().check()
  await page.click('button:has-text("Save and continue")')
  await page.waitForURL(/review/)
  await page.click('button:has-text("Complete order")')
  await page.waitForURL(/\/orders\/[0-9a-f-]{36}/)
  await page
    .getByText(/INV-2026/)
    .first()
    .waitFor({ timeout: 90_000 })
  await shoot('order')
  await page.locator('main a[href^="/subscriptions/"]').click()
  await page.waitForURL(/\/subscriptions\/[0-9a-f-]{36}/)
  await shoot('subscription')
  await page.click('main summary:has-text("Cancel the subscription")')
  await page.click('main button:has-text("Cancel it…")')
  await page.screenshot({ path: `${folder}/subscription-confirm.png` })
  await page.keyboard.press('Escape')
  await page.locator('main a:has-text("INV-")').first().click()
  await page.waitForURL(/\/invoices\//)
  await shoot('invoice')
  await addToBasket(page, shop.url, 'Windows 11 Pro', 2)
  await go('/checkout')
  await page.fill('main input[type=email]', 'keys@lindner.example')
  await shoot('checkout-keys')
  await page.click('button:has-text("Save and continue")')
  await page.waitForURL(/review/)
  await shoot('checkout-review-keys')
  await page.click('button:has-text("Complete order")')
  await page.waitForURL(/\/orders\/[0-9a-f-]{36}/)
  await page
    .getByText(/INV-2026/)
    .first()
    .waitFor({ timeout: 90_000 })
  await shoot('order-licences')
  await first('licence', '/licences', '/licences/0')
  await go('/subscriptions')
  await shoot('subscriptions-own')
  sale.close()
  if (problems.length > 0) console.log(problems)
} finally {
  await shop.close()
}
