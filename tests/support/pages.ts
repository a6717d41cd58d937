// What browser tests of both faces share: opening a page that reports its problems, and asking axe.
import assert from 'node:assert/strict'
import AxeBuilder from '@axe-core/playwright'
import type { Browser, Page } from '@playwright/test'

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

/** No serious or critical finding of axe. A frame that runs no scripts (a mail's preview) cannot be asked and is left out. */
export async function assertAccessible(page: Page, options: { hasQuietFrame?: boolean } = {}): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(options.hasQuietFrame ?? false)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  const serious = violations.filter((each) => each.impact === 'serious' || each.impact === 'critical')
  assert.deepEqual(
    serious.map((each) => `${page.url()}: ${each.id} at ${each.nodes[0]?.target.join(' ')}`),
    [],
  )
}
