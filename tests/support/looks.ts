// Pictures of a page in its four looks, wide and narrow, light and dark, and what can be seen wrong with it without looking: shared by
// the scripts that take them, `tests/browser/shoot-desk.ts` and `shoot-shop.ts`.
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'

const looks = (process.env['LOOKS'] ?? '1440-light,390-light,1440-dark,390-dark').split(',')

/** `<name>-<look>.png` for every look. What is amiss is told on the console. */
export async function shootLooks(page: Page, folder: string, name: string): Promise<void> {
  for (const look of looks) {
    const [width = '1440', scheme] = look.split('-')
    await page.setViewportSize({ width: Number(width), height: width === '390' ? 844 : 900 })
    await page.emulateMedia({ colorScheme: scheme === 'dark' ? 'dark' : 'light' })
    await page.evaluate(() => {
      window.scrollTo(0, 0)
      ;(document.activeElement as HTMLElement | null)?.blur()
    })
    // Colours change in a moment, not at once.
    await page.waitForTimeout(200)
    for (const finding of await findings(page)) console.log(`${name} ${look}: ${finding}`)
    await page.screenshot({ path: `${folder}/${name}-${look}.png`, fullPage: true })
  }
}

async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .options({ runOnly: { type: 'rule', values: ['color-contrast', 'page-has-heading-one'] } })
    .analyze()
  const seen = violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map((node) => `${id} at ${node.target.join(' ')}`),
  )
  return [...seen, ...(await page.evaluate(amiss))]
}

/** Runs in the page. */
function amiss(): string[] {
  const found: string[] = []
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth > clientWidth) found.push(`scrolls sideways, ${scrollWidth} wide`)
  const shown = (element: Element) => element.getClientRects().length > 0
  const words = document.body.innerText
  const raw =
    /.{0,20}(\bundefined\b|\bNaN\b|\[object |[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}|\d{4}-\d\d-\d\dT|\b1 (?!year)[a-z]+s\b|  ).{0,20}/g
  for (const [text] of words.matchAll(raw)) found.push(`says “${text.trim()}”`)
  const headings = [...document.querySelectorAll('main h1, main h2')].filter(shown)
  const texts = headings.map((each) => each.textContent?.trim() ?? '')
  for (const text of new Set(texts.filter((each, index) => texts.indexOf(each) !== index)))
    found.push(`has two headings “${text}”`)
  for (const element of document.querySelectorAll<HTMLElement>('main *')) {
    if (!shown(element) || element.closest('.sr-only, [hidden]')) continue
    const { overflowX } = getComputedStyle(element)
    const isCut = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 2
    if (isCut && overflowX === 'hidden' && element.innerText)
      found.push(`cuts “${element.innerText.slice(0, 60)}”`)
    if (isCut && /auto|scroll/.test(overflowX) && element.tagName !== 'PRE')
      found.push(`has to be scrolled within: “${element.innerText.slice(0, 40)}”`)
  }
  // What is pressed side by side is of one height.
  const pressed = [...document.querySelectorAll('main button, main a[class*="rounded"]')].filter(shown)
  for (const each of pressed) {
    const next = each.nextElementSibling
    if (!next || !pressed.includes(next)) continue
    const [one, other] = [each.getBoundingClientRect(), next.getBoundingClientRect()]
    const isBeside = Math.abs(one.top + one.bottom - other.top - other.bottom) < 12
    if (isBeside && Math.abs(one.height - other.height) > 1)
      found.push(`“${each.textContent}” is ${one.height} high, “${next.textContent}” ${other.height}`)
  }
  return found
}
