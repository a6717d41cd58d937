// Pictures of the Storefront's pages about software, to look at: `node tests/browser/shoot-shop.ts <folder> [words of a page…]`. It opens a
// shop of its own. Wide and narrow, light and dark.
import { mkdirSync } from 'node:fs'
import { openShopfront } from '../support/shopper.ts'
import { stockSoftware } from '../support/software.ts'

const [folder, ...wanted] = process.argv.slice(2)
if (!folder) throw new Error('Say which folder the pictures go to.')
mkdirSync(folder, { recursive: true })
const looks = (process.env['LOOKS'] ?? '1440-light,390-light,1440-dark,390-dark').split(',')
const shop = await openShopfront()
try {
  const { productId, plans } = await stockSoftware(shop.world.app.db)
  const { page, problems } = await shop.visit('ada@brightside.example')
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
  const product = `/products/${productId}`
  await go('/products')
  await shoot('products')
  await go(product)
  await page.locator('summary:has-text("Why this price?")').first().click()
  await shoot('product')
  await go(`${product}?country=VE&currency=VES`)
  await shoot('product-no-price')
  await go(`${product}/plans/${plans.small}?quantity=12`)
  await shoot('plan')
  await go(`${product}/plans/${plans.three}`)
  await page.click('button:has-text("Add to basket")')
  await page.waitForURL(`${shop.url}/basket`)
  await go(`${product}/plans/${plans.year}?quantity=10`)
  await page.click('button:has-text("Add to basket")')
  await page.waitForURL(`${shop.url}/basket`)
  await go('/basket')
  await shoot('basket-indicative')
  await page.fill('input[role=combobox]', 'birchl')
  await page.locator('[role=option]:has-text("Birchlane")').click()
  await page.click('button:has-text("Use this customer")')
  await page.locator('button:has-text("Choose another")').first().waitFor()
  await page.locator('summary:has-text("Why this price?")').first().click()
  await shoot('basket-right')
  await page.locator('main article a:text-is("Change")').first().click()
  await page.waitForURL(/basket\/items/)
  await shoot('basket-item')
  await go('/checkout')
  await shoot('checkout')
  if (problems.length > 0) console.log(problems)
} finally {
  await shop.close()
}
