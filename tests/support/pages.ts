// What browser tests of both faces share: opening a page that reports its problems, and asking axe.
import assert from 'node:assert/strict'
import AxeBuilder from '@axe-core/playwright'
import type { Browser, Locator, Page } from '@playwright/test'
import { PASSWORD } from '../../src/main/seed-data.ts'

export type Visit = { readonly page: Page; readonly problems: string[] }

/** A page of its own session; `problems` collects everything that went wrong in it. Refused forms (422) are no problem. */
export async function openPage(browser: Browser): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4(22|03)/.test(message.text()))
      problems.push(`${page.url()}: ${message.text()}`)
  })
  return { page, problems }
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
