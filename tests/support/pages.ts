// What browser tests of both faces share: opening a page that reports its problems, and asking axe.
import assert from 'node:assert/strict'
import { afterEach } from 'node:test'
import AxeBuilder from '@axe-core/playwright'
import type { Browser, BrowserContextOptions, Locator, Page } from '@playwright/test'
import { PASSWORD } from '../../src/main/seed-data.ts'

export type Visit = { readonly page: Page; readonly problems: string[] }

const opened = new Set<Page>()

/** A page of its own session; `problems` collects everything that went wrong in it. What a refused form is answered is no problem. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  opened.add(page)
  page.on('close', () => opened.delete(page))
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (403|404|409|422)/.test(message.text()))
      problems.push(`${page.url()}: ${message.text()}`)
  })
  return { page, problems }
}

// A test that gave up waiting says what its pages showed: on another machine that is all there is to find out why.
if (process.env['NODE_TEST_CONTEXT'])
  afterEach(async (test) => {
    const error = 'error' in test ? (test.error as Error | null) : null
    const cause = error?.cause instanceof Error ? error.cause : error
    if (!cause) return
    for (const page of opened) cause.stack += `\n\nAt the end ${await shownBy(page)}`
  })

/** Its address, whether it still draws (nothing can be clicked in one that does not), and its words. */
async function shownBy(page: Page): Promise<string> {
  const asked = page.evaluate(async () => {
    const draws = new Promise((resolve) => requestAnimationFrame(() => resolve('draws')))
    const waits = new Promise((resolve) => setTimeout(() => resolve('draws nothing'), 1000))
    const words = (document.querySelector('main') ?? document.body).innerText
    return `${document.readyState}, ${document.visibilityState}, ${await Promise.race([draws, waits])}:\n${words.slice(0, 3000)}`
  })
  const gaveUp = new Promise<string>((resolve) => setTimeout(resolve, 5000, 'does not answer'))
  return `${page.url()} is ${await Promise.race([asked, gaveUp]).catch(String)}`
}

/** A page of the back office, signed in and at the dashboard; `desk` is its address. */
export async function signInAtDesk(
  browser: Browser,
  desk: string,
  email = 'admin@nordlicht.example',
): Promise<Visit> {
  const visit = await openPage(browser)
  await visit.page.goto(`${desk}/login`)
  await visit.page.getByLabel('E-mail').fill(email)
  await visit.page.getByLabel('Password').fill(PASSWORD)
  await visit.page.getByRole('button', { name: 'Sign in' }).click()
  await visit.page.waitForURL(/\/bss\/?$/)
  return visit
}

/**
 * Types into a drop-down that searches and takes the first answer with these words. It waits for the search's answer: until then the list
 * is that of before, and what is clicked in it may move away under the pointer.
 */
export async function chooseFound(
  page: Page,
  field: Locator,
  typed: string,
  words: string = typed,
): Promise<void> {
  const answered = page.waitForResponse((answer) => new URL(answer.url()).searchParams.get('q') === typed)
  await field.fill(typed)
  await answered
  await page.getByRole('option').filter({ hasText: words }).first().click()
}

/**
 * No serious or critical finding of axe. It runs within the page: asking every frame from a page of its own takes twice as long, and our
 * one frame, a mail's preview, runs no scripts and cannot be asked.
 */
export async function assertAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .options({
      runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] },
      resultTypes: ['violations'],
    })
    .analyze()
  const serious = violations.filter((each) => each.impact === 'serious' || each.impact === 'critical')
  assert.deepEqual(
    serious.map((each) => `${page.url()}: ${each.id} at ${each.nodes[0]?.target.join(' ')}`),
    [],
  )
}
