// Pictures of the Storefront's pages about software, to look at: `node tests/browser/shoot-shop.ts <folder> [words of a page…]`. It opens a
// shop of its own. Wide and narrow, light and dark.
import { mkdirSync } from 'node:fs'
import { openShopfront } from '../support/shopper.ts'
import { sellSoftware } from '../support/software-for-sale.ts'

const [folder, ...wanted] = process.argv.slice(2)
if (!folder) throw new Error('Say which folder the pictures go to.')
mkdirSync(folder, { recursive: true })
const looks = (process.env['LOOKS'] ?? '1440-light,390-light,1440-dark,390-dark').split(',')
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
    for (const look of looks) {
      const [width = '1440', scheme] = look.split('-')
      await page.setViewportSize({ width: Number(width), height: width === '390' ? 844 : 900 })
      await page.emulateMedia({ colorScheme: scheme === 'dark' ? 'dark' : 'light' })
      await page.evaluate(() => {
        window.scrollTo(0, 0)
        ;(document.activeElement as HTMLElement | null)?.blur()
      })
      const wide = await page.evaluate(() => document.documentElement.scrollWidth)
      if (wide > Number(width)) console.log(`${name} is ${wide} wide in ${width}`)
      await page.screenshot({ path: `${folder}/${name}-${look}.png`, fullPage: true })
    }
    await page.setViewportSize({ width: 1280, height: 900 })
  }
  const go = (path: string) => page.goto(`${shop.url}${path}`, { waitUntil: 'load' })
  await go('/products')
  await shoot('products')
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
  await go('/subscriptions')
  await shoot('subscriptions')
  sale.close()
  if (problems.length > 0) console.log(problems)
} finally {
  await shop.close()
}
