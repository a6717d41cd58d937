// The kit in a real browser: with scripts and without, light and dark, wide and narrow; axe finds nothing.
import '#web/react-mode.ts'

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import AxeBuilder from '@axe-core/playwright'
import { type Browser, type BrowserContextOptions, chromium, type Page } from '@playwright/test'
import type { FastifyInstance } from 'fastify'
import { buildKit, chromiumFlags, chromiumPath, serveKit } from './serve.ts'

let browser: Browser
let fastify: FastifyInstance
let url: string

before(async () => {
  buildKit()
  const served = await serveKit()
  fastify = served.fastify
  url = served.url
  browser = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumFlags })
})
after(async () => {
  await browser?.close()
  await fastify?.close()
})

/** Opens a page and calls it wrong if anything reaches the console as an error. */
async function visit(
  path: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const said: string[] = []
  page.on('console', (message) => message.type() === 'error' && said.push(message.text()))
  page.on('pageerror', (error) => said.push(String(error)))
  page.setDefaultTimeout(8000)
  await page.goto(`${url}${path}`, { waitUntil: 'load' })
  await look(page)
  await context.close()
  assert.deepEqual(
    said.filter((line) => !/status of (422|404)/.test(line)),
    [],
  )
}

async function assertAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  assert.deepEqual(
    violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 160))]),
    [],
  )
}

for (const colorScheme of ['light', 'dark'] as const)
  for (const width of [1280, 390])
    test(`axe finds nothing at ${width} px, ${colorScheme}, and nothing scrolls sideways`, async () => {
      for (const path of ['/shop', '/desk', '/plain'])
        await visit(path, { colorScheme, viewport: { width, height: 900 } }, async (page) => {
          await assertAccessible(page)
          const [wide, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
          assert.ok((wide ?? 0) <= (seen ?? 0), `${path} is ${wide} wide in ${seen}`)
        })
    })

test('a yellow seller’s pages can be read', async () => {
  for (const colorScheme of ['light', 'dark'] as const)
    await visit('/shop', { colorScheme, extraHTTPHeaders: { 'x-brand': '#ffd400' } }, assertAccessible)
})

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with scripts' : 'without scripts'

  test(`a refused form keeps what was typed and leads to the fault, ${how}`, async () => {
    await visit('/shop', { javaScriptEnabled }, async (page) => {
      await page.getByLabel('E-mail', { exact: true }).fill('nobody')
      await page.getByLabel('Country').selectOption('PL')
      await page.getByRole('button', { name: 'Complete order' }).click()
      await page.getByRole('alert').getByText('This is not an e-mail address.').click()
      const email = page.getByLabel('E-mail', { exact: true })
      assert.equal(await email.inputValue(), 'nobody')
      assert.equal(await email.getAttribute('aria-invalid'), 'true')
      assert.equal(await page.getByLabel('Country').inputValue(), 'PL')
      // axe itself needs scripts in the page.
      if (javaScriptEnabled) await assertAccessible(page)
    })
  })

  test(`an accepted form says so once, ${how}`, async () => {
    await visit('/shop', { javaScriptEnabled }, async (page) => {
      await page.getByLabel('E-mail', { exact: true }).fill('anna@nordsoft.example')
      await page.getByLabel('Country').selectOption('DE')
      await page.getByRole('button', { name: 'Complete order' }).click()
      await page.getByText('Ordered 3.').waitFor()
      await page.reload()
      assert.equal(await page.getByText('Ordered 3.').count(), 0)
    })
  })

  test(`the look is chosen and remembered, ${how}`, async () => {
    await visit('/shop?a=1', { javaScriptEnabled, colorScheme: 'light' }, async (page) => {
      await page.getByLabel('Menu of Anna Berg').click()
      await page.getByRole('button', { name: 'Look: Dark' }).click()
      await page.locator('html[data-theme=dark]').waitFor({ state: 'attached' })
      await page.waitForURL(`${url}/shop?a=1`)
      await page.reload()
      assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark')
    })
  })

  test(`Save & Synchronize asks, and OK sends, ${how}`, async () => {
    await visit('/desk', { javaScriptEnabled }, async (page) => {
      const email = page.getByLabel('Email')
      if (javaScriptEnabled) {
        await page.getByText('Save & Synchronize').click()
        assert.equal(await page.getByRole('dialog').count(), 0, 'a form at fault asks nothing')
      }
      await email.fill('vendor@nordsoft.example')
      await page.getByText('Save & Synchronize').click()
      const ok = page.getByRole('button', { name: 'OK' })
      await ok.waitFor()
      if (javaScriptEnabled) await assertAccessible(page)
      const sent = page.waitForRequest((request) => request.method() === 'POST')
      await ok.click()
      assert.match((await sent).postData() ?? '', /synchronize/)
    })
  })
}

test('the combobox searches the server and sends the id', async () => {
  await visit('/shop', {}, async (page) => {
    // Until scripts have arrived a plain select stands in its place.
    const customer = page.locator('input[role=combobox]')
    await customer.fill('berg')
    const option = page.getByRole('option', { name: /Bergmann & Söhne KG/ })
    await option.waitFor()
    await page.waitForFunction(() => document.querySelectorAll('[role=option]').length === 1)
    await option.click()
    assert.equal(await customer.inputValue(), 'Bergmann & Söhne KG')
    assert.equal(
      await page.evaluate(() =>
        new FormData(document.querySelector('main form') as HTMLFormElement).get('customer'),
      ),
      '3',
    )
  })
})

test('a page without interaction ships no script', async () => {
  const html = await (await fetch(`${url}/plain`)).text()
  assert.equal(html.includes('<script'), false)
})

test('failures are pages in the frame, without a trace of their cause', async () => {
  for (const [as, status, words] of [
    ['missing', 404, 'This order does not exist.'],
    ['outage', 503, 'We will be right back'],
    ['bug', 500, 'Something broke on our side'],
  ] as const) {
    const answer = await fetch(`${url}/away?as=${as}`)
    const html = await answer.text()
    assert.equal(answer.status, status)
    assert.ok(html.includes(words) && html.includes('Anna Berg'), as)
    assert.equal(/secret detail|\.tsx?:\d/.test(html), false)
  }
})

test('a post from another site is refused', async () => {
  const answer = await fetch(`${url}/shop`, {
    method: 'POST',
    headers: { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' },
    body: 'quantity=1',
  })
  assert.equal(answer.status, 400)
})
