// Somebody in front of the Storefront with a real browser: what the browser tests do again and again.
import assert from 'node:assert/strict'
import type { Browser, BrowserContextOptions, Page } from '@playwright/test'
import { PASSWORD } from '../../src/main/seed-data.ts'
import { openBrowser } from './browser.ts'
import { assertAccessible, openPage, type Visit } from './pages.ts'
import { type Site, startSite } from './site.ts'
import { startWorld, type World } from './world.ts'

export type Shopfront = {
  readonly world: World
  readonly browser: Browser
  readonly url: string
  /** Where the back office is. */
  readonly desk: string
  /** A browser window of its own; `problems` are what its console called errors. */
  open(options?: BrowserContextOptions): Promise<Visit>
  /** A window in which somebody has signed in. */
  visit(email: string, options?: BrowserContextOptions): Promise<Visit>
  close(): Promise<void>
}

/** The demonstration company with web, worker, emulators and a browser; `env` is added to what web and worker start with. */
export async function openShopfront(env: NodeJS.ProcessEnv = {}): Promise<Shopfront> {
  const world = await startWorld()
  const site: Site = await startSite({ ...world, env: { ...world.env, ...env } })
  const browser: Browser = await openBrowser()
  const open = (options: BrowserContextOptions = {}) => openPage(browser, options)
  return {
    world,
    browser,
    url: site.url,
    desk: `${site.url}/bss`,
    open,
    async visit(email, options) {
      const window = await open(options)
      await signIn(window.page, site.url, email)
      return window
    },
    async close() {
      await browser.close()
      site.close()
      await world.close()
    },
  }
}

export async function signIn(page: Page, url: string, email: string, password = PASSWORD): Promise<void> {
  await page.goto(`${url}/login`)
  await page.fill('input[name=email]', email)
  await page.fill('input[name=password]', password)
  await page.click('main button:has-text("Sign in")')
  await page.waitForURL(`${url}/`)
}

/** To the page of a product, by the search of the shop. */
export async function openProduct(page: Page, url: string, name: string): Promise<void> {
  await page.goto(`${url}/products?q=${encodeURIComponent(name)}`)
  await page.click(`main h3 a:text-is("${name}")`)
  await page.waitForURL(/\/products\/[0-9a-f-]{36}/)
}

export async function addToBasket(page: Page, url: string, name: string, quantity: number): Promise<void> {
  await openProduct(page, url, name)
  await page.fill('input[name=quantity]', String(quantity))
  await page.click('button:has-text("Add to basket")')
  await page.waitForURL(`${url}/basket`)
}

/** Sends a form past the browser's own checks, as a script or an old browser would. */
export async function sendUnchecked(page: Page, button: string): Promise<void> {
  await page.locator(button).evaluate((element: HTMLButtonElement) => {
    if (element.form) element.form.noValidate = true
    element.click()
  })
}

/** On a phone nothing scrolls sideways, and axe finds nothing either. */
export async function assertFitsPhone(page: Page): Promise<void> {
  const before = page.viewportSize()
  await page.setViewportSize({ width: 390, height: 844 })
  const wide = await page.evaluate(() => document.documentElement.scrollWidth)
  assert.equal(wide, 390, `${page.url()} is ${wide} wide`)
  await assertAccessible(page)
  if (before) await page.setViewportSize(before)
}

/** Asks again until it is so, for at most `seconds`. */
export async function until(isSo: () => Promise<boolean>, seconds = 20): Promise<boolean> {
  for (let patience = seconds * 4; patience > 0; patience -= 1) {
    if (await isSo()) return true
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  return isSo()
}

/** How many mails with these words there are once so many have come, or after so many seconds: mails follow within moments. */
export async function mailsArrived(
  world: World,
  words: string,
  count: number,
  seconds: number,
): Promise<number> {
  const arrived = async () => (await world.mails(words)).length
  await until(async () => (await arrived()) >= count, seconds)
  return arrived()
}

/** Whether so many licences have their keys, or get them in time. */
export function keysArrived(world: World, count: number): Promise<boolean> {
  return until(async () => {
    const [row] = await world.app.db.pool`
      select count(*)::int as n from asset where provisioning = 'synchronized'`
    return row?.['n'] === count
  })
}
