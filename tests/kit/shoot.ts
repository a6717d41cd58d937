// Pictures of the kit to look at: `node tests/kit/shoot.ts <folder>`.
import { mkdirSync } from 'node:fs'
import { chromium } from '@playwright/test'
import { buildKit, chromiumFlags, chromiumPath, serveKit } from './serve.ts'

const folder = process.argv[2] ?? 'test-results/kit'
mkdirSync(folder, { recursive: true })
buildKit()
const { fastify, url } = await serveKit()
const browser = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumFlags })
for (const colorScheme of ['light', 'dark'] as const)
  for (const width of [1280, 390])
    for (const page of ['shop', 'desk', 'away']) {
      const context = await browser.newContext({
        viewport: { width, height: width === 390 ? 844 : 900 },
        colorScheme,
      })
      const tab = await context.newPage()
      tab.on('console', (message) => message.type() === 'error' && console.log(page, width, message.text()))
      tab.on('pageerror', (error) => console.log(page, width, error.message))
      await tab.goto(`${url}/${page}`, { waitUntil: 'networkidle' })
      await tab.screenshot({ path: `${folder}/${page}-${width}-${colorScheme}.png`, fullPage: true })
      await context.close()
    }
await browser.close()
await fastify.close()
